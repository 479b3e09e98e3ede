import * as disk from 'node:fs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { AcEntry } from '../../lib/artifacts/ac-entry.ts';
import { exportArtifact } from '../../lib/artifacts/export-artifact.ts';
import { importArtifact } from '../../lib/artifacts/import-artifact.ts';
import { checkArtifact } from '../../lib/artifacts/read-artifact.ts';
import { type ArtifactStore, openStore } from '../../lib/artifacts/store.ts';
import { writeTar } from '../../lib/artifacts/write-tar.ts';
import type { FileSystem } from '../../lib/ports/world.ts';
import type { Signature } from '../../lib/terms/ids.ts';
import { openObjectStore } from '../../lib/history/object-store.ts';
import { artifactOf, memoryObjects, type Planted } from '../support/memory-objects.ts';
import { memoryFileSystem } from '../support/memory-world.ts';

const IMAGE: Readonly<Record<string, Planted>> = {
  'usr/lib/libz.so.1': { text: 'ELF', mode: 0o755 },
  'usr/lib/libz.so': { link: 'libz.so.1' },
  'usr/bin/su': { text: 'su', mode: 0o4755, uid: 1, gid: 2 },
  'usr/bin/sv': { hardlink: 'usr/bin/su' },
  '.git/config': '[core]',
  '.varve/odd': 'x',
  'caf\u00e9\n': 'bytes',
  'var/empty': { dir: 0o700 },
  'var/pipe': { fifo: 0o600 },
};

const signature = (digit: string): Signature => digit.repeat(64) as Signature;

function newStore(): { readonly fs: FileSystem; readonly store: ArtifactStore } {
  const fs = memoryFileSystem();
  return { fs, store: openStore({ fs, dir: '/artifacts' }) };
}

/** Puts an image into the store under a signature. */
function put(
  store: ArtifactStore,
  image: Readonly<Record<string, Planted>>,
  under = signature('a'),
): AcEntry {
  const objects = memoryObjects();
  const exported = exportArtifact({ objects, tree: artifactOf(objects, image), time: 1_700_000_000, store });
  const built = { recipe: 'zlib', version: '1.3-r0', task: 'do_install', signature: under };
  const entry: AcEntry = { schema: 1, ...built, ...exported, builtBy: { host: 'h', varve: '0.1.0' } };
  return store.publish(entry).entry;
}

/** Changes the bytes of a file. */
function alter(fs: FileSystem, path: string, change: (bytes: Buffer) => Buffer): void {
  fs.writeFileSync(path, change(Buffer.from(fs.readFileSync(path))));
}

test('what was exported is imported as the same tree', () => {
  const { store } = newStore();
  const entry = put(store, IMAGE);
  expect(store.lookup(entry.signature)).toEqual({ kind: 'found', entry });
  expect(importArtifact({ store, entry, objects: memoryObjects() })).toEqual({
    kind: 'imported',
    tree: artifactOf(memoryObjects(), IMAGE),
  });
});

test('an empty image, one with unusual rights, and none at all keep their trees', () => {
  const { store } = newStore();
  for (const image of [{}, { '': { dir: 0o711 } }, { '': { dir: 0o711 }, a: 'b' }] as const) {
    const entry = put(store, image);
    expect(importArtifact({ store, entry, objects: memoryObjects() })).toEqual({
      kind: 'imported',
      tree: entry.tree,
    });
    store.publish({ ...entry, signature: signature('b') });
    store.discard(entry, 'the test needs its place');
  }
  const objects = memoryObjects();
  const exported = exportArtifact({ objects, tree: objects.writeTree([]), time: 0, store });
  const entry = { ...put(store, { a: '' }), ...exported };
  expect(importArtifact({ store, entry, objects })).toEqual({ kind: 'imported', tree: exported.tree });
});

test('an archive is gzip that any gunzip reads, also where it takes several members', () => {
  const { fs, store } = newStore();
  const objects = memoryObjects();
  const text = Buffer.alloc(5_000_000, 'the same again ').toString();
  const tree = artifactOf(objects, { big: text });
  const { archive, unpacked } = exportArtifact({ objects, tree, time: 7, store });
  const pieces: Uint8Array[] = [];
  writeTar({ objects, tree, time: 7 }, (bytes) => pieces.push(Buffer.from(bytes)));
  const file = Buffer.from(fs.readFileSync(store.archivePath(archive)));
  expect(file.length).toBe(archive.size);
  expect(gunzipSync(file).equals(Buffer.concat(pieces))).toBe(true);
  expect(unpacked).toBe(Buffer.concat(pieces).length);
  const entry = put(store, { big: text });
  expect(importArtifact({ store, entry, objects: memoryObjects() })).toEqual({ kind: 'imported', tree });
});

test('an import into a history makes its objects visible all at once, or not at all', () => {
  const top = mkdtempSync(join(tmpdir(), 'varve-store-'));
  try {
    const store = openStore({ fs: disk, dir: join(top, 'artifacts') });
    const entry = put(store, IMAGE);
    const objects = openObjectStore(disk, join(top, 'zlib.git'));
    const lies = { ...entry, id: entry.tree.padEnd(64, '0') as AcEntry['id'] };
    expect(importArtifact({ store, entry: lies, objects }).kind).toBe('damaged');
    expect(openObjectStore(disk, join(top, 'zlib.git')).has(entry.tree)).toBe(false);
    expect(importArtifact({ store, entry, objects })).toEqual({ kind: 'imported', tree: entry.tree });
    const reopened = openObjectStore(disk, join(top, 'zlib.git'));
    const again = exportArtifact({ objects: reopened, tree: entry.tree, time: entry.time, store });
    expect(again).toMatchObject({ id: entry.id, archive: entry.archive });
  } finally {
    rmSync(top, { recursive: true });
  }
});

test('a store that cannot be written is told by its directory', () => {
  const fs = memoryFileSystem({ '/artifacts': 'a file' });
  expect(() => put(openStore({ fs, dir: '/artifacts' }), {})).toThrow(
    'the artifact store /artifacts cannot be written',
  );
});

test('the first writer wins, unless forced', () => {
  const { store } = newStore();
  const first = put(store, { a: '1' });
  const second = put(store, { a: '2' }, signature('b'));
  const rival = { ...second, signature: first.signature };
  expect(store.publish(rival)).toEqual({ kind: 'existing', entry: first });
  expect(store.publish(rival, { force: true })).toEqual({ kind: 'created', entry: rival });
  expect(store.lookup(first.signature)).toEqual({ kind: 'found', entry: rival });
});

test('the listing is in order of recipe, and tells what is damaged apart', () => {
  const { fs, store } = newStore();
  const zlib = put(store, { a: '1' }, signature('a'));
  const app = store.publish({ ...zlib, recipe: 'app', signature: signature('b') }).entry;
  const lost = store.publish({ ...zlib, recipe: 'lost', signature: signature('c') }).entry;
  fs.writeFileSync(`/artifacts/ac/cc/${lost.signature}`, '{"schema":1');
  expect(store.list()).toEqual({
    entries: [app, zlib],
    damaged: [{ signature: lost.signature, why: 'it is not JSON' }],
  });
});

test.each([
  ['is not JSON', () => Buffer.from('{'), 'it is not JSON'],
  ['is empty', () => Buffer.alloc(0), 'it is not JSON'],
  [
    'is of a later schema',
    (b: Buffer) => Buffer.from(b.toString().replace('"schema": 1', '"schema": 2')),
    'it has schema 2, not 1',
  ],
  [
    'has lost a field',
    (b: Buffer) => Buffer.from(b.toString().replace('"tree"', '"treee"')),
    'its "tree" is missing or wrong',
  ],
  [
    'leads elsewhere',
    (b: Buffer) => Buffer.from(b.toString().replace(/"sha256": "[^"]*"/, '"sha256": "../../x"')),
    'its "sha256" is missing or wrong',
  ],
  [
    'is of another signature',
    (b: Buffer) => Buffer.from(b.toString().replaceAll('a'.repeat(64), 'b'.repeat(64))),
    `it is of signature ${'b'.repeat(64)}`,
  ],
])('an entry that %s is a miss that is said, and gives way to a new one', (_, change, why) => {
  const { fs, store } = newStore();
  const entry = put(store, { a: '1' });
  alter(fs, `/artifacts/ac/aa/${entry.signature}`, change);
  expect(store.lookup(entry.signature)).toEqual({ kind: 'damaged', why });
  expect(store.publish(entry)).toEqual({ kind: 'created', entry });
  expect(store.lookup(entry.signature)).toEqual({ kind: 'found', entry });
});

const flipped =
  (at: (length: number) => number) =>
  (bytes: Buffer): Buffer => {
    const place = at(bytes.length);
    bytes[place] = (bytes[place] ?? 0) ^ 0x10;
    return bytes;
  };

test.each([
  ['flipped in its header', flipped(() => 4)],
  ['flipped in its length', flipped(() => 17)],
  ['flipped in the middle', flipped((length) => length >> 1)],
  ['flipped at its end', flipped((length) => length - 1)],
  ['overwritten with something else', (bytes: Buffer) => Buffer.alloc(bytes.length, 'x')],
])('an archive %s is told, taken away, and can be made anew', (_, change) => {
  const { fs, store } = newStore();
  const entry = put(store, IMAGE);
  alter(fs, store.archivePath(entry.archive), change);
  const objects = memoryObjects();
  const outcome = importArtifact({ store, entry, objects });
  expect(outcome.kind).toBe('damaged');
  expect(store.lookup(entry.signature)).toEqual(outcome);
  expect(store.has(entry.archive)).toBe(false);
  expect(objects.has(entry.tree)).toBe(false);
  expect(put(store, IMAGE)).toEqual(entry);
  expect(store.lookup(entry.signature)).toEqual({ kind: 'found', entry });
  expect(checkArtifact({ store, entry })).toEqual({ kind: 'whole' });
});

test('an archive that is cut short or gone is found by its length, without reading it', () => {
  const { fs, store } = newStore();
  const entry = put(store, IMAGE);
  alter(fs, store.archivePath(entry.archive), (bytes) => bytes.subarray(0, 100));
  const why = `its archive has 100 bytes instead of ${entry.archive.size}`;
  expect(store.lookup(entry.signature)).toEqual({ kind: 'damaged', why });
  fs.rmSync(store.archivePath(entry.archive));
  const gone = `its archive ${entry.archive.sha256.slice(0, 12)} is missing`;
  expect(store.lookup(entry.signature)).toEqual({ kind: 'damaged', why: gone });
  expect(checkArtifact({ store, entry })).toEqual({ kind: 'damaged', why: gone });
});

test('two archives that changed places are both refused', () => {
  const { fs, store } = newStore();
  const entries = [put(store, { a: '1' }, signature('a')), put(store, { a: '2' }, signature('b'))] as const;
  const [one, two] = entries.map((entry) => Buffer.from(fs.readFileSync(store.archivePath(entry.archive))));
  fs.writeFileSync(store.archivePath(entries[0].archive), two ?? '');
  fs.writeFileSync(store.archivePath(entries[1].archive), one ?? '');
  for (const entry of entries) {
    expect(importArtifact({ store, entry, objects: memoryObjects() }).kind).toBe('damaged');
    expect(store.has(entry.archive)).toBe(false);
  }
});

test('an entry that promises another tree or another artifact is refused, its archive kept', () => {
  const { store } = newStore();
  const honest = put(store, { a: '1' }, signature('a'));
  const other = put(store, { a: '2' }, signature('b'));
  const promises = [
    { ...honest, tree: other.tree, signature: signature('c') },
    { ...honest, id: other.id, signature: signature('d') },
    { ...honest, unpacked: 1000, signature: signature('e') },
  ];
  const outcomes = promises.map((entry) =>
    importArtifact({ store, entry: store.publish(entry).entry, objects: memoryObjects() }),
  );
  expect(outcomes).toEqual([
    { kind: 'damaged', why: `it makes tree ${honest.tree} instead of ${other.tree}` },
    { kind: 'damaged', why: 'its archive holds another artifact' },
    { kind: 'damaged', why: 'it unpacks to more than the 1000 bytes it should have' },
  ]);
  expect(store.lookup(honest.signature)).toEqual({ kind: 'found', entry: honest });
  const reopened = openStore({ fs: newStore().fs, dir: '/artifacts' });
  expect(reopened.list()).toEqual({ entries: [], damaged: [] });
});

test('the same archive made twice is the same file', () => {
  const [one, two] = [put(newStore().store, IMAGE), put(newStore().store, IMAGE)];
  expect(one).toEqual(two);
});

test('nothing is left aside', () => {
  const { fs, store } = newStore();
  const entry = put(store, IMAGE);
  store.publish(entry);
  expect(fs.readdirSync('/artifacts/aside')).toEqual([]);
});

test('a directory in the place of an entry or an archive is damage, and gives way to what is made anew', () => {
  const { fs, store } = newStore();
  const entry = put(store, IMAGE);
  for (const path of [store.archivePath(entry.archive), `/artifacts/ac/aa/${entry.signature}`]) {
    fs.rmSync(path);
    fs.mkdirSync(join(path, 'deeper'), { recursive: true });
  }
  expect(store.lookup(entry.signature)).toEqual({ kind: 'damaged', why: 'it is no file' });
  expect(store.list().damaged).toEqual([{ signature: entry.signature, why: 'it is no file' }]);
  expect(put(store, IMAGE)).toEqual(entry);
  expect(checkArtifact({ store, entry })).toEqual({ kind: 'whole' });
});

test('what a crash left aside is removed after a day, and what others are writing is not', () => {
  const { fs, store } = newStore();
  put(store, IMAGE);
  for (const [name, hours] of [
    ['left-behind', 30],
    ['being-written', 1],
  ] as const) {
    fs.writeFileSync(`/artifacts/aside/${name}`, 'part');
    const then = Date.now() / 1000 - hours * 3600;
    fs.utimesSync(`/artifacts/aside/${name}`, then, then);
  }
  put(store, { other: 'image' }, signature('b'));
  expect(fs.readdirSync('/artifacts/aside')).toEqual(['being-written']);
});
