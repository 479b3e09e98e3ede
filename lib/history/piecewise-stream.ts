/**
 * Zlib streams of large blobs in packs, made and read in little memory with what node does without waiting. Each piece is compressed
 * by itself and ends in the four bytes of a flush, which are nowhere else in it; to everybody else it is a stream like any other.
 */
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import { adler32 } from './adler32.ts';
import { Damage } from './damage.ts';

/** Bytes of content in a piece, at most. */
const PIECE = 1 << 20;
/** Bytes of a piece: what deflate can need at most, with room to spare. */
const LONGEST = PIECE + (PIECE >> 9) + 256;
/** Small rather than fast: nobody waits. */
const LEVEL = 6;
const FLUSH = Buffer.from([0, 0, 0xff, 0xff]);
/** The header of a zlib stream, and a piece with nothing in it: no compressor begins so by itself. */
const START = Buffer.from([0x78, 0x9c, 0, ...FLUSH]);
/** A last block with nothing in it; the checksum follows. */
const END = Buffer.from([3, 0]);

/** Compresses content into one stream; what is handed over is to be used before the next is asked for. */
export function* deflatePieces(content: Iterable<Uint8Array>): Generator<Buffer> {
  yield START;
  let adler = 1;
  for (const piece of regrouped(content)) {
    adler = adler32(adler, piece);
    yield* flushed(piece);
  }
  yield trailer(adler);
}

/** Where to read: what lies at a place of a file, less where it ends. */
export type ReadAt = (start: number, length: number) => Buffer;

/** Whether a stream is one of {@link deflatePieces}. */
export function isPiecewise(read: ReadAt, start: number): boolean {
  return read(start, START.length).equals(START);
}

/** Hands over the content of such a stream. */
export function* inflatePieces(
  read: ReadAt,
  { start, size }: { readonly start: number; readonly size: number },
): Generator<Buffer> {
  let adler = 1;
  let at = start + START.length;
  for (let left = size; left > 0;) {
    const bytes = read(at, LONGEST);
    const end = bytes.indexOf(FLUSH) + FLUSH.length;
    if (end < FLUSH.length) throw new Damage('a piece of it does not end');
    const piece = inflateRawSync(bytes.subarray(0, end), {
      finishFlush: constants.Z_SYNC_FLUSH,
      maxOutputLength: Math.min(left, PIECE),
      chunkSize: PIECE / 4,
    });
    adler = adler32(adler, piece);
    at += end;
    left -= piece.length;
    yield piece;
  }
  const end = trailer(adler);
  if (!read(at, end.length).equals(end)) throw new Damage('its stream does not end as it should');
}

function trailer(adler: number): Buffer {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(adler);
  return Buffer.concat([END, sum]);
}

function* flushed(piece: Buffer): Generator<Buffer> {
  const deflated = deflateRawSync(piece, {
    level: LEVEL,
    finishFlush: constants.Z_FULL_FLUSH,
    chunkSize: PIECE / 4,
  });
  if (deflated.indexOf(FLUSH) === deflated.length - FLUSH.length) {
    yield deflated;
    return;
  }
  // What cannot be compressed is stored as it is, and may hold these bytes: a cut goes through them in the end.
  const half = piece.length >> 1;
  yield* flushed(piece.subarray(0, half));
  yield* flushed(piece.subarray(half));
}

function* regrouped(content: Iterable<Uint8Array>): Generator<Buffer> {
  const buffer = Buffer.allocUnsafe(PIECE);
  let filled = 0;
  for (const bytes of content) {
    for (let at = 0; at < bytes.length;) {
      const part = bytes.subarray(at, at + PIECE - filled);
      buffer.set(part, filled);
      at += part.length;
      filled += part.length;
      if (filled < PIECE) continue;
      yield buffer;
      filled = 0;
    }
  }
  if (filled > 0) yield buffer.subarray(0, filled);
}
