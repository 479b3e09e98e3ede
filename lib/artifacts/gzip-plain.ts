/**
 * Gzip in one member with the shortest header, written piece by piece without waiting. The kernel unpacks an initramfs in
 * no other form: it skips no extra field, and takes a member's end for that of the archive. What varve reads itself is
 * written by `gzipTo`.
 */
import { constants, crc32, deflateRawSync } from 'node:zlib';
import { inPieces } from './in-pieces.ts';

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
  let [sum, size] = [0, 0];
  const pieces = inPieces(PIECE, (content) => {
    sum = crc32(content, sum);
    size += content.length;
    sink(deflateRawSync(content, { finishFlush: constants.Z_SYNC_FLUSH }));
  });
  sink(HEADER);
  fill((bytes) => pieces.write(bytes));
  pieces.end();
  const end = Buffer.alloc(8);
  end.writeUInt32LE(sum, 0);
  end.writeUInt32LE(size % 2 ** 32, 4);
  sink(LAST);
  sink(end);
}
