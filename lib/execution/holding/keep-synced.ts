/** Power cuts: what of the record is on the disk for certain, and what to do where it was not. */
import { join } from 'node:path';
import { repairRepository } from '../../history/repair.ts';
import type { RefChanges, Refs } from '../../history/refs.ts';
import { replaceFile } from '../../history/replace-file.ts';
import type { World } from '../../ports/world.ts';
import { forgetStats } from '../../sysroot/sysroot-manifest.ts';
import { bootId } from '../../proofs/boot-id.ts';
import { reserveRoom } from './making-room.ts';
import {
  buildsRepository,
  historyOf,
  sharedPlaces,
  sysrootManifests,
  syncedMark,
  type Places,
} from '../../terms/places.ts';

/** Kept beside the builds: all that was written before `since` is on the disk, and later things may be. */
interface Synced {
  /** The life of the machine in which it was written. */
  readonly boot: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
}

/**
 * To be called before the record is used. Where the machine was started anew since the last time,
 * everything that was written after the last sync is looked at, and what is not whole is taken out: the record then
 * is as it was before that. Answers the recipes whose newest results were lost.
 */
export function repairAfterPowerCut(world: World, places: Places): readonly string[] {
  const synced = readMark(world, syncedMark(places));
  if (synced?.boot === bootId(world.fs) || !world.fs.existsSync(places.historyDir)) return [];
  const lost = repair(world, places, synced?.since ?? 0);
  markSynced(world, places, world.now());
  return lost;
}

/**
 * To be called before something is written: it is dated no earlier than the mark says, though the clock was set back
 * since, or though there is no record yet.
 */
export function dateRecord(world: World, places: Places): void {
  const synced = readMark(world, syncedMark(places));
  const now = world.now();
  if (synced !== undefined && now >= synced.since) return;
  markSynced(world, places, now);
  // Its name as well: an older mark would vouch for what is dated now.
  world.sync(places.historyDir);
}

/** A repository that was written into, and how its names change with that. */
export interface Written {
  readonly refs: Pick<Refs, 'pack'>;
  readonly changes?: RefChanges;
}

/** Puts names into packed-refs of repositories, one after the other, once everything is on the disk. */
export function syncRecord(world: World, places: Places, repositories: readonly Written[]): void {
  const since = world.now();
  const packings = repositories.map(({ refs, changes }) => refs.pack(changes));
  world.sync(places.historyDir);
  for (const packing of packings) packing.place();
  // Few file systems would remove what was removed and not rename what was renamed before; none may.
  world.sync(places.historyDir);
  for (const packing of packings) packing.prune();
  markSynced(world, places, since);
  reserveRoom(world.fs, places);
}

function readMark(world: World, path: string): Synced | undefined {
  try {
    return JSON.parse(world.fs.readFileSync(path, 'utf8')) as Synced;
  } catch {
    return undefined;
  }
}

/** Where it does not come to the disk, an older mark says that more is to be looked at. */
function markSynced(world: World, places: Places, since: number): void {
  const path = syncedMark(places);
  const mark: Synced = { boot: bootId(world.fs), since };
  replaceFile(world.fs, { path, temporary: `${path}.new`, synced: true }, `${JSON.stringify(mark)}\n`);
}

function repair(world: World, places: Places, since: number): readonly string[] {
  const { fs } = world;
  // A sysroot is derived: without its manifest it is made from nothing.
  fs.rmSync(sysrootManifests(places), { recursive: true, force: true });
  // Others keep files there too: it must be known which are staging's, but not what is in them.
  for (const { manifest } of sharedPlaces(places)) forgetStats(fs, manifest);
  const names = (dir: string): readonly string[] => (fs.existsSync(dir) ? fs.readdirSync(dir) : []);
  // HEAD may be lost too.
  const repairOne = (gitDir: string): boolean =>
    fs.existsSync(join(gitDir, 'objects')) && repairRepository(fs, gitDir, since).length > 0;
  const archs = names(places.historyDir).filter((name) => !name.endsWith('.git'));
  const recipes = archs.flatMap((arch) =>
    names(join(places.historyDir, arch))
      .filter((name) => name.endsWith('.git'))
      .map((name) => ({ arch, recipe: name.slice(0, -'.git'.length) })),
  );
  repairOne(buildsRepository(places));
  return recipes
    .filter(({ arch, recipe }) => repairOne(historyOf(places, arch, recipe)))
    .map(({ recipe }) => recipe);
}
