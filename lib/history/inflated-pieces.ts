/**
 * Whole zlib streams, inflated without waiting by one of Node's decompressors after the other. `inflateSync` makes a new
 * one for each, and new memory for all that comes out: of a source file that is more work than inflating it.
 */
import { constants, createInflate, type Inflate, inflateSync } from 'node:zlib';
import { Damage } from './damage.ts';

/** Bytes handed over at once. */
const PIECE = 1 << 18;

/** What Node's own `inflateSync` calls; it is in no manual, so that another Node may be without it. */
interface Native {
  readonly _handle?: { writeSync(flush: number, ...inAndOut: readonly (Buffer | number)[]): void };
  /** Bytes of room that are left, and bytes that were not read. */
  readonly _writeState?: Uint32Array;
}

interface Decompressor extends Required<Native> {
  readonly stream: Inflate;
  readonly output: Buffer;
}

/** Those that nothing is inflated with. */
const idle: Decompressor[] = [];

/** Hands over the content of a stream, `size` bytes; each piece is to be used before the next is asked for. */
export function* inflatedPieces(packed: Buffer, size: number): Generator<Buffer> {
  const decompressor = idle.pop() ?? createDecompressor(createInflate());
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
  if (made !== size) throw new Damage('a packed object has the wrong length');
}

/** Undefined where Node has no such thing. */
function createDecompressor(stream: Inflate & Native): Decompressor | undefined {
  const { _handle, _writeState } = stream;
  if (typeof _handle?.writeSync !== 'function' || _writeState === undefined) return undefined;
  // What is thrown at the one who asks is told a second time, when nobody does.
  stream.on('error', () => {});
  return { stream, _handle, _writeState, output: Buffer.allocUnsafeSlow(PIECE) };
}

function* piecesBy(
  { stream, _handle, _writeState, output }: Decompressor,
  packed: Buffer,
): Generator<Buffer> {
  stream.reset();
  for (let [left, room] = [packed.length, 0]; room === 0;) {
    _handle.writeSync(constants.Z_FINISH, packed, packed.length - left, left, output, 0, PIECE);
    if (stream.errored !== null) throw stream.errored;
    [room = PIECE, left = 0] = _writeState;
    yield output.subarray(0, PIECE - room);
  }
}

function inflateWhole(packed: Buffer, size: number): Buffer {
  // Room for a byte more than there is, so that it is done in one piece.
  const chunkSize = Math.max(size + 1, constants.Z_MIN_CHUNK);
  return inflateSync(packed, { maxOutputLength: size, chunkSize });
}
