/** Streams that objects are packed as, made one after the other and beside each other. */
import { randomBytes } from 'node:crypto';
import type * as zlib from 'node:zlib';
import { inflateSync } from 'node:zlib';
import { afterEach, expect, test, vi } from 'vitest';
import { deflatedPieces, FAST, SMALL, STORED } from '../../lib/history/deflated-pieces.ts';

/** Bytes handed over at once, and sizes about it. */
const PIECE = 1 << 18;
const contents = [0, 1, 7, 4000, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE].flatMap((size) => [
  randomBytes(size),
  Buffer.alloc(size, 'a text that comes again'),
]);
const EFFORTS = [STORED, FAST, SMALL];

/** A piece is overwritten by the next one. */
const copied = (pieces: Iterable<Buffer>): Iterator<Buffer> =>
  (function* copying() {
    for (const piece of pieces) yield Buffer.from(piece);
  })();

function whole(pieces: Iterable<Buffer>): Buffer {
  const copies = copied(pieces);
  const all: Buffer[] = [];
  for (let next = copies.next(); next.done !== true; next = copies.next()) all.push(next.value);
  return Buffer.concat(all);
}

afterEach(() => {
  vi.doUnmock('node:zlib');
  vi.resetModules();
});

test('each stream gives what was compressed, with whatever effort', () => {
  for (const effort of EFFORTS)
    for (const content of contents)
      expect(inflateSync(whole(deflatedPieces(content, effort))).equals(content)).toBe(true);
});

test('bytes in the middle of other memory are taken, and no others', () => {
  const memory = randomBytes(10_000);
  const part = new Uint8Array(memory.buffer, memory.byteOffset + 100, 300);
  expect(inflateSync(whole(deflatedPieces(part, FAST))).equals(memory.subarray(100, 400))).toBe(true);
});

test('two streams that are made at once do not come into each other, and one given up spoils no other', () => {
  const [one, other] = [randomBytes(2 * PIECE), randomBytes(2 * PIECE)];
  const [mine, yours] = [copied(deflatedPieces(one, FAST)), copied(deflatedPieces(other, FAST))];
  const [my, your]: [Buffer[], Buffer[]] = [[], []];
  for (let [a, b] = [mine.next(), yours.next()]; a.done !== true && b.done !== true;) {
    my.push(a.value);
    your.push(b.value);
    [a, b] = [mine.next(), yours.next()];
  }
  expect(inflateSync(Buffer.concat(my)).equals(one)).toBe(true);
  expect(inflateSync(Buffer.concat(your)).equals(other)).toBe(true);
  for (const piece of deflatedPieces(one, FAST)) if (piece.length > 0) break;
  expect(inflateSync(whole(deflatedPieces(other, FAST))).equals(other)).toBe(true);
});

test('a Node that lets nobody at its compressor does it in its own way', async () => {
  vi.resetModules();
  vi.doMock('node:zlib', async (original) => ({
    ...(await original<typeof zlib>()),
    createDeflate: () => ({}),
  }));
  const other = await import('../../lib/history/deflated-pieces.ts');
  for (const content of contents) {
    const pieces = [...other.deflatedPieces(content, other.FAST)];
    expect(pieces.length).toBe(1);
    expect(inflateSync(pieces[0] ?? '').equals(content)).toBe(true);
  }
});
