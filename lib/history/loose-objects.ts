import { join } from 'node:path';
import { constants, inflateSync } from 'node:zlib';
import type { BlobContent, BlobSource, ObjectType } from '../ports/objects.ts';
import type { FileSystem } from '../ports/world.ts';
import type { ObjectId } from '../terms/ids.ts';
import { byKey } from '../terms/by-key.ts';
import { Damage } from './damage.ts';
import { inflateStream } from './inflate-stream.ts';
import { gathered, HUGE, proven, type RawObject, reading, readPart } from './pack-reader.ts';
import type { ReadAt } from './piecewise-stream.ts';
import { namesIn } from './names-in.ts';
import { hasCode, orRemove, replaceFile } from './replace-file.ts';
import { readStored, storedBytes, writeStored } from './stored-stream.ts';

/** Objects with a file each. */
export interface LooseObjects {
  has(oid: ObjectId): boolean;
  /** Makes the same for many, which lists each directory once: of what came since it may tell that it is not there. */
  hasMany(): (oid: ObjectId) => boolean;
  read(oid: ObjectId): RawObject;
  describe(oid: ObjectId): { readonly type: ObjectType; readonly size: number };
  /** The content of a large blob, piece by piece; undefined for any other object. */
  large(oid: ObjectId): BlobContent | undefined;
  /** Writes `<type> <size>\0<body>`, already a zlib stream. */
  write(oid: ObjectId, deflated: Uint8Array): void;
  /** Writes a blob of any size, uncompressed, in little memory; it does not stay where `isThere` knows it. */
  writeLarge(source: BlobSource, isThere: (oid: ObjectId) => boolean): ObjectId;
}

/** Files of fewer bytes are read whole: nobody writes smaller blobs piece by piece. */
const LARGE = 16 << 20;
/** In fewer bytes no blob is compressed that is to be read piece by piece: deflate makes at most 1032 of one. */
const LEAST = HUGE >> 11;

/** Opens the loose objects below `objects/` of a repository. */
export function openLooseObjects(fs: FileSystem, objectsDir: string): LooseObjects {
  const pathOf = (oid: ObjectId): string => `${objectsDir}/${oid.slice(0, 2)}/${oid.slice(2)}`;
  const largeAt = (oid: ObjectId): BlobContent | undefined => {
    const path = pathOf(oid);
    const { size } = fs.statSync(path);
    const stored = size < LARGE ? undefined : readStored(fs, path, oid);
    return stored ?? (size < LEAST ? undefined : compressed(fs, path, oid));
  };
  return {
    has: (oid) => fs.existsSync(pathOf(oid)),
    hasMany: () => {
      const list = byKey(
        (directory: string) => new Set(namesIn(fs, `${objectsDir}/${directory}`)),
        (directory) => directory,
      );
      return (oid) => list(oid.slice(0, 2)).has(oid.slice(2)) && fs.existsSync(pathOf(oid));
    },
    read: (oid) => {
      try {
        const stream = fs.readFileSync(pathOf(oid));
        return splitHeader(storedBytes(stream) ?? inflateSync(stream));
      } catch (error) {
        // Node reads no file of more than 2 GiB at once.
        const large = hasCode(error, 'ERR_FS_FILE_TOO_LARGE') && largeAt(oid);
        if (!large) throw error;
        return { type: 'blob', body: gathered(large.size, large.pieces()) };
      }
    },
    describe: (oid) => headerOf(fs, pathOf(oid)),
    large: largeAt,
    write: (oid, deflated) =>
      replaceFile(
        fs,
        { path: pathOf(oid), temporary: join(objectsDir, oid.slice(0, 2), `tmp_obj_${oid}`), mode: 0o444 },
        deflated,
      ),
    writeLarge: (source, isThere) => {
      const temporary = join(objectsDir, 'tmp_obj_large');
      return orRemove(fs, temporary, () => {
        const oid = writeStored(fs, temporary, source);
        if (isThere(oid)) {
          fs.rmSync(temporary);
          return oid;
        }
        fs.mkdirSync(join(objectsDir, oid.slice(0, 2)), { recursive: true });
        fs.chmodSync(temporary, 0o444);
        fs.renameSync(temporary, pathOf(oid));
        return oid;
      });
    },
  };
}

/** Opens a large blob that git compressed. */
function compressed(fs: FileSystem, path: string, oid: ObjectId): BlobContent | undefined {
  const { type, size, start } = headerOf(fs, path);
  if (type !== 'blob' || size < HUGE) return undefined;
  function* content(read: ReadAt): Generator<Buffer> {
    let before = start;
    for (const piece of inflateStream(read, { start: 0, size: start + size })) {
      yield piece.subarray(before);
      before = 0;
    }
  }
  return { size, pieces: () => proven(oid, size, reading(fs, path, content)) };
}

function headerOf(fs: FileSystem, path: string): ReturnType<typeof parseHeader> {
  const start = readPart(fs, path, { start: 0, length: 512 });
  return parseHeader(inflateSync(start, { finishFlush: constants.Z_SYNC_FLUSH }));
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
