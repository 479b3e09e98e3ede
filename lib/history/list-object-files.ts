import { join } from 'node:path';
import type { FileSystem } from '../ports/world.ts';
import { byCodeUnit, type ObjectId } from '../terms/ids.ts';
import { namesIn } from './names-in.ts';

/** What lies below `objects/` of a repository. */
export interface ObjectFiles {
  /** By id. */
  readonly loose: readonly LooseFile[];
  /** By path. */
  readonly packs: readonly PackFile[];
}

export interface LooseFile {
  readonly oid: ObjectId;
  readonly path: string;
  /** Bytes on the disk. */
  readonly size: number;
}

export interface PackFile {
  /** Without its ending: `.pack` and `.idx` lie there. */
  readonly path: string;
  /** Of both files, on the disk. */
  readonly size: number;
}

/** Lists the files that hold the objects of a repository; a pack is one once its index is there. */
export function listObjectFiles(fs: FileSystem, gitDir: string): ObjectFiles {
  const objectsDir = join(gitDir, 'objects');
  const names = (dir: string): readonly string[] => namesIn(fs, dir).toSorted(byCodeUnit);
  return {
    loose: names(objectsDir)
      .filter((fan) => /^[0-9a-f]{2}$/.test(fan))
      .flatMap((fan) =>
        names(join(objectsDir, fan))
          .filter((name) => /^[0-9a-f]{38}$/.test(name))
          .map((name) => {
            const path = join(objectsDir, fan, name);
            return { oid: `${fan}${name}` as ObjectId, path, size: sizeOf(fs, path) };
          }),
      ),
    packs: listPacks(fs, gitDir),
  };
}

/** Lists the packs of a repository, by path. */
export function listPacks(fs: FileSystem, gitDir: string): readonly PackFile[] {
  const packDir = join(gitDir, 'objects', 'pack');
  return namesIn(fs, packDir)
    .filter((name) => /^pack-.*\.idx$/.test(name))
    .toSorted(byCodeUnit)
    .map((name) => {
      const path = join(packDir, name.slice(0, -'.idx'.length));
      return { path, size: sizeOf(fs, `${path}.pack`) + sizeOf(fs, `${path}.idx`) };
    });
}

function sizeOf(fs: FileSystem, path: string): number {
  return (fs.lstatSync(path, { throwIfNoEntry: false })?.blocks ?? 0) * 512;
}
