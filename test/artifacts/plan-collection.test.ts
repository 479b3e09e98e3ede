import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AcEntry } from '../../lib/artifacts/ac-entry.ts';
import { planCollection, type CollectionPolicy } from '../../lib/artifacts/plan-collection.ts';
import type { StoreSurvey } from '../../lib/artifacts/survey-store.ts';
import type { Signature } from '../../lib/terms/ids.ts';

/** Archives as `name size used`, entries as `signature archive`. */
function survey(archives: readonly string[], entries: readonly string[]): StoreSurvey {
  return {
    archives: archives.map((line) => {
      const [sha256 = '', size, used] = line.split(' ');
      return { sha256, size: Number(size), used: Number(used) };
    }),
    entries: entries.map((line) => {
      const [signature = '', sha256 = ''] = line.split(' ');
      const entry = { signature, archive: { sha256 } } as AcEntry;
      return { signature: signature as Signature, entry, written: 0 };
    }),
  };
}

const nothingElse: CollectionPolicy = {
  maxSize: undefined,
  unusedSince: -Infinity,
  inUseSince: Infinity,
  isNeeded: () => false,
  isSpare: () => false,
};

const goes = (store: StoreSurvey, policy: Partial<CollectionPolicy>): readonly string[] =>
  planCollection(store, { ...nothingElse, ...policy }).goes.map(({ archive }) => archive.sha256);

const three = survey(['old 10 1', 'middle 20 2', 'new 30 3'], ['a old', 'b middle', 'c new']);

test('with no limit only archives go that nothing leads to, and entries that lead nowhere', () => {
  const store = survey(['used 10 1', 'stray 10 2'], ['a used', 'b gone']);
  const { goes: gone, broken } = planCollection(store, nothingElse);
  expect(gone.map(({ archive }) => archive.sha256)).toEqual(['stray']);
  expect(broken.map(({ signature }) => signature)).toEqual(['b']);
});

test('the least recently used go first, and no more than need be', () => {
  expect(goes(three, { maxSize: 60 })).toEqual([]);
  expect(goes(three, { maxSize: 59 })).toEqual(['old']);
  expect(goes(three, { maxSize: 49 })).toEqual(['old', 'middle']);
  expect(goes(three, { maxSize: 0 })).toEqual(['old', 'middle', 'new']);
});

test('what nobody had a use for since a moment goes, whatever room there is', () => {
  expect(goes(three, { unusedSince: 3, maxSize: 1000 })).toEqual(['old', 'middle']);
});

test('what the record needs and what a running build may count on stays, and the next in line goes instead', () => {
  expect(goes(three, { maxSize: 40, isNeeded: ({ signature }) => signature === 'a' })).toEqual(['middle']);
  expect(goes(three, { maxSize: 0, inUseSince: 2 })).toEqual(['old']);
});

test('whatever is asked for, nothing needed or in use goes, and what stays fits if anything more could go', () => {
  const archive = fc.record({
    size: fc.nat(100),
    used: fc.nat(20),
    named: fc.boolean(),
    needed: fc.boolean(),
  });
  const limits = fc.record({ maxSize: fc.nat(500), unusedSince: fc.nat(20), inUseSince: fc.nat(25) });
  fc.assert(
    fc.property(fc.array(archive, { maxLength: 12 }), limits, (files, policy) => {
      const store = survey(
        files.map(({ size, used }, index) => `f${index} ${size} ${used}`),
        files.flatMap(({ named }, index) => (named ? [`s${index} f${index}`] : [])),
      );
      const isNeeded = ({ signature }: AcEntry): boolean =>
        files[Number(signature.slice(1))]?.needed ?? false;
      const { goes: gone, stays } = planCollection(store, { ...policy, isNeeded, isSpare: () => false });
      const isHeld = (name: string): boolean => {
        const file = files[Number(name.slice(1))];
        return file !== undefined && (file.used >= policy.inUseSince || (file.named && file.needed));
      };
      expect(gone.filter((holding) => isHeld(holding.archive.sha256))).toEqual([]);
      const size = stays.reduce((sum, holding) => sum + holding.archive.size, 0);
      const free = stays.filter((holding) => !isHeld(holding.archive.sha256));
      expect(size <= policy.maxSize || free.length === 0).toBe(true);
      expect(gone.length + stays.length).toBe(files.length);
    }),
  );
});
