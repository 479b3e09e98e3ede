import { expect, test } from 'vitest';
import type { Entry, ObjectStore } from '../../lib/ports/objects.ts';
import type { TreeId } from '../../lib/terms/ids.ts';
import { artifactTree, workdirTreeOfArtifact } from '../../lib/trees/artifact-tree.ts';
import { compareTrees } from '../../lib/trees/compare-trees.ts';
import { listEntries } from '../../lib/trees/list-entries.ts';
import { writeEntries } from '../../lib/trees/write-entries.ts';
import { memoryObjects } from '../support/memory-objects.ts';

/** Writes a tree of lines such as `drwx path`, told as [path, mode, text]; no text is a directory. */
function treeOf(
  objects: ObjectStore,
  things: readonly (readonly [string, number, string?])[],
  image = 'image',
): TreeId {
  const entries = things.map(([path, mode, text]): Entry =>
    text === undefined
      ? { path, kind: 'dir', mode }
      : { path, kind: 'file', mode, oid: objects.writeBlob(Buffer.from(text)) },
  );
  return writeEntries(objects, entries, { image }).tree;
}

function changes(objects: ObjectStore, from: TreeId | undefined, to: TreeId | undefined): readonly string[] {
  const mode = (side: { readonly mode: number }): string => side.mode.toString(8);
  return compareTrees(objects, { from, to }).map((change) =>
    [
      change.status,
      change.path,
      ...('from' in change ? [mode(change.from)] : []),
      ...('to' in change ? [mode(change.to)] : []),
    ].join(' '),
  );
}

test('changes are told by true path, with whole modes', () => {
  const objects = memoryObjects();
  const from = treeOf(objects, [
    ['a', 0o755],
    ['a/.git', 0o755],
    ['a/.git/HEAD', 0o644, 'x'],
    ['b', 0o4755, 'x'],
    ['c', 0o600, 'x'],
    ['d', 0o644, 'x'],
    ['e', 0o700],
  ]);
  const to = treeOf(objects, [
    ['a', 0o755],
    ['a/.git', 0o755],
    ['a/.git/HEAD', 0o644, 'y'],
    ['b', 0o755, 'x'],
    ['c', 0o600, 'y'],
    ['d', 0o755],
    ['d/x', 0o644, 'x'],
    ['e', 0o755],
    ['f', 0o755],
  ]);
  expect(changes(objects, from, to)).toEqual([
    'M a/.git/HEAD 100644 100644',
    'M b 104755 100755',
    'M c 100600 100600',
    'D d 100644',
    'A d/x 100644',
    'M e 40700 40755',
    'A f 40755',
  ]);
  expect(changes(objects, to, to)).toEqual([]);
});

test('compared with nothing everything was added', () => {
  const objects = memoryObjects();
  const tree = treeOf(objects, [
    ['a', 0o755],
    ['a/x', 0o644, 'x'],
    ['empty', 0o755],
  ]);
  expect(changes(objects, undefined, tree)).toEqual(['A a/x 100644', 'A empty 40755']);
  expect(changes(objects, tree, undefined)).toEqual(['D a/x 100644', 'D empty 40755']);
});

test('a directory that loses its last file is not told as new', () => {
  const objects = memoryObjects();
  const full = treeOf(objects, [
    ['a', 0o755],
    ['a/x', 0o644, 'x'],
  ]);
  const empty = treeOf(objects, [['a', 0o755]]);
  expect(changes(objects, full, empty)).toEqual(['D a/x 100644']);
  expect(changes(objects, empty, full)).toEqual(['A a/x 100644']);
});

test('equal subtrees are not read', () => {
  const objects = memoryObjects();
  const same = [
    ['same', 0o755],
    ['same/x', 0o644, 'x'],
  ] as const;
  const from = treeOf(objects, [['a', 0o644, '1'], ...same]);
  const to = treeOf(objects, [['a', 0o644, '2'], ...same]);
  const read: string[] = [];
  const watched: ObjectStore = { ...objects, readTree: (oid) => (read.push(oid), objects.readTree(oid)) };
  compareTrees(watched, { from, to });
  expect([...new Set(read)].toSorted()).toEqual([from, to].toSorted());
});

test('the artifact is the same wherever D is, and goes back to where D is', () => {
  const objects = memoryObjects();
  const below = (d: string) =>
    [
      [d, 0o750],
      [`${d}/etc`, 0o755],
      [`${d}/bin`, 0o755],
      [`${d}/bin/su`, 0o4755, 'x'],
    ] as const;
  const usual = treeOf(objects, [['S', 0o700], ...below('image')]);
  const unusual = treeOf(objects, [['S', 0o755], ['S/f', 0o600, 'f'], ['p', 0o755], ...below('p/d')], 'p/d');
  const artifact = artifactTree(objects, usual, 'image');
  expect(artifactTree(objects, unusual, 'p/d')).toBe(artifact);
  expect(listEntries(objects, artifact).map(({ path, mode }) => `${mode.toString(8)} ${path}`)).toEqual([
    '750 image',
    '755 image/bin',
    '4755 image/bin/su',
    '755 image/etc',
  ]);
  expect(
    listEntries(objects, workdirTreeOfArtifact(objects, artifact, 'p/d')).map(({ path }) => path),
  ).toEqual(['p', 'p/d', 'p/d/bin', 'p/d/bin/su', 'p/d/etc']);
  expect(artifactTree(objects, workdirTreeOfArtifact(objects, artifact, 'p/d'), 'p/d')).toBe(artifact);
});

test('an empty image is an artifact, and so is none', () => {
  const objects = memoryObjects();
  const empty = artifactTree(
    objects,
    treeOf(objects, [
      ['S', 0o755],
      ['image', 0o755],
    ]),
    'image',
  );
  expect(listEntries(objects, empty)).toEqual([{ path: 'image', kind: 'dir', mode: 0o755 }]);
  expect(listEntries(objects, artifactTree(objects, treeOf(objects, [['S', 0o755]]), 'image'))).toEqual([]);
});

test('a tree that would restore outside of itself is refused', () => {
  const objects = memoryObjects();
  const oid = objects.writeBlob(Buffer.from('/etc'));
  const facts = (text: string): TreeId => {
    const metadata = objects.writeTree([
      { name: 'metadata', mode: 0o100644, oid: objects.writeBlob(Buffer.from(text)) },
    ]);
    return objects.writeTree([
      { name: '.varve', mode: 0o40000, oid: metadata },
      { name: 'link', mode: 0o120000, oid },
    ]);
  };
  for (const text of [
    './link/x type=fifo\n',
    './link type=link hardlink=./link/passwd\n',
    './link type=link stored=link\n./link/y type=dir\n',
  ]) {
    expect(() => listEntries(objects, facts(text))).toThrow('contradict each other');
  }
});
