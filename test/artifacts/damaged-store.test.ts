import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AcEntry, formatAcEntry } from '../../lib/artifacts/ac-entry.ts';
import { importArtifact } from '../../lib/artifacts/import-artifact.ts';
import { checkArtifact } from '../../lib/artifacts/read-artifact.ts';
import { openStore } from '../../lib/artifacts/store.ts';
import { memoryObjects } from '../support/memory-objects.ts';
import { alter, IMAGE, newStore, put, signature } from './stored.ts';

/** An entry with other fields, its checksum as it was. */
const altered =
  (change: (entry: AcEntry) => AcEntry) =>
  (bytes: Buffer): Buffer =>
    Buffer.from(`${JSON.stringify(change(JSON.parse(bytes.toString()) as AcEntry), undefined, 2)}\n`);

/** An entry with other fields, written by somebody who knows how. */
const rewritten =
  (change: (entry: AcEntry) => AcEntry) =>
  (bytes: Buffer): Buffer =>
    Buffer.from(formatAcEntry(change(JSON.parse(bytes.toString()) as AcEntry)));

test.each([
  ['is not JSON', () => Buffer.from('{'), 'it is not JSON'],
  ['is empty', () => Buffer.alloc(0), 'it is not JSON'],
  [
    'is of a later schema',
    (b: Buffer) => Buffer.from(b.toString().replace('"schema": 1', '"schema": 2')),
    'it has schema 2, not 1',
  ],
  ['has another id', altered((entry) => ({ ...entry, recipe: 'zlip' })), 'it is not as it was written'],
  [
    'has lost a field',
    rewritten((entry) => ({ ...entry, recipe: 7 as never })),
    'its "recipe" is missing or wrong',
  ],
  [
    'leads elsewhere',
    rewritten((entry) => ({ ...entry, archive: { ...entry.archive, sha256: '../../x' } })),
    'its "sha256" is missing or wrong',
  ],
  [
    'is of another signature',
    rewritten((entry) => ({ ...entry, signature: signature('b') })),
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
  alter(fs, store.archives.path(entry.archive), change);
  const objects = memoryObjects();
  const outcome = importArtifact({ store, entry, objects });
  expect(outcome.kind).toBe('damaged');
  expect(store.lookup(entry.signature)).toEqual({ ...outcome, entry });
  expect(store.archives.whyNot(entry.archive)).toMatch(/missing/);
  expect(objects.has(entry.tree)).toBe(false);
  expect(put(store, IMAGE)).toEqual(entry);
  expect(store.lookup(entry.signature)).toEqual({ kind: 'found', entry });
  expect(checkArtifact({ store, entry })).toEqual({ kind: 'whole' });
});

test('a store with one byte changed anywhere gives what it promised, or nothing', () => {
  const { fs, store } = newStore();
  const entry = put(store, IMAGE);
  const files = [`/artifacts/ac/aa/${entry.signature}`, store.archives.path(entry.archive)];
  const whole = files.map((file) => Buffer.from(fs.readFileSync(file)));
  fc.assert(
    fc.property(fc.nat(1), fc.nat(), fc.integer({ min: 1, max: 255 }), (which, place, change) => {
      for (const [index, file] of files.entries()) {
        const bytes = Buffer.from(whole[index] ?? '');
        const at = place % bytes.length;
        if (index === which) bytes[at] = (bytes[at] ?? 0) ^ change;
        fs.writeFileSync(file, bytes);
      }
      const fresh = openStore({ fs, dir: '/artifacts' });
      const found = fresh.lookup(entry.signature);
      if (found.kind !== 'found') return;
      expect(found.entry).toEqual(entry);
      const { kind } = importArtifact({ store: fresh, entry: found.entry, objects: memoryObjects() });
      expect(kind).toBe('damaged');
    }),
  );
});

test('an archive that is cut short or gone is found by its length, without reading it', () => {
  const { fs, store } = newStore();
  const entry = put(store, IMAGE);
  alter(fs, store.archives.path(entry.archive), (bytes) => bytes.subarray(0, 100));
  const why = `its archive has 100 bytes instead of ${entry.archive.size}`;
  expect(store.lookup(entry.signature)).toEqual({ kind: 'damaged', why, entry });
  fs.rmSync(store.archives.path(entry.archive));
  const gone = `its archive ${entry.archive.sha256.slice(0, 12)} is missing`;
  expect(store.lookup(entry.signature)).toEqual({ kind: 'damaged', why: gone, entry });
  expect(checkArtifact({ store, entry })).toEqual({ kind: 'damaged', why: gone });
});

test('two archives that changed places are both refused', () => {
  const { fs, store } = newStore();
  const entries = [put(store, { a: '1' }, signature('a')), put(store, { a: '2' }, signature('b'))] as const;
  const [one, two] = entries.map((entry) => Buffer.from(fs.readFileSync(store.archives.path(entry.archive))));
  fs.writeFileSync(store.archives.path(entries[0].archive), two ?? '');
  fs.writeFileSync(store.archives.path(entries[1].archive), one ?? '');
  for (const entry of entries) {
    expect(importArtifact({ store, entry, objects: memoryObjects() }).kind).toBe('damaged');
    expect(store.archives.whyNot(entry.archive)).toMatch(/missing/);
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
  expect(reopened.list()).toEqual({ entries: [], damaged: [], bereft: [], refused: [] });
});

test('a directory in the place of an entry or an archive is damage, and gives way to what is made anew', () => {
  const { fs, store } = newStore();
  const entry = put(store, IMAGE);
  for (const path of [store.archives.path(entry.archive), `/artifacts/ac/aa/${entry.signature}`]) {
    fs.rmSync(path);
    fs.mkdirSync(join(path, 'deeper'), { recursive: true });
  }
  expect(store.lookup(entry.signature)).toEqual({ kind: 'damaged', why: 'it is no file' });
  expect(store.list().damaged).toEqual([{ signature: entry.signature, why: 'it is no file' }]);
  expect(put(store, IMAGE)).toEqual(entry);
  expect(checkArtifact({ store, entry })).toEqual({ kind: 'whole' });
});
