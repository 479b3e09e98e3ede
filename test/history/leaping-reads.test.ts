/** A question about many builds leaps to and fro in a pack. */
import { createHash } from 'node:crypto';
import { memfs } from 'memfs';
import { expect, test, vi } from 'vitest';
import { openObjectStore } from '../../lib/history/object-store.ts';
import type { FileSystem } from '../../lib/ports/world.ts';

/** Bytes that no compressor makes smaller, the same for the same number. */
function noise(seed: number, length: number): Buffer {
  const parts = Array.from({ length: Math.ceil(length / 32) }, (_, i) =>
    createHash('sha256').update(`${seed} ${i}`).digest(),
  );
  return Buffer.concat(parts).subarray(0, length);
}

test('objects are read right in whatever order, those that lie across two pieces and the last one too', () => {
  const fs = memfs().fs as unknown as FileSystem;
  const writing = openObjectStore(fs, '/r');
  fs.mkdirSync('/r/objects/pack', { recursive: true });
  const contents = Array.from({ length: 400 }, (_, i) => noise(i, [40, 700, 5_000, 30_000][i % 4] ?? 0));
  const oids = writing.batch(() => contents.map((content) => writing.writeBlob(content)));
  const reading = openObjectStore(fs, '/r');
  const open = vi.spyOn(fs, 'openSync');
  for (let round = 0; round < 3; round += 1) {
    for (let i = 0; i < contents.length; i += 1) {
      // 233 and 400 have no common factor: each is read once, far from the one before.
      const at = (i * 233 + round) % contents.length;
      const oid = oids[at];
      expect(oid !== undefined && contents[at]?.equals(reading.readBlob(oid))).toBe(true);
    }
  }
  // Three rounds are 1200 reads.
  expect(open.mock.calls.length).toBeLessThan(900);
});
