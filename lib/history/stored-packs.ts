/** Packs that were not compressed since somebody waited. */
import type { FileSystem } from '../ports/world.ts';
import { mergeObjects } from './collect-objects.ts';
import { listPacks, type PackFile } from './list-object-files.ts';
import { checkIndex, listIndex } from './pack-index.ts';
import { openPack } from './pack-reader.ts';
import { FIRST_OBJECT } from './pack-writer.ts';

/** Smaller ones can wait for `gc`, which goes through all. */
const WORTHWHILE = 1 << 20;

/** Lists the packs of a repository that wait to be compressed, with the bytes of what is in them. */
export function storedPacks(fs: FileSystem, gitDir: string): readonly PackFile[] {
  return listPacks(fs, gitDir)
    .map(({ path }) => ({ path, size: fs.statSync(`${path}.pack`).size }))
    .filter(({ size }) => size >= WORTHWHILE)
    .filter(({ path }) => openPack(fs, path, noBase).isStored(FIRST_OBJECT));
}

function noBase(): never {
  throw new Error('nothing is read here');
}

/** Compresses one: a new pack takes its place. Whoever stops it loses no more than the work on this one. */
export function compressPack(
  world: { readonly fs: FileSystem; readonly sync: (path: string) => void },
  gitDir: string,
  pack: PackFile,
): void {
  const index = world.fs.readFileSync(`${pack.path}.idx`);
  checkIndex(index, `${pack.path}.idx`);
  const inOrder = listIndex(index).toSorted((a, b) => a.offset - b.offset);
  const moved = inOrder.map(({ oid }) => oid);
  mergeObjects(world, gitDir, { merged: { loose: [], packs: [pack] }, moved });
}
