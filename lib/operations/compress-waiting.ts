/** What runs by itself after a build that stored much: nobody waits any more. */
import { holdBuildLock, IDLE_GC } from '../execution/holding/hold-build-lock.ts';
import { openBuilds } from '../history/builds.ts';
import type { PackFile } from '../history/list-object-files.ts';
import { compressPack, storedPacks } from '../history/stored-packs.ts';
import { loadMetadata } from '../layers/load-metadata.ts';
import type { World } from '../ports/world.ts';
import { ifThereIsRoom } from '../terms/if-there-is-room.ts';
import { buildsRepository, waitingMark } from '../terms/places.ts';
import { type Say, warnThrough } from '../terms/say.ts';
import { collectionDue } from './housekeeping/collection-due.ts';
import { lastNumber } from './record/last-number.ts';
import { listHistories } from './record/list-histories.ts';

/**
 * Compresses stored packs, one after the other, until somebody wants the build directory. Those that there is no room for wait
 * for the next time. Answers whether gc is due, too.
 */
export async function compressWaiting(world: World, buildDir: string, say: Say): Promise<boolean> {
  const metadata = loadMetadata(world, { buildDir, python: world.python, warn: warnThrough(say) });
  const { places } = metadata;
  const letGo = await holdBuildLock(world, places, { what: IDLE_GC, wait: false, say });
  try {
    const left = listHistories(world, places).flatMap(({ gitDir }) =>
      storedPacks(world.fs, gitDir).filter((pack) => !compressedWhereRoom(world, gitDir, pack)),
    );
    if (left.length === 0) world.fs.rmSync(waitingMark(places), { force: true });
    const builds = openBuilds({ fs: world.fs, gitDir: buildsRepository(places) });
    return collectionDue(world, metadata, lastNumber(world, places, builds.list())) === 'now';
  } finally {
    letGo();
  }
}

/** The disk is not filled up for this: somebody may be about to use what is left. */
function compressedWhereRoom(world: World, gitDir: string, pack: PackFile): boolean {
  return (
    world.diskSpace(gitDir).bytes >= 2 * pack.size && ifThereIsRoom(() => compressPack(world, gitDir, pack))
  );
}
