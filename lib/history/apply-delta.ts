import { Damage } from './damage.ts';

/** Rebuilds an object from its base and a delta, as `git gc` leaves them in packs. */
export function applyDelta(base: Buffer, delta: Buffer): Buffer {
  const cursor = { bytes: delta, at: 0 };
  const baseSize = readSize(cursor);
  const result = Buffer.allocUnsafe(readSize(cursor));
  if (baseSize !== base.length) throw new Damage('a delta does not fit its base');
  let filled = 0;
  while (cursor.at < delta.length) {
    const code = nextByte(cursor);
    if (code & 0x80) {
      const { offset, length } = readCopy(cursor, code);
      filled += base.copy(result, filled, offset, offset + length);
    } else {
      filled += delta.copy(result, filled, cursor.at, cursor.at + code);
      cursor.at += code;
    }
  }
  if (filled !== result.length) throw new Damage('a delta ends early');
  return result;
}

/** The size of what a delta makes. */
export function deltaResultSize(delta: Buffer): number {
  const cursor = { bytes: delta, at: 0 };
  readSize(cursor);
  return readSize(cursor);
}

interface Cursor {
  readonly bytes: Buffer;
  at: number;
}

function nextByte(cursor: Cursor): number {
  return cursor.bytes[cursor.at++] ?? 0;
}

function readSize(cursor: Cursor): number {
  let size = 0;
  let scale = 1;
  for (let byte = 0x80; byte & 0x80; scale *= 128) {
    byte = nextByte(cursor);
    size += (byte & 0x7f) * scale;
  }
  return size;
}

/** Offset and length of a copy: a bit of the code for each byte that is there. */
function readCopy(cursor: Cursor, code: number): { readonly offset: number; readonly length: number } {
  let offset = 0;
  let length = 0;
  for (let i = 0; i < 4; i++) if (code & (1 << i)) offset += nextByte(cursor) * 2 ** (8 * i);
  for (let i = 0; i < 3; i++) if (code & (0x10 << i)) length += nextByte(cursor) * 2 ** (8 * i);
  return { offset, length: length === 0 ? 0x10000 : length };
}
