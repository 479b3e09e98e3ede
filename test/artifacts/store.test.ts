import * as disk from 'node:fs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { AcEntry } from '../../lib/artifacts/ac-entry.ts';
import { exportArtifact } from '../../lib/artifacts/export-artifact.ts';
import { importArtifact } from '../../lib/artifacts/import-artifact.ts';
import { openStore } from '../../lib/artifacts/store.ts';
import { writeTar } from '../../lib/artifacts/write-tar.ts';
import { openObjectStore } from '../../lib/history/object-store.ts';
import { artifactOf, memoryObjects } from '../support/memory-objects.ts';
import { memoryFileSystem } from '../support/memory-world.ts';
import { IMAGE, newStore, put, signature } from './stored.ts';

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
  const file = Buffer.from(fs.readFileSync(store.archives.path(archive)));
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
    bereft: [],
    damaged: [{ signature: lost.signature, why: 'it is not JSON' }],
    refused: [],
  });
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
