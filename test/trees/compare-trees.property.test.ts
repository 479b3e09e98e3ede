import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countChanges, countFiles } from '../../lib/operations/lineage/count-files.ts';
import type { Entry, ObjectStore } from '../../lib/ports/objects.ts';
import type { TreeId } from '../../lib/terms/ids.ts';
import { compareTrees } from '../../lib/trees/compare-trees.ts';
import { listEntries } from '../../lib/trees/list-entries.ts';
import { isWithin } from '../../lib/trees/tree-metadata.ts';
import { writeEntries } from '../../lib/trees/write-entries.ts';
import { memoryObjects } from '../support/memory-objects.ts';
import { nastyThings, type Things } from '../support/nasty-trees.ts';

function treeOf(objects: ObjectStore, things: Things): TreeId {
  const entries = [...things].flatMap(([path, thing]): readonly Entry[] => {
    const { kind } = thing;
    if (kind === 'hardlink') return [];
    if (kind === 'symlink')
      return [{ path, kind, mode: 0o777, oid: objects.writeBlob(Buffer.from(thing.target)) }];
    if (kind === 'file')
      return [{ path, kind, mode: thing.mode, oid: objects.writeBlob(Buffer.from(thing.text)) }];
    return [{ path, kind, mode: thing.mode }];
  });
  return writeEntries(
    objects,
    entries.sort((a, b) => (a.path < b.path ? -1 : 1)),
  ).tree;
}

/** What stands where, but for directories of which nothing is to be told but their content. */
function standing(objects: ObjectStore, tree: TreeId): ReadonlyMap<string, string> {
  const entries = listEntries(objects, tree);
  const isTold = ({ path, kind, mode }: Entry): boolean =>
    kind !== 'dir' || mode !== 0o755 || !entries.some((other) => other.path.startsWith(`${path}/`));
  return new Map(
    entries.filter(isTold).map(({ path, kind, mode, oid = '' }) => [path, `${kind} ${mode} ${oid}`]),
  );
}

test('the changes are those that two lists of all files show, wherever one looks', () => {
  const things = nastyThings({ raw: true, fifos: true });
  fc.assert(
    fc.property(things, things, fc.nat(), (first, second, pick) => {
      const objects = memoryObjects();
      // The second has much of the first: what is the same in both must not be told.
      const mixed = new Map([...first].filter(([path]) => !second.has(path) && path.length % 2 === 0));
      const [from, to] = [treeOf(objects, first), treeOf(objects, withParents(mixed, second))];
      const [old, now] = [standing(objects, from), standing(objects, to)];
      const under = ['', ...old.keys()][pick % (old.size + 1)] ?? '';
      const gone = [...old.keys()].filter((path) => !now.has(path));
      const come = [...now.keys()].filter((path) => !old.has(path));
      const other = [...old.keys()].filter((path) => now.has(path) && now.get(path) !== old.get(path));
      const changes = compareTrees(objects, { from, to }, { under });
      const told = (...status: string[]): readonly string[] =>
        changes.filter((change) => status.includes(change.status)).map(({ path }) => path);
      const isDirOn = (tree: TreeId, path: string): boolean =>
        listEntries(objects, tree).some((entry) => entry.path === path && entry.kind === 'dir');
      // A directory that is only emptied or filled is not told as gone or new.
      const isDirTwice = (path: string): boolean => isDirOn(from, path) && isDirOn(to, path);
      const wanted = (paths: readonly string[]): readonly string[] =>
        paths.filter((path) => isWithin(under, path) && !isDirTwice(path)).toSorted();
      expect(told('D').toSorted()).toEqual(wanted(gone));
      expect(told('A').toSorted()).toEqual(wanted(come));
      expect(
        told('M', 'T')
          .filter((path) => old.has(path) && now.has(path))
          .toSorted(),
      ).toEqual(other.filter((path) => isWithin(under, path)).toSorted());
      expect(changes.map(({ path }) => path)).toEqual(changes.map(({ path }) => path).toSorted());
    }),
    { numRuns: 300 },
  );
});

test('changes are as many when they are only counted', () => {
  const things = nastyThings({ raw: true, fifos: true });
  fc.assert(
    fc.property(things, things, fc.nat(), (first, second, pick) => {
      const objects = memoryObjects();
      const [old, now] = [treeOf(objects, first), treeOf(objects, second)];
      const under = ['', ...second.keys()][pick % (second.size + 1)] ?? '';
      for (const trees of [
        { from: old, to: now },
        { from: undefined, to: now },
      ])
        expect(countFiles(objects, trees, { paths: [under] }).files).toEqual(
          countChanges(compareTrees(objects, trees, { under })),
        );
    }),
    { numRuns: 300 },
  );
});

/** Adds what stands by itself to a tree, where there is room for it. */
function withParents(more: Things, things: Things): Things {
  const all = new Map(things);
  for (const [path, thing] of more) {
    const parents = path.split('/').map((_, i, names) => names.slice(0, i).join('/'));
    if (parents.slice(1).some((parent) => all.get(parent)?.kind !== 'dir')) continue;
    all.set(path, thing);
  }
  return all;
}
