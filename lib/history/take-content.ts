import type { ObjectStore } from '../ports/objects.ts';
import type { FileSystem } from '../ports/world.ts';
import type { ObjectId } from '../terms/ids.ts';
import type { DirectoryAccess } from './directory-access.ts';
import { type Found, foundOf } from './scan-directory.ts';

/** Larger files are read piece by piece. */
const LARGE = 64 << 20;
/** Others that fit are read into the same memory: new memory costs more than reading and hashing what is in it. */
const memory = Buffer.allocUnsafeSlow(4 << 20);

/** Content taken into the store, and how the file looked: reading may have needed a chmod, which dates it anew. */
export interface Taken {
  readonly oid: ObjectId;
  readonly found: Found;
}

/** Takes a file's content or a link's target into the store. */
export function takeContent(
  fs: FileSystem,
  to: { readonly objects: ObjectStore; readonly access: DirectoryAccess },
  found: Found,
): Taken {
  const { objects, access } = to;
  if (found.kind === 'symlink') {
    const target = access.reach(found.path, (full) => fs.readlinkSync(full, { encoding: 'latin1' }));
    return { oid: objects.writeBlob(Buffer.from(target, 'latin1')), found };
  }
  const take = (full: Buffer): ObjectId =>
    found.size > LARGE ? takeLarge(fs, objects, full) : objects.writeBlob(readWhole(fs, full));
  const { result: oid, opened } = access.read(found.path, take);
  if (!opened) return { oid, found };
  return {
    oid,
    found: foundOf(
      found.path,
      found.kind,
      access.reach(found.path, (full) => fs.lstatSync(full, { bigint: true })),
    ),
  };
}

/** Reads a file; the bytes are there until the next one is read. */
function readWhole(fs: FileSystem, full: Buffer): Buffer {
  const fd = fs.openSync(full, 'r');
  try {
    let filled = 0;
    for (let read = -1; read !== 0; filled += read) {
      // A file that is not read to its end grew, or is a long one.
      if (filled === memory.length) return fs.readFileSync(full);
      read = fs.readSync(fd, memory, filled, memory.length - filled, null);
    }
    return memory.subarray(0, filled);
  } finally {
    fs.closeSync(fd);
  }
}

function takeLarge(fs: FileSystem, objects: ObjectStore, full: Buffer): ObjectId {
  const fd = fs.openSync(full, 'r');
  try {
    const size = fs.fstatSync(fd).size;
    return objects.writeBlobFrom({ size, read: (buffer) => fs.readSync(fd, buffer, 0, buffer.length, null) });
  } finally {
    fs.closeSync(fd);
  }
}
