import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { constants, inflateSync } from 'node:zlib';
import type { BlobSource, ObjectType } from '../ports/objects.ts';
import type { FileSystem } from '../ports/world.ts';
import type { ObjectId } from '../terms/ids.ts';
import { VarveError } from '../terms/varve-error.ts';
import { Damage } from './damage.ts';
import { type RawObject, readPart } from './pack-reader.ts';
import { replaceFile } from './replace-file.ts';

/** Objects with a file each. */
export interface LooseObjects {
  has(oid: ObjectId): boolean;
  /** Forgets what it knows of the directories, since others write there too. */
  refresh(): void;
  read(oid: ObjectId): RawObject;
  describe(oid: ObjectId): { readonly type: ObjectType; readonly size: number };
  /** Writes `<type> <size>\0<body>`, already a zlib stream. */
  write(oid: ObjectId, deflated: Uint8Array): void;
  /** Writes a blob of any size, uncompressed, in little memory. */
  writeLarge(source: BlobSource): ObjectId;
}

/** Opens the loose objects below `objects/` of a repository. */
export function openLooseObjects(fs: FileSystem, objectsDir: string): LooseObjects {
  const known = new Map<string, Set<string>>();
  const namesIn = (fan: string): Set<string> => {
    const found = known.get(fan) ?? new Set(listDirectory(fs, join(objectsDir, fan)));
    known.set(fan, found);
    return found;
  };
  const pathOf = (oid: ObjectId): string => join(objectsDir, oid.slice(0, 2), oid.slice(2));
  const note = (oid: ObjectId): void => {
    namesIn(oid.slice(0, 2)).add(oid.slice(2));
  };
  return {
    has: (oid) => namesIn(oid.slice(0, 2)).has(oid.slice(2)),
    refresh: () => known.clear(),
    read: (oid) => splitHeader(inflateSync(fs.readFileSync(pathOf(oid)))),
    describe: (oid) => {
      const start = readPart(fs, pathOf(oid), { start: 0, length: 512 });
      return parseHeader(inflateSync(start, { finishFlush: constants.Z_SYNC_FLUSH }));
    },
    write: (oid, deflated) => {
      fs.mkdirSync(join(objectsDir, oid.slice(0, 2)), { recursive: true });
      replaceFile(
        fs,
        { path: pathOf(oid), temporary: join(objectsDir, oid.slice(0, 2), `tmp_obj_${oid}`), mode: 0o444 },
        deflated,
      );
      note(oid);
    },
    writeLarge: (source) => {
      const temporary = join(objectsDir, 'tmp_obj_large');
      const oid = writeStored(fs, temporary, source);
      fs.mkdirSync(join(objectsDir, oid.slice(0, 2)), { recursive: true });
      fs.chmodSync(temporary, 0o444);
      fs.renameSync(temporary, pathOf(oid));
      note(oid);
      return oid;
    },
  };
}

function listDirectory(fs: FileSystem, path: string): readonly string[] {
  return fs.existsSync(path) ? fs.readdirSync(path) : [];
}

function parseHeader(bytes: Buffer): {
  readonly type: ObjectType;
  readonly size: number;
  readonly start: number;
} {
  const end = bytes.indexOf(0);
  const match = /^(blob|tree|commit|tag) (\d+)$/.exec(bytes.toString('latin1', 0, Math.max(end, 0)));
  if (match === null) throw new Damage('an object has no proper header');
  return { type: match[1] as ObjectType, size: Number(match[2]), start: end + 1 };
}

function splitHeader(bytes: Buffer): RawObject {
  const { type, size, start } = parseHeader(bytes);
  if (bytes.length - start !== size) throw new Damage('an object has the wrong length');
  return { type, body: bytes.subarray(start) };
}

const PIECE = 1 << 20;
/** The longest stored block that deflate allows. */
const BLOCK = 0xffff;

/** Writes a zlib stream of stored blocks; what it costs is reading, hashing and writing. */
function writeStored(fs: FileSystem, path: string, source: BlobSource): ObjectId {
  fs.rmSync(path, { force: true });
  const fd = fs.openSync(path, 'wx', 0o600);
  try {
    const sha1 = createHash('sha1');
    const header = Buffer.from(`blob ${source.size}\0`, 'latin1');
    const put = (bytes: Buffer): void => {
      for (let done = 0; done < bytes.length;) done += fs.writeSync(fd, bytes, done, bytes.length - done);
    };
    sha1.update(header);
    let adler = adler32(1, header);
    put(Buffer.concat([Buffer.from([0x78, 0x01]), storedBlock(header, false)]));
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
  const block = Buffer.allocUnsafe(5 + bytes.length);
  block[0] = last ? 1 : 0;
  block.writeUInt16LE(bytes.length, 1);
  block.writeUInt16LE(bytes.length ^ 0xffff, 3);
  bytes.copy(block, 5);
  return block;
}

function adler32(start: number, bytes: Buffer): number {
  let a = start & 0xffff;
  let b = start >>> 16;
  for (let at = 0; at < bytes.length;) {
    // 3800 bytes at most keep both sums exact within 32 bits.
    const end = Math.min(at + 3800, bytes.length);
    for (; at < end; at++) {
      a += bytes[at] ?? 0;
      b += a;
    }
    a %= 65521;
    b %= 65521;
  }
  return ((b << 16) | a) >>> 0;
}
