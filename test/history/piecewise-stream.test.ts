/** Large blobs in packs: compressed piece by piece, read piece by piece, and to git streams like any other. */
import { createHash, randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import git from 'isomorphic-git';
import { expect, test } from 'vitest';
import { dropObjects, mergeObjects } from '../../lib/history/collect-objects.ts';
import { checkObjects } from '../../lib/history/check-objects.ts';
import { listObjectFiles } from '../../lib/history/list-object-files.ts';
import { openObjectStore } from '../../lib/history/object-store.ts';
import { deflatePieces, inflatePieces, isPiecewise } from '../../lib/history/piecewise-stream.ts';
import { planObjects } from '../../lib/history/plan-objects.ts';
import { openRefs } from '../../lib/history/refs.ts';
import { createRepository } from '../../lib/history/repository.ts';
import { surveyObjects } from '../../lib/history/survey-objects.ts';
import type { BlobContent } from '../../lib/ports/objects.ts';
import type { FileSystem } from '../../lib/ports/world.ts';
import type { ObjectId } from '../../lib/terms/ids.ts';
import { forgetfulFiles, fullFiles, stoppingFiles } from '../support/failing-files.ts';
import { memoryFileSystem } from '../support/memory-world.ts';
import { git as runGit, scratchDirectory } from '../support/real-git.ts';

const flush = Buffer.from([0, 0, 0xff, 0xff]);
/** What cannot be compressed, and has the bytes in it that end a piece. */
const withFlushes = Buffer.concat(Array.from({ length: 3000 }, () => [randomBytes(500), flush]).flat());
const lines = Buffer.from(Array.from({ length: 50_000 }, (_, i) => `line ${i} of a map file\n`).join(''));

test.each([
  ['nothing', Buffer.alloc(0)],
  ['a single byte of each value', Buffer.from(Array.from({ length: 256 }, (_, i) => i))],
  ['nothing but what ends a piece', Buffer.alloc(3 << 20, flush)],
  ['zeros', Buffer.alloc((2 << 20) + 1)],
  ['text', lines],
  ['noise', randomBytes((1 << 20) + 7)],
  ['noise with what ends a piece', withFlushes],
])('%s becomes a stream that zlib reads, and so do we by pieces', (_, content) => {
  const parts = content.length === 256 ? [...content].map((byte) => Buffer.from([byte])) : [content];
  const stream = Buffer.concat([...deflatePieces(parts)].map((piece) => Buffer.from(piece)));
  expect(inflateSync(stream).equals(content)).toBe(true);
  const read = (start: number, length: number): Buffer => stream.subarray(start, start + length);
  expect(isPiecewise(read, 0)).toBe(true);
  const pieces = [...inflatePieces(read, { start: 0, size: content.length })];
  expect(Buffer.concat(pieces).equals(content)).toBe(true);
});

test('a single byte never needs to be cut', () => {
  for (let byte = 0; byte < 256; byte++)
    expect(inflateSync(Buffer.concat([...deflatePieces([Buffer.from([byte])])]))).toEqual(
      Buffer.from([byte]),
    );
});

/** 17 MiB that are mostly compressible, handed over as files are. */
const large = Buffer.concat([Buffer.alloc(15 << 20, 'the same again\n'), withFlushes, lines]);
const largeId = createHash('sha1').update(`blob ${large.length}\0`).update(large).digest('hex') as ObjectId;

function writeLarge(files: FileSystem, gitDir: string): ObjectId {
  let at = 0;
  return openObjectStore(files, gitDir).writeBlobFrom({
    size: large.length,
    read: (buffer) => {
      const copied = large.copy(buffer, 0, at);
      at += copied;
      return copied;
    },
  });
}

function collect(files: FileSystem, gitDir: string): void {
  const plan = planObjects(surveyObjects(files, gitDir), () => true);
  dropObjects(files, gitDir, plan);
  for (const merge of plan.merges) mergeObjects({ fs: files, sync: () => {} }, gitDir, merge);
}

function hashOf(content: BlobContent): string {
  const sha1 = createHash('sha1').update(`blob ${content.size}\0`);
  for (const piece of content.pieces()) sha1.update(piece);
  return sha1.digest('hex');
}

test('gc packs a large blob, which git and isomorphic-git read, and all who had it open', async () => {
  const gitDir = join(scratchDirectory(), 'a.git');
  createRepository(fs, gitDir, { bare: true });
  const objects = openObjectStore(fs, gitDir);
  const oid = writeLarge(fs, gitDir);
  expect(oid).toBe(largeId);
  const tree = objects.writeTree([{ mode: 0o100644, name: 'large', oid }]);
  const commit = objects.writeCommit({ tree, parents: [], message: 'large\n', time: 1, author: 'a <a@b>' });
  openRefs(fs, gitDir).write('refs/heads/main', commit);
  const openedBefore = objects.openBlob(oid);
  collect(fs, gitDir);
  const { loose, packs } = listObjectFiles(fs, gitDir);
  expect({ loose, packs: packs.length }).toEqual({ loose: [], packs: 2 });
  expect(packs.reduce((sum, { size }) => sum + size, 0)).toBeLessThan(2 << 20);
  expect(hashOf(openedBefore)).toBe(oid);
  expect(hashOf(openObjectStore(fs, gitDir).openBlob(oid))).toBe(oid);
  expect(openObjectStore(fs, gitDir).readBlob(oid).equals(large)).toBe(true);
  expect(runGit(gitDir, 'fsck', '--strict')).toBe('');
  const read = await git.readBlob({ fs, gitdir: gitDir, oid: commit, filepath: 'large' });
  expect(Buffer.from(read.blob).equals(large)).toBe(true);
  // It is not written a second time, and what is there already is neither moved nor kept twice.
  writeLarge(fs, gitDir);
  expect(listObjectFiles(fs, gitDir).loose).toEqual([]);
  runGit(gitDir, 'repack', '-adq');
  expect(hashOf(openObjectStore(fs, gitDir).openBlob(oid))).toBe(oid);
});

/** A repository in memory with the large blob, as gc leaves it. */
function packed(): { readonly files: FileSystem; readonly pack: string } {
  const files = memoryFileSystem();
  createRepository(files, '/a.git', { bare: true });
  writeLarge(files, '/a.git');
  collect(files, '/a.git');
  return { files, pack: `${listObjectFiles(files, '/a.git').packs[0]?.path ?? ''}.pack` };
}

function flipped(bytes: Buffer, at: number): Buffer {
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  return bytes;
}

test.each([
  ['a byte of its content', (bytes: Buffer) => flipped(bytes, 600_000)],
  ['the checksum of its stream', (bytes: Buffer) => flipped(bytes, bytes.length - 21)],
  ['its end', (bytes: Buffer) => bytes.subarray(0, -1000)],
])('a large blob in a pack that is damaged in %s is refused, and fsck finds it', (_, damage) => {
  const { files, pack } = packed();
  files.chmodSync(pack, 0o600);
  files.writeFileSync(pack, damage(Buffer.from(files.readFileSync(pack))));
  expect(() => hashOf(openObjectStore(files, '/a.git').openBlob(largeId))).toThrow(
    '/a.git is damaged: object',
  );
  expect(checkObjects(files, '/a.git').damaged.map(({ path, objects }) => ({ path, objects }))).toEqual([
    { path: pack, objects: [largeId] },
  ]);
});

test('gc that a power cut ends at one change after the other leaves the blob whole each time, and completes it', () => {
  const files = memoryFileSystem();
  createRepository(files, '/a.git', { bare: true });
  writeLarge(files, '/a.git');
  for (let [n, done] = [0, false]; !done; n++) {
    const power = forgetfulFiles(files);
    const stopping = stoppingFiles(power.fs, n);
    try {
      collect(stopping, '/a.git');
      done = true;
    } catch (error) {
      if (stopping.made() <= n) throw error;
    }
    power.cut(() => 0);
    const found = hashOf(openObjectStore(files, '/a.git').openBlob(largeId));
    expect({ n, found }).toEqual({ n, found: largeId });
  }
  const { loose, packs } = listObjectFiles(files, '/a.git');
  expect({ loose, packs: packs.length }).toEqual({ loose: [], packs: 1 });
});

test('a disk that has room for nothing keeps the blob as it was', () => {
  const files = memoryFileSystem();
  createRepository(files, '/a.git', { bare: true });
  writeLarge(files, '/a.git');
  const before = listObjectFiles(files, '/a.git');
  expect(() => collect(fullFiles(files, 3), '/a.git')).toThrow('ENOSPC');
  expect(listObjectFiles(files, '/a.git')).toEqual(before);
});
