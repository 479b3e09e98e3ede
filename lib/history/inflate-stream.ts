/**
 * Reads any zlib stream (RFC 1950 and 1951) in little memory: that of a large object which git compressed. Node's own
 * decompressor, which is several times as fast, has all in memory at once or makes its caller wait.
 */
import { adler32 } from './adler32.ts';
import { Damage } from './damage.ts';
import type { ReadAt } from './piecewise-stream.ts';

/** How far back a copy may reach. */
const WINDOW = 1 << 15;
/** Bytes handed over at once. */
const PIECE = 1 << 20;
const LONGEST_COPY = 258;
/** Bytes read at once. */
const CHUNK = 1 << 17;

/** Hands over the content of a stream; each piece is to be used before the next is asked for. */
export function* inflateStream(
  read: ReadAt,
  { start, size }: { readonly start: number; readonly size: number },
): Generator<Buffer> {
  const input: Input = { read, next: start, bytes: Buffer.alloc(0), at: 0, hold: 0, bits: 0 };
  const output: Output = { bytes: Buffer.alloc(WINDOW + PIECE + LONGEST_COPY), filled: WINDOW, made: 0 };
  let adler = 1;
  beginStream(input);
  for (const _ of blocks(input, output)) {
    const piece = output.bytes.subarray(WINDOW, output.filled);
    output.made += piece.length;
    if (output.made > size) throw new Damage('its stream is longer than it should be');
    adler = adler32(adler, piece);
    yield piece;
    output.bytes.copyWithin(0, output.filled - WINDOW, output.filled);
    output.filled = WINDOW;
  }
  take(input, input.bits % 8);
  const sum = [24, 16, 8, 0].reduce((all, shift) => all + take(input, 8) * 2 ** shift, 0);
  if (output.made !== size || sum !== adler) throw new Damage('its stream does not end as it should');
}

interface Input {
  readonly read: ReadAt;
  /** Where to read on in the file. */
  next: number;
  bytes: Buffer;
  at: number;
  /** Bits that were taken from the bytes and not used, the next one lowest. */
  hold: number;
  bits: number;
}

interface Output {
  /** The last of what was handed over, up to {@link WINDOW}, and then what was not. */
  readonly bytes: Buffer;
  filled: number;
  /** Bytes that were handed over. */
  made: number;
}

function fill(input: Input, bits: number): void {
  while (input.bits < bits) {
    if (input.at === input.bytes.length) {
      input.bytes = input.read(input.next, CHUNK);
      input.next += input.bytes.length;
      input.at = 0;
      if (input.bytes.length === 0) throw new Damage('its stream ends early');
    }
    input.hold |= (input.bytes[input.at++] ?? 0) << input.bits;
    input.bits += 8;
  }
}

function take(input: Input, bits: number): number {
  fill(input, bits);
  const value = input.hold & ((1 << bits) - 1);
  input.hold >>>= bits;
  input.bits -= bits;
  return value;
}

function beginStream(input: Input): void {
  const [method, flags] = [take(input, 8), take(input, 8)];
  const isPlain = (method & 15) === 8 && (flags & 0x20) === 0;
  if (!isPlain || (method * 256 + flags) % 31 !== 0) throw new Damage('it is no zlib stream');
}

/** Fills the output, and stops each time that it is full, and at the end. */
function* blocks(input: Input, output: Output): Generator<void> {
  for (let last = false; !last;) {
    last = take(input, 1) === 1;
    const kind = take(input, 2);
    if (kind === 0) yield* storedBlock(input, output);
    else {
      const codes = kind === 1 ? fixedCodes() : kind === 2 ? readCodes(input) : undefined;
      if (codes === undefined) throw new Damage('its stream has a block of no known kind');
      while (!inflateCodes(input, output, codes)) yield;
    }
  }
  yield;
}

function* storedBlock(input: Input, output: Output): Generator<void> {
  take(input, input.bits % 8);
  const [length, inverted] = [take(input, 16), take(input, 16)];
  if ((length ^ 0xffff) !== inverted) throw new Damage('its stored blocks are damaged');
  for (let left = length; left > 0;) {
    if (output.filled >= WINDOW + PIECE) yield;
    // What is held already, and what is to be read anew, comes by way of the bits.
    const isNext = input.bits === 0 && input.at < input.bytes.length;
    const part = isNext
      ? input.bytes.subarray(input.at, input.at + Math.min(left, LONGEST_COPY))
      : [take(input, 8)];
    output.bytes.set(part, output.filled);
    output.filled += part.length;
    if (isNext) input.at += part.length;
    left -= part.length;
  }
}

/** By the next bits, as many as the longest code has: the symbol times 16, and the length of its code; 0: there is none. */
interface Code {
  readonly entries: Uint16Array;
  readonly longest: number;
}

interface Codes {
  readonly literals: Code;
  readonly distances: Code;
}

/** Makes a code of the lengths of its symbols. Only one of a single symbol, or of none, has no answer to some bits. */
function codeOf(lengths: readonly number[]): Code {
  const longest = Math.max(1, ...lengths);
  const entries = new Uint16Array(1 << longest);
  let code = 0;
  for (let length = 1; length <= longest; length++) {
    code *= 2;
    for (const [symbol, own] of lengths.entries()) {
      if (own !== length) continue;
      if (code >= 1 << length) throw new Damage('its stream has a code with too many symbols');
      for (let at = reversed(code, length); at < entries.length; at += 1 << length)
        entries[at] = symbol * 16 + length;
      code++;
    }
  }
  if (code !== 1 << longest && lengths.filter((length) => length > 0).length > 1)
    throw new Damage('its stream has a code with too few symbols');
  return { entries, longest };
}

function reversed(code: number, length: number): number {
  let bits = 0;
  for (let i = 0; i < length; i++) bits |= ((code >> i) & 1) << (length - 1 - i);
  return bits;
}

function symbolOf(input: Input, { entries, longest }: Code): number {
  // After the last code comes a checksum, so there is always so much.
  fill(input, longest);
  const entry = entries[input.hold & ((1 << longest) - 1)] ?? 0;
  if (entry === 0) throw new Damage('its stream has a code without a symbol');
  input.hold >>>= entry & 15;
  input.bits -= entry & 15;
  return entry >> 4;
}

const times = (count: number, length: number): readonly number[] =>
  Array.from({ length: count }, () => length);

let fixed: Codes | undefined;

function fixedCodes(): Codes {
  fixed ??= {
    literals: codeOf([...times(144, 8), ...times(112, 9), ...times(24, 7), ...times(8, 8)]),
    distances: codeOf(times(32, 5)),
  };
  return fixed;
}

/** In this order the lengths of the code are written that the lengths of the others are written in. */
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

function readCodes(input: Input): Codes {
  const [literals, distances, count] = [take(input, 5) + 257, take(input, 5) + 1, take(input, 4) + 4];
  const own = Array.from(times(19, 0));
  for (const symbol of ORDER.slice(0, count)) own[symbol] = take(input, 3);
  const code = codeOf(own);
  const lengths: number[] = [];
  while (lengths.length < literals + distances) {
    const symbol = symbolOf(input, code);
    if (symbol < 16) lengths.push(symbol);
    else if (symbol === 16) lengths.push(...times(3 + take(input, 2), lengths.at(-1) ?? 0));
    else lengths.push(...times(symbol === 17 ? 3 + take(input, 3) : 11 + take(input, 7), 0));
  }
  return {
    literals: codeOf(lengths.slice(0, literals)),
    distances: codeOf(lengths.slice(literals, literals + distances)),
  };
}

const END_OF_BLOCK = 256;
/** Bases of lengths and distances, each with the number of bits that are added to it. */
const LENGTHS = steps(
  3,
  [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5],
);
const DISTANCES = steps(1, [0, 0, ...Array.from({ length: 28 }, (_, i) => i >> 1)]);

interface Step {
  readonly base: number;
  readonly extra: number;
}

function steps(first: number, extras: readonly number[]): readonly Step[] {
  let base = first;
  return extras.map((extra) => {
    base += 2 ** extra;
    return { base: base - 2 ** extra, extra };
  });
}

/** Goes on in a block until the output is full, or to the block's end, which it answers. */
function inflateCodes(input: Input, output: Output, { literals, distances }: Codes): boolean {
  const { bytes } = output;
  while (output.filled < WINDOW + PIECE) {
    const symbol = symbolOf(input, literals);
    if (symbol < END_OF_BLOCK) bytes[output.filled++] = symbol;
    else if (symbol === END_OF_BLOCK) return true;
    else {
      const length = symbol === 285 ? LONGEST_COPY : added(input, LENGTHS[symbol - 257]);
      const distance = added(input, DISTANCES[symbolOf(input, distances)]);
      if (distance > output.made + output.filled - WINDOW)
        throw new Damage('its stream copies what was before its beginning');
      const end = output.filled + length;
      for (let to = output.filled, from = to - distance; to < end;) bytes[to++] = bytes[from++] ?? 0;
      output.filled = end;
    }
  }
  return false;
}

function added(input: Input, step: Step | undefined): number {
  if (step === undefined) throw new Damage('its stream has a code without a symbol');
  return step.base + take(input, step.extra);
}
