/** An index in which little changes is not gone through as a whole, and says what one that is written at once says. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeGitIndex, parseGitIndex } from '../../lib/history/git-index.ts';
import { encodeEntries, replaceEntries } from '../../lib/history/index-entries.ts';
import type { IndexEntry } from '../../lib/history/index-entry.ts';
import { hiddenEntry } from '../../lib/history/stat-cache.ts';
import type { ObjectId } from '../../lib/terms/ids.ts';

/** Some of them are so long that the file does not tell their length; some are not on disk. */
function entry(number: number, version: number): IndexEntry {
  const path = `${number % 37}/${number}${number % 500 === 0 ? '/long'.repeat(900) : ''}`;
  const oid = (number * 10 + version).toString(16).padStart(40, '0') as ObjectId;
  return { ...hiddenEntry(path, { oid, mode: 0o100644 }), skipWorktree: number % 7 === 0 };
}

const inOrder = (entries: ReadonlyMap<string, IndexEntry>): readonly IndexEntry[] =>
  [...entries.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));

test('whatever goes and comes, an index says what one that is written at once says', () => {
  const numbers = fc.uniqueArray(fc.nat(2000), { maxLength: 900 });
  const step = fc.record({ gone: numbers, come: numbers });
  fc.assert(
    fc.property(fc.array(step, { minLength: 2, maxLength: 4 }), (steps) => {
      let encoded = encodeEntries([]);
      const entries = new Map<string, IndexEntry>();
      for (const [version, { gone, come }] of steps.entries()) {
        const left = gone.map((number) => entry(number, 0).path);
        const added = come.map((number) => entry(number, version));
        for (const path of left) entries.delete(path);
        for (const one of added) entries.set(one.path, one);
        encoded = replaceEntries(encoded, left, added);
        expect(parseGitIndex(encodeGitIndex(encoded))).toEqual(inOrder(entries));
      }
    }),
    { numRuns: 15 },
  );
});

test('of an index of thousands of entries those around a change are written again, and no others', () => {
  const before = encodeEntries(Array.from({ length: 5000 }, (_, number) => entry(number, 0)));
  const after = replaceEntries(before, [entry(7, 0).path], [entry(8, 1), entry(6000, 0)]);
  const kept = after.pieces.filter((piece) => before.pieces.includes(piece));
  expect(before.pieces.length - kept.length).toBeLessThanOrEqual(3);
});
