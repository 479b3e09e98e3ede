import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { ObjectType } from '../ports/objects.ts';
import type { FileSystem } from '../ports/world.ts';
import { writeWhole } from '../ports/write-whole.ts';
import type { ObjectId } from '../terms/ids.ts';
import { encodeIndex, type IndexedObject } from './pack-index.ts';
import { replaceFile } from './replace-file.ts';

/** An object that is written with its body as a zlib stream. */
export interface PackedBody {
  readonly oid: ObjectId;
  readonly type: ObjectType;
  /** Bytes of the body. */
  readonly size: number;
}

/** A pack that grows; nothing of it is visible before {@link PackWriter.seal}. */
export interface PackWriter {
  readonly path: string;
  readonly length: number;
  /** Appends an object, whose zlib stream comes in pieces; answers where that starts. */
  append(object: PackedBody, stream: Iterable<Buffer>): number;
  /** Makes what was appended readable from the file (for reads before it is sealed). */
  flush(): void;
  /** Completes the pack and its index; answers the sealed pack's path without its ending. */
  seal(): string;
  discard(): void;
}

/** isomorphic-git reads whole packs into memory, so none grows much beyond this. */
export const PACK_LIMIT = 256 << 20;

const CODES: Readonly<Record<ObjectType, number>> = { commit: 1, tree: 2, blob: 3, tag: 4 };
const SEGMENT = 1 << 20;
const HEADER = 12;
/** Where the first object of every pack starts. */
export const FIRST_OBJECT = HEADER;

/** Starts a pack in a history's `objects/pack`. */
export function createPackWriter(fs: FileSystem, packDir: string, name: string): PackWriter {
  fs.mkdirSync(packDir, { recursive: true });
  const path = join(packDir, `tmp_pack_${name}`);
  fs.rmSync(path, { force: true });
  const fd = fs.openSync(path, 'wx+', 0o600);
  const objects: IndexedObject[] = [];
  const tail = bufferedAppender(fs, fd);
  tail.append(packHeader(0));
  let sealed = false;
  const append: PackWriter['append'] = ({ oid, type, size }, stream) => {
    const header = entryHeader(CODES[type], size);
    const offset = tail.length;
    let crc = crc32(header);
    tail.append(header);
    for (const piece of stream) {
      crc = crc32(piece, crc);
      tail.append(piece);
    }
    objects.push({ oid, crc, offset });
    return offset + header.length;
  };
  return {
    path,
    get length() {
      return tail.length;
    },
    append,
    flush: () => tail.flush(),
    seal: () => {
      tail.flush();
      const checksum = finish(fs, { fd, count: objects.length });
      fs.fsyncSync(fd);
      fs.closeSync(fd);
      sealed = true;
      return publish(fs, { packDir, path, name, checksum, index: encodeIndex(objects, checksum) });
    },
    discard: () => {
      if (!sealed) fs.closeSync(fd);
      fs.rmSync(path, { force: true });
    },
  };
}

function packHeader(count: number): Buffer {
  const header = Buffer.alloc(HEADER);
  header.write('PACK', 'latin1');
  header.writeUInt32BE(2, 4);
  header.writeUInt32BE(count, 8);
  return header;
}

function entryHeader(code: number, size: number): Buffer {
  const bytes = [(code << 4) | (size % 16)];
  for (let rest = Math.floor(size / 16); rest > 0; rest = Math.floor(rest / 128)) {
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) | 0x80;
    bytes.push(rest % 128);
  }
  return Buffer.from(bytes);
}

interface Appender {
  /** What was appended, written or not. */
  readonly length: number;
  append(part: Buffer): void;
  flush(): void;
}

/** Appends to a file in large pieces. What waits is copied: each of many small streams has a buffer of 16 KiB behind it. */
function bufferedAppender(fs: FileSystem, fd: number): Appender {
  const segment = Buffer.allocUnsafe(SEGMENT);
  let waiting = 0;
  let length = 0;
  const flush = (): void => {
    writeWhole(fs, fd, segment.subarray(0, waiting));
    waiting = 0;
  };
  return {
    get length() {
      return length;
    },
    append: (part) => {
      if (waiting + part.length > SEGMENT) flush();
      if (part.length > SEGMENT) writeWhole(fs, fd, part);
      else waiting += part.copy(segment, waiting);
      length += part.length;
    },
    flush,
  };
}

/** Writes the number of objects, which was not known at the start, and the checksum at the end. */
function finish(fs: FileSystem, pack: { readonly fd: number; readonly count: number }): Buffer {
  writeWhole(fs, pack.fd, packHeader(pack.count), 0);
  const sha1 = createHash('sha1');
  const segment = Buffer.allocUnsafe(SEGMENT);
  let position = 0;
  for (let read = -1; read !== 0; position += read) {
    read = fs.readSync(pack.fd, segment, 0, SEGMENT, position);
    sha1.update(segment.subarray(0, read));
  }
  const checksum = sha1.digest();
  writeWhole(fs, pack.fd, checksum, position);
  return checksum;
}

interface Finished {
  readonly packDir: string;
  readonly path: string;
  readonly name: string;
  readonly checksum: Buffer;
  readonly index: Buffer;
}

/** Gives pack and index their names; the index last, since git looks for that. */
function publish(fs: FileSystem, pack: Finished): string {
  const target = join(pack.packDir, `pack-${pack.checksum.toString('hex')}`);
  fs.chmodSync(pack.path, 0o444);
  fs.renameSync(pack.path, `${target}.pack`);
  const index = join(pack.packDir, `tmp_idx_${pack.name}`);
  replaceFile(fs, { path: `${target}.idx`, temporary: index, mode: 0o444, synced: true }, pack.index);
  return target;
}
