/**
 * Compressors and decompressors of Node that are used again, without waiting. `inflateSync` and `deflateSync` make a new one
 * for each stream, and new memory for all that comes out: of a source file that is more work than what it is for.
 */
import { constants, type Deflate, type Inflate } from 'node:zlib';

/** Bytes handed over at once. */
export const PIECE = 1 << 18;

/** What Node's own `inflateSync` and `deflateSync` call; it is in no manual, so that another Node may be without it. */
interface Native {
  readonly _handle?: { writeSync(flush: number, ...inAndOut: readonly (Buffer | number)[]): void };
  /** Bytes of room that are left, and bytes that were not read. */
  readonly _writeState?: Uint32Array;
}

export interface ReusedZlib extends Required<Native> {
  readonly stream: Inflate | Deflate;
  readonly output: Buffer;
}

/** Undefined where Node has no such thing. */
export function reusedZlib(stream: (Inflate | Deflate) & Native): ReusedZlib | undefined {
  const { _handle, _writeState } = stream;
  if (typeof _handle?.writeSync !== 'function' || _writeState === undefined) return undefined;
  // What is thrown at the one who asks is told a second time, when nobody does.
  stream.on('error', () => {});
  return { stream, _handle, _writeState, output: Buffer.allocUnsafeSlow(PIECE) };
}

/** Hands over what becomes of a whole input; each piece is to be used before the next is asked for. */
export function* piecesBy(
  { stream, _handle, _writeState, output }: ReusedZlib,
  input: Buffer,
): Generator<Buffer> {
  stream.reset();
  for (let [left, room] = [input.length, 0]; room === 0;) {
    _handle.writeSync(constants.Z_FINISH, input, input.length - left, left, output, 0, PIECE);
    if (stream.errored !== null) throw stream.errored;
    [room = PIECE, left = 0] = _writeState;
    yield output.subarray(0, PIECE - room);
  }
}

/** What becomes of a whole input, as far as there is room for it. */
export function intoOne({ stream, _handle, _writeState }: ReusedZlib, input: Buffer, output: Buffer): Buffer {
  stream.reset();
  _handle.writeSync(constants.Z_FINISH, input, 0, input.length, output, 0, output.length);
  if (stream.errored !== null) throw stream.errored;
  const [room = 0] = _writeState;
  return output.subarray(0, output.length - room);
}
