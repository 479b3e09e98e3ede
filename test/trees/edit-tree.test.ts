import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ObjectStore } from '../../lib/ports/objects.ts';
import type { TreeId } from '../../lib/terms/ids.ts';
import { editTree } from '../../lib/trees/edit-tree.ts';
import { memoryObjects } from '../support/memory-objects.ts';

/** Writes a tree of files, one edit a file. */
function treeOf(objects: ObjectStore, files: ReadonlyMap<string, string>): TreeId {
  return editTree(
    objects,
    objects.writeTree([]),
    new Map(
      [...files].map(([path, text]) => [path, { mode: 0o100644, oid: objects.writeBlob(Buffer.from(text)) }]),
    ),
  );
}

function filesOf(objects: ObjectStore, tree: TreeId, top = ''): readonly (readonly [string, string])[] {
  return objects
    .readTree(tree)
    .flatMap(({ name, mode, oid }) =>
      mode === 0o40000
        ? filesOf(objects, oid as TreeId, `${top}${name}/`)
        : [[`${top}${name}`, objects.readBlob(oid).toString()] as const],
    );
}

test('a tree with some edits has these files, all others, and no empty directory', () => {
  const path = fc
    .array(fc.constantFrom('a', 'b', 'c'), { minLength: 3, maxLength: 3 })
    .map((names) => names.join('/'));
  const files = fc.dictionary(path, fc.constantFrom('1', '2'));
  const edits = fc.dictionary(path, fc.option(fc.constantFrom('2', '3')));
  fc.assert(
    fc.property(files, edits, (before, changes) => {
      const objects = memoryObjects();
      const edited = editTree(
        objects,
        treeOf(objects, new Map(Object.entries(before))),
        new Map(
          Object.entries(changes).map(([at, text]) => [
            at,
            text === null ? undefined : { mode: 0o100644, oid: objects.writeBlob(Buffer.from(text)) },
          ]),
        ),
      );
      const wanted = Object.entries({ ...before, ...changes }).flatMap(([at, text]) =>
        text === null ? [] : [[at, text] as const],
      );
      expect(filesOf(objects, edited)).toEqual(wanted.toSorted(([a], [b]) => (a < b ? -1 : 1)));
      expect(edited).toBe(treeOf(objects, new Map(wanted)));
    }),
  );
});

test('a file makes room for a directory, and a directory for a file', () => {
  const objects = memoryObjects();
  const blob = { mode: 0o100644, oid: objects.writeBlob(Buffer.from('x')) };
  const tree = treeOf(
    objects,
    new Map([
      ['a', 'x'],
      ['d/b', 'x'],
    ]),
  );
  const edits = new Map([
    ['a', undefined],
    ['a/b', blob],
    ['d/b', undefined],
    ['d', blob],
  ]);
  expect(filesOf(objects, editTree(objects, tree, edits)).map(([path]) => path)).toEqual(['a/b', 'd']);
});
