import type { ObjectStore, TreeEntry } from '../ports/objects.ts';
import { createHash } from 'node:crypto';
import type { ObjectId, TreeId } from '../terms/ids.ts';
import { objectId } from '../trees/object-id.ts';
import { encodeTree, inTreeOrder } from './object-format.ts';

/** Blobs up to this size are kept, since writing a tree may ask for them again. */
const KEPT = 1 << 20;

/** A store that only names what is written to it; for looking at a directory without recording it. */
export function hashOnly(objects: ObjectStore): ObjectStore {
  const blobs = new Map<ObjectId, Buffer>();
  const sizes = new Map<ObjectId, number>();
  const trees = new Map<ObjectId, readonly TreeEntry[]>();
  const remember = (oid: ObjectId, size: number): ObjectId => {
    sizes.set(oid, size);
    return oid;
  };
  return {
    ...objects,
    has: (oid) => sizes.has(oid) || trees.has(oid) || objects.has(oid),
    size: (oid) => sizes.get(oid) ?? objects.size(oid),
    readBlob: (oid) => blobs.get(oid) ?? objects.readBlob(oid),
    openBlob: (oid) => {
      const bytes = blobs.get(oid);
      if (bytes === undefined) return objects.openBlob(oid);
      return { size: bytes.length, pieces: () => [bytes] };
    },
    readTree: (oid) => trees.get(oid) ?? objects.readTree(oid),
    writeBlob: (bytes) => {
      const oid = objectId('blob', bytes);
      if (bytes.length <= KEPT) blobs.set(oid, Buffer.from(bytes));
      return remember(oid, bytes.length);
    },
    writeBlobFrom: (source) => {
      const sha1 = createHash('sha1').update(`blob ${source.size}\0`);
      const buffer = Buffer.allocUnsafe(KEPT);
      for (let read = source.read(buffer); read > 0; read = source.read(buffer))
        sha1.update(buffer.subarray(0, read));
      return remember(sha1.digest('hex') as ObjectId, source.size);
    },
    writeTree: (entries) => {
      const ordered = inTreeOrder(entries);
      const oid = objectId('tree', encodeTree(ordered)) as TreeId;
      trees.set(oid, ordered);
      return oid;
    },
    batch: (work) => work(),
  };
}
