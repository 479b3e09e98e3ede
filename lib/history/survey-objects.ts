import type { FileSystem } from '../ports/world.ts';
import type { ObjectId } from '../terms/ids.ts';
import { type LooseFile, listObjectFiles, type PackFile } from './list-object-files.ts';
import { checkIndex, listIndex } from './pack-index.ts';
import { openPack } from './pack-reader.ts';

/** The objects of a repository by the files that hold them, nothing of them read. */
export interface StoredObjects {
  readonly loose: readonly LooseFile[];
  readonly packs: readonly StoredPack[];
}

export interface StoredPack extends PackFile {
  readonly objects: readonly PackedObject[];
  /** What is in it was compressed while somebody waited. */
  readonly isHasty: boolean;
}

export interface PackedObject {
  readonly oid: ObjectId;
  /** Bytes in the pack. */
  readonly length: number;
}

/** Bytes after the last object of a pack: its checksum. */
const TRAILER = 20;

/** Looks where the objects of a repository lie, and how much room each takes. */
export function surveyObjects(fs: FileSystem, gitDir: string): StoredObjects {
  const { loose, packs } = listObjectFiles(fs, gitDir);
  return { loose, packs: packs.map((file) => surveyPack(fs, file)) };
}

function surveyPack(fs: FileSystem, file: PackFile): StoredPack {
  const index = fs.readFileSync(`${file.path}.idx`);
  checkIndex(index, `${file.path}.idx`);
  const inOrder = listIndex(index).toSorted((a, b) => a.offset - b.offset);
  const end = fs.statSync(`${file.path}.pack`).size - TRAILER;
  const objects = inOrder.map(({ oid, offset }, i) => ({
    oid,
    length: (inOrder[i + 1]?.offset ?? end) - offset,
  }));
  const [first] = inOrder;
  const noBase = (): never => {
    throw new Error('nothing is read here');
  };
  const isHasty = first !== undefined && openPack(fs, file.path, noBase).isHasty(first.offset);
  return { ...file, objects, isHasty };
}

/** Bytes on the disk of each object; the larger where there are two copies. */
export function sizesOf({ loose, packs }: StoredObjects): ReadonlyMap<ObjectId, number> {
  const packed = packs.flatMap(({ objects }) => objects);
  const sizes = new Map(packed.map(({ oid, length }) => [oid, length]));
  for (const { oid, size } of loose) sizes.set(oid, Math.max(size, sizes.get(oid) ?? 0));
  return sizes;
}
