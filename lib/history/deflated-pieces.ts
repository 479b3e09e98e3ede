/** Bytes made into zlib streams by one of Node's compressors after the other. */
import { createDeflate, deflateSync } from 'node:zlib';
import { piecesBy, type ReusedZlib, reusedZlib } from './reused-zlib.ts';

/** How much time is taken for a stream. */
export interface Effort {
  readonly level: number;
  readonly windowBits?: number;
}

/** Small rather than fast: nobody waits. */
export const SMALL: Effort = { level: 6 };
/** Fast rather than small: `gc` compresses again when nobody waits. */
export const FAST: Effort = { level: 1 };
/** Bytes as they are. Nothing is looked for in a window, so its size, which a stream tells, is a mark. */
export const STORED: Effort = { level: 0, windowBits: 10 };

/** Whether a stream was made with little effort. */
export const isHasty = (start: Buffer): boolean => ((start[1] ?? 0) & 0xc0) === 0;
/** Whether it was made with none. */
export const isStored = (start: Buffer): boolean => isHasty(start) && start[0] === 0x28;

/** Those that nothing is compressed with. */
const idle = new Map<Effort, ReusedZlib[]>();

/** Hands over the stream of some bytes; each piece is to be used before the next is asked for. */
export function* deflatedPieces(bytes: Uint8Array, effort: Effort): Generator<Buffer> {
  const ready = idle.get(effort) ?? [];
  idle.set(effort, ready);
  const compressor = ready.pop() ?? reusedZlib(createDeflate(effort));
  if (compressor === undefined) {
    yield deflateSync(bytes, effort);
    return;
  }
  try {
    yield* piecesBy(compressor, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
  } finally {
    ready.push(compressor);
  }
}
