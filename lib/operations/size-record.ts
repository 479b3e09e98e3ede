/** `varve history size`: where the bytes of a build directory are. */
import { join } from 'node:path';
import { listObjectFiles } from '../history/list-object-files.ts';
import type { FileSystem, World } from '../ports/world.ts';
import { isBelow } from '../terms/is-below.ts';
import { byCodeUnit } from '../terms/ids.ts';
import { buildsRepository, importsDir, type Places } from '../terms/places.ts';
import { diskUse } from './housekeeping/disk-use.ts';
import { findPlaces } from './record/find-places.ts';
import { listHistories } from './record/list-histories.ts';

export interface SizedPlace {
  /** `derived`: the rest of TMPDIR, which is made anew where it is missing. */
  readonly kind: 'history' | 'builds' | 'artifacts' | 'workdir' | 'downloads' | 'imports' | 'derived';
  /** Of a recipe `ARCH/PN`, else the last part of its path. */
  readonly name: string;
  readonly path: string;
  /** Bytes on the disk, as du counts them. */
  readonly size: number;
  /** Of a repository: bytes of loose objects, and of packs. */
  readonly objects?: number;
  readonly packs?: number;
}

export interface RecordSize {
  readonly schema: 1;
  readonly total: number;
  /** Biggest first. */
  readonly places: readonly SizedPlace[];
}

/** Measures all places of a build directory. */
export function sizeRecord(world: World, request: { readonly buildDir: string }): RecordSize {
  const places = findPlaces(world, request.buildDir);
  const { fs } = world;
  const sized = [
    ...listHistories(world, places).map(({ arch, recipe, gitDir }) =>
      repository(fs, { kind: 'history', name: `${arch}/${recipe}`, path: gitDir }),
    ),
    repository(fs, { kind: 'builds', name: 'builds.git', path: buildsRepository(places) }),
    plain(fs, { kind: 'artifacts', name: 'artifacts', path: places.artifactDir }),
    plain(fs, { kind: 'downloads', name: 'downloads', path: places.downloadDir }),
    plain(fs, { kind: 'imports', name: 'imports', path: importsDir(places) }),
    ...workdirs(fs, places),
    ...derived(fs, places),
  ].filter(({ size }) => size > 0);
  return {
    schema: 1,
    total: sized.reduce((sum, { size }) => sum + size, 0),
    places: sized.toSorted((a, b) => b.size - a.size || byCodeUnit(a.path, b.path)),
  };
}

type Unsized = Pick<SizedPlace, 'kind' | 'name' | 'path'>;

const plain = (fs: FileSystem, place: Unsized): SizedPlace => ({ ...place, size: diskUse(fs, place.path) });

function repository(fs: FileSystem, place: Unsized): SizedPlace {
  const { loose, packs } = listObjectFiles(fs, place.path);
  const sum = (files: readonly { readonly size: number }[]): number =>
    files.reduce((total, { size }) => total + size, 0);
  return { ...plain(fs, place), objects: sum(loose), packs: sum(packs) };
}

/** Those below TMPDIR; what tasks after do_install left lies beside them under names with a dot. */
function workdirs(fs: FileSystem, places: Places): readonly SizedPlace[] {
  const work = join(places.tmpDir, 'work');
  return names(fs, work).flatMap((arch) =>
    names(fs, join(work, arch)).map((name) => {
      const recipe = /^\.(.+)\.[a-z]+$/.exec(name)?.[1] ?? name;
      return plain(fs, { kind: 'workdir', name: `${arch}/${recipe}`, path: join(work, arch, name) });
    }),
  );
}

function derived(fs: FileSystem, places: Places): readonly SizedPlace[] {
  const owned = [places.historyDir, places.artifactDir, places.downloadDir, join(places.tmpDir, 'work')];
  return names(fs, places.tmpDir)
    .map((name) => ({ kind: 'derived' as const, name, path: join(places.tmpDir, name) }))
    .filter(({ path }) => !owned.some((own) => own === path || isBelow(own, path)))
    .map((place) => plain(fs, place));
}

function names(fs: FileSystem, dir: string): readonly string[] {
  return fs.existsSync(dir) ? fs.readdirSync(dir).map(String).sort(byCodeUnit) : [];
}
