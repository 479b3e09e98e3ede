import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { openObjectStore } from '../../lib/history/object-store.ts';
import { createRepository } from '../../lib/history/repository.ts';
import type { FileSystem } from '../../lib/ports/world.ts';
import type { ObjectId } from '../../lib/terms/ids.ts';
import { memoryFileSystem } from '../support/memory-world.ts';

const size = 20 << 20;

/** A store with a blob of 20 MiB that was written piece by piece. */
function withLargeBlob(): { readonly fs: FileSystem; readonly oid: ObjectId; readonly path: string } {
  const fs = memoryFileSystem();
  createRepository(fs, '/a.git', { bare: true });
  let next = 0;
  const oid = openObjectStore(fs, '/a.git').writeBlobFrom({
    size,
    read: (buffer) => {
      buffer.fill(next);
      next += 1;
      return buffer.length;
    },
  });
  return { fs, oid, path: `/a.git/objects/${oid.slice(0, 2)}/${oid.slice(2)}` };
}

test('a large blob is handed over in pieces, and what they are is what was written', () => {
  const { fs, oid } = withLargeBlob();
  const content = openObjectStore(fs, '/a.git').openBlob(oid);
  const sha1 = createHash('sha1').update(`blob ${size}\0`);
  let longest = 0;
  for (const piece of content.pieces()) {
    sha1.update(piece);
    longest = Math.max(longest, piece.length);
  }
  expect(content.size).toBe(size);
  expect(longest).toBeLessThanOrEqual(65_535);
  expect(sha1.digest('hex')).toBe(oid);
});

test.each([
  [
    'a byte of its content',
    (bytes: Buffer) => bytes.fill(bytes.readUInt8(9_000_000) ^ 1, 9_000_000, 9_000_001),
  ],
  ['its end', (bytes: Buffer) => bytes.subarray(0, size - 100)],
  ['the size in its header', (bytes: Buffer) => bytes.fill('9', 12, 13)],
])('a large blob that is damaged in %s is refused at its end at the latest', (_, damage) => {
  const { fs, oid, path } = withLargeBlob();
  fs.chmodSync(path, 0o600);
  fs.writeFileSync(path, damage(Buffer.from(fs.readFileSync(path))));
  const content = openObjectStore(fs, '/a.git').openBlob(oid);
  expect(() => {
    for (const _ of content.pieces());
  }).toThrow('/a.git is damaged: object');
});
