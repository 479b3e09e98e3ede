/** Whole zlib streams, inflated by one of Node's decompressors after the other. */
import { constants, createInflate, inflateSync } from 'node:zlib';
import { Damage } from './damage.ts';
import { intoOne, piecesBy, type ReusedZlib, reusedZlib } from './reused-zlib.ts';

/** Those that nothing is inflated with. */
const idle: ReusedZlib[] = [];

/** Hands over the content of a stream, `size` bytes; each piece is to be used before the next is asked for. */
export function* inflatedPieces(packed: Buffer, size: number): Generator<Buffer> {
  const decompressor = idle.pop() ?? reusedZlib(createInflate());
  let made = 0;
  const pieces = decompressor === undefined ? [inflateWhole(packed, size)] : piecesBy(decompressor, packed);
  try {
    for (const piece of pieces) {
      made += piece.length;
      if (made > size) break;
      yield piece;
    }
  } finally {
    // Whoever has seen enough asks for no more; what came upon damage is of no use any more.
    if (decompressor?.stream.errored === null) idle.push(decompressor);
  }
  checkLength(made, size);
}

/** The content of a stream of few bytes, at once. */
export function inflatedBytes(packed: Buffer, size: number): Buffer {
  const decompressor = idle.pop() ?? reusedZlib(createInflate());
  // Room for a byte more than there may be shows that there is no more.
  const bytes =
    decompressor === undefined
      ? inflateWhole(packed, size)
      : intoOne(decompressor, packed, Buffer.allocUnsafe(size + 1));
  if (decompressor !== undefined) idle.push(decompressor);
  checkLength(bytes.length, size);
  return bytes;
}

function checkLength(made: number, size: number): void {
  if (made !== size) throw new Damage('a packed object has the wrong length');
}

function inflateWhole(packed: Buffer, size: number): Buffer {
  // Room for a byte more than there is, so that it is done in one piece.
  const chunkSize = Math.max(size + 1, constants.Z_MIN_CHUNK);
  return inflateSync(packed, { maxOutputLength: size, chunkSize });
}
