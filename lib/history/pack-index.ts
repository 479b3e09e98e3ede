/** The index beside a pack, version 2: sorted ids, checksums, offsets. */
import { createHash } from 'node:crypto';
import type { ObjectId } from '../terms/ids.ts';
import { Damage } from './damage.ts';

const MAGIC = 0xff744f63;
const FANOUT = 8;
const NAMES = FANOUT + 1024;

/** What the index says of one object. */
export interface IndexedObject {
  readonly oid: ObjectId;
  /** Of the entry's bytes in the pack. */
  readonly crc: number;
  readonly offset: number;
}

/** Refuses an index that is not whole: a wrong offset would lead to another object. */
export function checkIndex(index: Buffer, name: string): void {
  const whole =
    index.length >= NAMES + 40 &&
    createHash('sha1').update(index.subarray(0, -20)).digest().equals(index.subarray(-20));
  if (!whole) throw new Damage(`the checksum of ${name} is wrong`);
  if (index.readUInt32BE(0) !== MAGIC || index.readUInt32BE(4) !== 2)
    throw new Damage(`${name} is not of version 2`);
}

/** Lists the objects of a pack, by id. */
export function listIndex(index: Buffer): readonly Pick<IndexedObject, 'oid' | 'offset'>[] {
  const count = index.readUInt32BE(FANOUT + 255 * 4);
  return Array.from({ length: count }, (_, position) => {
    const at = NAMES + position * 20;
    const oid = index.toString('hex', at, at + 20) as ObjectId;
    return { oid, offset: offsetOf(index, count, position) };
  });
}

/** Finds the offset of an object in its pack. */
export function findInIndex(index: Buffer, oid: ObjectId): number | undefined {
  // Numbers are compared within the program; to compare bytes it would call out of it at each step.
  const wanted = Number.parseInt(oid.slice(0, 8), 16);
  const first = wanted >>> 24;
  const count = index.readUInt32BE(FANOUT + 255 * 4);
  const end = index.readUInt32BE(FANOUT + first * 4);
  let low = first === 0 ? 0 : index.readUInt32BE(FANOUT + (first - 1) * 4);
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (index.readUInt32BE(NAMES + middle * 20) < wanted) low = middle + 1;
    else high = middle;
  }
  for (; low < end; low++) {
    const at = NAMES + low * 20;
    if (index.readUInt32BE(at) !== wanted) return undefined;
    if (index.toString('hex', at, at + 20) === oid) return offsetOf(index, count, low);
  }
  return undefined;
}

function offsetOf(index: Buffer, count: number, position: number): number {
  const offsets = NAMES + count * 24;
  const offset = index.readUInt32BE(offsets + position * 4);
  if (offset < 0x80000000) return offset;
  return Number(index.readBigUInt64BE(offsets + count * 4 + (offset - 0x80000000) * 8));
}

/** Writes the index of a pack; `packChecksum` is the 20 bytes that end the pack. */
export function encodeIndex(objects: readonly IndexedObject[], packChecksum: Buffer): Buffer {
  const sorted = objects.toSorted((a, b) => (a.oid < b.oid ? -1 : 1));
  const large = sorted.filter((object) => object.offset >= 0x80000000);
  const bytes = Buffer.alloc(NAMES + sorted.length * 28 + large.length * 8 + 40);
  bytes.writeUInt32BE(MAGIC, 0);
  bytes.writeUInt32BE(2, 4);
  const [crcs, offsets] = [NAMES + sorted.length * 20, NAMES + sorted.length * 24];
  for (const [i, object] of sorted.entries()) {
    bytes.write(object.oid, NAMES + i * 20, 'hex');
    bytes.writeUInt32BE(object.crc, crcs + i * 4);
    const place = object.offset < 0x80000000 ? object.offset : 0x80000000 + large.indexOf(object);
    bytes.writeUInt32BE(place, offsets + i * 4);
  }
  for (const [i, object] of large.entries())
    bytes.writeBigUInt64BE(BigInt(object.offset), offsets + sorted.length * 4 + i * 8);
  writeFanout(bytes, sorted);
  packChecksum.copy(bytes, bytes.length - 40);
  createHash('sha1')
    .update(bytes.subarray(0, -20))
    .digest()
    .copy(bytes, bytes.length - 20);
  return bytes;
}

function writeFanout(bytes: Buffer, sorted: readonly IndexedObject[]): void {
  let count = 0;
  for (let first = 0; first < 256; first++) {
    while (count < sorted.length && Number.parseInt(sorted[count]?.oid.slice(0, 2) ?? '', 16) <= first)
      count++;
    bytes.writeUInt32BE(count, FANOUT + first * 4);
  }
}
