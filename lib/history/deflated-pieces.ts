/** Bytes made into zlib streams by one of Node's compressors after the other. */
import { createDeflate, deflateSync } from 'node:zlib';
import { piecesBy, type ReusedZlib, reusedZlib } from './reused-zlib.ts';

/** By level, those that nothing is compressed with. */
const idle = new Map<number, ReusedZlib[]>();

/** Hands over the stream of some bytes; each piece is to be used before the next is asked for. */
export function* deflatedPieces(bytes: Uint8Array, level: number): Generator<Buffer> {
  const ready = idle.get(level) ?? [];
  idle.set(level, ready);
  const compressor = ready.pop() ?? reusedZlib(createDeflate({ level }));
  if (compressor === undefined) {
    yield deflateSync(bytes, { level });
    return;
  }
  try {
    yield* piecesBy(compressor, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
  } finally {
    ready.push(compressor);
  }
}
