/**
 * Zlib streams of stored blocks: how very small objects and large blobs are kept. What a large one costs is reading,
 * hashing and writing, in little memory, and node can do that without waiting.
 */
import { createHash } from 'node:crypto';
import type { BlobContent, BlobSource } from '../ports/objects.ts';
import type { FileSystem } from '../ports/world.ts';
import { writeWhole } from '../ports/write-whole.ts';
import type { ObjectId } from '../terms/ids.ts';
import { VarveError } from '../terms/varve-error.ts';
import { adler32 } from './adler32.ts';
import { Damage } from './damage.ts';
import { readPart } from './pack-reader.ts';

const PIECE = 1 << 20;
/** The longest stored block that deflate allows. */
const BLOCK = 0xffff;

/** Bytes before a block: whether it is the last, its length, and that length again, inverted. */
const BLOCK_HEADER = 5;
const ZLIB_HEADER = Buffer.from([0x78, 0x01]);

/** Makes a stream of at most 65535 bytes. */
export function storedStream(bytes: Buffer): Buffer {
  const end = Buffer.alloc(4);
  end.writeUInt32BE(adler32(1, bytes));
  return Buffer.concat([ZLIB_HEADER, storedBlock(bytes, true), end]);
}

/** Reads what {@link storedStream} made, without a decompressor; undefined where the stream is another, or damaged. */
export function storedBytes(stream: Buffer): Buffer | undefined {
  const start = ZLIB_HEADER.length + BLOCK_HEADER;
  const end = stream.length - 4;
  if (end < start || !stream.subarray(0, ZLIB_HEADER.length).equals(ZLIB_HEADER) || stream[2] !== 1)
    return undefined;
  const [length, inverted] = [stream.readUInt16LE(3), stream.readUInt16LE(5)];
  const bytes = stream.subarray(start, end);
  const isWhole = bytes.length === length && (length ^ 0xffff) === inverted;
  return isWhole && stream.readUInt32BE(end) === adler32(1, bytes) ? bytes : undefined;
}

/** Writes a blob as a loose object. */
export function writeStored(fs: FileSystem, path: string, source: BlobSource): ObjectId {
  fs.rmSync(path, { force: true });
  const fd = fs.openSync(path, 'wx', 0o600);
  try {
    const sha1 = createHash('sha1');
    const header = Buffer.from(`blob ${source.size}\0`, 'latin1');
    const put = (bytes: Buffer): void => writeWhole(fs, fd, bytes);
    sha1.update(header);
    let adler = adler32(1, header);
    put(Buffer.concat([ZLIB_HEADER, storedBlock(header, false)]));
    for (const piece of piecesOf(source)) {
      sha1.update(piece);
      adler = adler32(adler, piece);
      for (let at = 0; at < piece.length; at += BLOCK)
        put(storedBlock(piece.subarray(at, at + BLOCK), false));
    }
    const end = Buffer.alloc(4);
    end.writeUInt32BE(adler);
    put(Buffer.concat([storedBlock(Buffer.alloc(0), true), end]));
    fs.fsyncSync(fd);
    return sha1.digest('hex') as ObjectId;
  } finally {
    fs.closeSync(fd);
  }
}

/** Opens what {@link writeStored} wrote; undefined where the stream is another. */
export function readStored(fs: FileSystem, path: string, oid: ObjectId): BlobContent | undefined {
  const header = blobHeader(readPart(fs, path, { start: 0, length: 64 }));
  if (header === undefined) return undefined;
  return { size: header.size, pieces: () => blocksOf(fs, { path, oid, ...header }) };
}

interface Header {
  readonly size: number;
  /** Of the git header itself, which has a block of its own. */
  readonly length: number;
}

interface Stored extends Header {
  readonly path: string;
  readonly oid: ObjectId;
}

function blobHeader(start: Buffer): Header | undefined {
  const at = ZLIB_HEADER.length + BLOCK_HEADER;
  if (start.length < 64 || !start.subarray(0, ZLIB_HEADER.length).equals(ZLIB_HEADER) || start[2] !== 0)
    return undefined;
  const length = start.readUInt16LE(3);
  const size = /^blob (\d+)\0$/.exec(start.toString('latin1', at, at + length))?.[1];
  return size === undefined ? undefined : { size: Number(size), length };
}

/** Hands over the content; throws at its end where it was not what the name says. */
function* blocksOf(fs: FileSystem, { path, oid, size, length }: Stored): Generator<Buffer> {
  const fd = fs.openSync(path, 'r');
  try {
    const take = taker(fs, fd);
    take(ZLIB_HEADER.length + BLOCK_HEADER);
    const sha1 = createHash('sha1').update(take(length));
    let left = size;
    for (let last = false; !last;) {
      const head = take(BLOCK_HEADER);
      const kind = head.readUInt8(0);
      last = kind === 1;
      const block = take(head.readUInt16LE(1));
      left -= block.length;
      if (kind > 1 || left < 0) throw new Damage('its stored blocks are damaged');
      sha1.update(block);
      if (block.length > 0) yield block;
    }
    if (left > 0 || sha1.digest('hex') !== oid) throw new Damage('its content is another one');
  } finally {
    fs.closeSync(fd);
  }
}

/** Takes so many bytes of a file as are asked for, one after the other; they are there until the next call. */
function taker(fs: FileSystem, fd: number): (length: number) => Buffer {
  const buffer = Buffer.allocUnsafe(PIECE);
  let [start, end] = [0, 0];
  return (length) => {
    if (end - start < length) {
      buffer.copyWithin(0, start, end);
      [start, end] = [0, end - start];
      for (let read = -1; read !== 0 && end < length;) {
        read = fs.readSync(fd, buffer, end, PIECE - end, null);
        end += read;
      }
    }
    if (end - start < length) throw new Damage('it ends early');
    start += length;
    return buffer.subarray(start - length, start);
  };
}

function* piecesOf(source: BlobSource): Generator<Buffer> {
  const buffer = Buffer.allocUnsafe(PIECE);
  for (let left = source.size; left > 0;) {
    const read = Math.min(source.read(buffer.subarray(0, Math.min(left, PIECE))), left);
    if (read === 0) throw new VarveError('task', 'a file became shorter while it was recorded');
    yield buffer.subarray(0, read);
    left -= read;
  }
}

function storedBlock(bytes: Buffer, last: boolean): Buffer {
  const block = Buffer.allocUnsafe(BLOCK_HEADER + bytes.length);
  block[0] = last ? 1 : 0;
  block.writeUInt16LE(bytes.length, 1);
  block.writeUInt16LE(bytes.length ^ 0xffff, 3);
  bytes.copy(block, BLOCK_HEADER);
  return block;
}
