import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TreeEntry } from '../../lib/ports/objects.ts';
import { VarveError } from '../../lib/terms/varve-error.ts';
import { contradictionFinder } from '../../lib/trees/find-contradiction.ts';
import { contradiction, listEntries } from '../../lib/trees/list-entries.ts';
import { type Facts, formatFacts, readMetadata } from '../../lib/trees/tree-metadata.ts';
import { blobEntry } from '../../lib/trees/write-metadata.ts';
import { memoryObjects } from '../support/memory-objects.ts';

const names = ['a', 'b', 'varve%a'];
type Content = string | readonly (readonly [string, Content])[];

const contents = fc.letrec<{ readonly tree: Content; readonly dir: Content }>((tie) => ({
  tree: fc.oneof({ maxDepth: 3 }, fc.constantFrom('x', 'y'), tie('dir')),
  dir: fc.uniqueArray(fc.tuple(fc.constantFrom(...names), tie('tree')), {
    selector: ([name]) => name,
    maxLength: 3,
  }),
}));
const paths = fc
  .array(fc.constantFrom('a', 'b'), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join('/'));
const facts: fc.Arbitrary<Facts> = fc.record(
  {
    type: fc.constantFrom('file', 'dir', 'fifo'),
    hardlink: paths,
    stored: fc.constantFrom('varve%a'),
  },
  { requiredKeys: ['type'] },
);

test('a tree is found to contradict its metadata where it could not be laid out, and nowhere else', () => {
  fc.assert(
    fc.property(contents.dir, fc.array(fc.tuple(paths, facts), { maxLength: 4 }), (content, told) => {
      const objects = memoryObjects();
      const entryOf = ([name, each]: readonly [string, Content]): TreeEntry =>
        typeof each === 'string'
          ? { mode: 0o100644, name, oid: objects.writeBlob(Buffer.from(each)) }
          : { mode: 0o40000, name, oid: objects.writeTree(each.map(entryOf)) };
      const own = objects.writeTree(blobEntry(objects, 'metadata', formatFacts(new Map(told))));
      const top = typeof content === 'string' ? [] : content.map(entryOf);
      const tree = objects.writeTree([...top, { mode: 0o40000, name: '.varve', oid: own }]);
      const found = contradictionFinder(objects, readMetadata(objects, tree))(tree);
      expect(found === undefined).toBe(refusal(() => listEntries(objects, tree)) === undefined);
      if (found !== undefined) expect(contradiction(found).message).toContain('contradict each other at');
    }),
    { numRuns: 600 },
  );
});

function refusal(list: () => unknown): string | undefined {
  try {
    list();
    return undefined;
  } catch (error) {
    if (error instanceof VarveError) return error.message;
    throw error;
  }
}
