/** Streams of packed objects, inflated one after the other and beside each other. */
import { randomBytes } from 'node:crypto';
import type * as zlib from 'node:zlib';
import { deflateSync } from 'node:zlib';
import { afterEach, expect, test, vi } from 'vitest';
import { inflatedBytes, inflatedPieces } from '../../lib/history/inflated-pieces.ts';

/** Bytes handed over at once, and sizes about it. */
const PIECE = 1 << 18;
const contents = [1, 7, 4000, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE].flatMap((size) => [
  randomBytes(size),
  Buffer.alloc(size, 'a text that comes again'),
]);

function whole(pieces: Iterable<Buffer>): Buffer {
  return Buffer.concat([...copied(pieces)]);
}

/** A piece is overwritten by the next one. */
function* copied(pieces: Iterable<Buffer>): Generator<Buffer> {
  for (const piece of pieces) yield Buffer.from(piece);
}

afterEach(() => {
  vi.doUnmock('node:zlib');
  vi.resetModules();
});

test('each stream gives what was compressed, whatever lies behind it', () => {
  for (const content of contents) {
    const packed = Buffer.concat([deflateSync(content), randomBytes(300)]);
    expect(whole(inflatedPieces(packed, content.length)).equals(content)).toBe(true);
    expect(inflatedBytes(packed, content.length).equals(content)).toBe(true);
  }
});

test('two streams that are read at once do not come into each other', () => {
  const [one, other] = [randomBytes(2 * PIECE), randomBytes(2 * PIECE)];
  const [mine, yours] = [one, other].map((content) =>
    copied(inflatedPieces(deflateSync(content), content.length)),
  );
  const pairs = Array.from({ length: 2 }, () => [mine?.next().value, yours?.next().value]);
  expect(pairs.map(([piece]) => piece?.toString('hex')).join('') === one.toString('hex')).toBe(true);
  expect(pairs.map(([, piece]) => piece?.toString('hex')).join('') === other.toString('hex')).toBe(true);
});

test('a stream that is cut, damaged, or of another length is an error, and the next one is read right', async () => {
  const content = Buffer.from(Array.from({ length: 5000 }, (_, i) => `line ${i}\n`).join(''));
  const packed = deflateSync(content);
  const damaged = Buffer.from(packed);
  damaged[packed.length >> 1] = (damaged[packed.length >> 1] ?? 0) ^ 0xff;
  const wrongSum = Buffer.from(packed);
  wrongSum[packed.length - 1] = (wrongSum[packed.length - 1] ?? 0) ^ 1;
  const ways = [(stream: Buffer, size: number) => whole(inflatedPieces(stream, size)), inflatedBytes];
  for (const inflate of ways) {
    for (const stream of [packed.subarray(0, -10), damaged, wrongSum])
      expect(() => inflate(stream, content.length)).toThrow(/unexpected end|invalid|incorrect/);
    for (const size of [content.length - 1, content.length + 1])
      expect(() => inflate(packed, size)).toThrow('wrong length');
  }
  // An error that nobody waits for would end the process by now.
  await new Promise((resolve) => setImmediate(resolve));
  expect(whole(inflatedPieces(packed, content.length)).equals(content)).toBe(true);
});

test('a Node that lets nobody at its decompressor does it in its own way', async () => {
  vi.resetModules();
  vi.doMock('node:zlib', async (original) => ({
    ...(await original<typeof zlib>()),
    createInflate: () => ({}),
  }));
  const other = await import('../../lib/history/inflated-pieces.ts');
  for (const content of contents) {
    const pieces = [...other.inflatedPieces(deflateSync(content), content.length)];
    expect(pieces.length).toBe(1);
    expect(pieces[0]?.equals(content)).toBe(true);
    expect(other.inflatedBytes(deflateSync(content), content.length).equals(content)).toBe(true);
  }
  const packed = deflateSync(contents[3] ?? '');
  expect(() => [...other.inflatedPieces(packed, PIECE)]).toThrow('wrong length');
});
