import { expect, test } from 'vitest';
import { findCopiedLines } from '../../lib/operations/lineage/find-copied-lines.ts';
import type { ObjectStore } from '../../lib/ports/objects.ts';
import type { ObjectId } from '../../lib/terms/ids.ts';
import type { TreeIndex } from '../../lib/trees/index-tree.ts';

test('in a tree with too much text nobody can tell whether a line was copied, and none of it is read', () => {
  const files = new Map(Array.from({ length: 40 }, (_, i) => [`f${i}`, `${i}` as ObjectId]));
  let read = 0;
  const objects = {
    size: () => 3 << 20,
    readBlob: () => {
      read += 1;
      return Buffer.from('int other(void);\n');
    },
  } as unknown as ObjectStore;
  const index: TreeIndex = { files, pathsOf: () => [], called: () => [] };
  expect(findCopiedLines(objects, index, ['int first(void);', '}'])).toEqual([
    'too-much-text',
    'too-much-text',
  ]);
  expect(read).toBe(0);
});
