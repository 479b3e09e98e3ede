/**
 * Gzip in one member with the shortest header, written piece by piece without waiting. The kernel unpacks an initramfs in
 * no other form: it skips no extra field, and takes a member's end for that of the archive. What varve reads itself is
 * written by `gzipTo`.
 */
import { constants, crc32, deflateRawSync } from 'node:zlib';

/** Bytes of content that are compressed by themselves; part of what makes the file the same each time. */
const PIECE = 1 << 20;
/** Of no time, and from Unix. */
const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]);
/** A last block with nothing in it. */
const LAST = Buffer.from([3, 0]);

/** Compresses all that `fill` writes. */
export function gzipPlain(
  sink: (bytes: Uint8Array) => void,
  fill: (sink: (bytes: Uint8Array) => void) => void,
): void {
  const piece = Buffer.allocUnsafe(PIECE);
  let [filled, sum, size] = [0, 0, 0];
  const flush = (): void => {
    const content = piece.subarray(0, filled);
    sum = crc32(content, sum);
    size += filled;
    sink(deflateRawSync(content, { finishFlush: constants.Z_SYNC_FLUSH }));
    filled = 0;
  };
  sink(HEADER);
  fill((bytes) => {
    for (let at = 0; at < bytes.length;) {
      const part = bytes.subarray(at, at + PIECE - filled);
      piece.set(part, filled);
      [at, filled] = [at + part.length, filled + part.length];
      if (filled === PIECE) flush();
    }
  });
  if (filled > 0) flush();
  const end = Buffer.alloc(8);
  end.writeUInt32LE(sum, 0);
  end.writeUInt32LE(size % 2 ** 32, 4);
  sink(LAST);
  sink(end);
}
