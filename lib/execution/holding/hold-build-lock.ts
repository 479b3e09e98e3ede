/** One build at a time writes in a build directory. */
import { setTimeout } from 'node:timers/promises';
import type { World } from '../../ports/world.ts';
import { buildLock, type Places } from '../../terms/places.ts';
import { describeHolder, holderOf, isGone, isSame, readHolder, type Holder } from './holder.ts';
import { dateRecord, repairAfterPowerCut } from './keep-synced.ts';
import { makingRoom } from './making-room.ts';
import { VarveError } from '../../terms/varve-error.ts';

interface LockRequest {
  /** What the build is asked to do, for those who wait: `build zlib`. */
  readonly what: string;
  readonly wait: boolean;
  readonly say: (text: string) => void;
}

const pollMs = 100;

/** What nobody asked for, and whoever wants the build directory ends: it may be stopped anywhere. */
export const IDLE_GC = 'varve gc --idle';

/**
 * Waits for the build directory and holds it, its record whole; the answer lets it go. A lock whose process is gone is
 * taken over.
 */
export async function holdBuildLock(world: World, places: Places, request: LockRequest): Promise<() => void> {
  const path = buildLock(places);
  const own = holderOf(world, request.what);
  for (let told = false; !tryTake(world, places, own);) {
    const holder = readHolder(world, path);
    if (holder === 'none') continue;
    if (holder === 'torn' || isGone(world, holder)) {
      removeStale(world, path, holder);
      continue;
    }
    if (holder.what === IDLE_GC && holder.host === world.hostname && world.end(holder.pid)) {
      await setTimeout(pollMs / 10);
      continue;
    }
    const who = describeHolder(holder);
    if (!request.wait) {
      throw new VarveError('usage', `${places.buildDir} is held by ${who}`, {
        hints: ['Leave out --no-wait to wait for it.'],
      });
    }
    if (!told) request.say(`waiting for ${who}, which holds this build directory`);
    told = true;
    await setTimeout(pollMs);
  }
  const letGo = (): void => {
    if (isSame(readHolder(world, path), own)) world.fs.rmSync(path, { force: true });
  };
  try {
    repairRecord(world, places, request.say);
  } catch (error) {
    letGo();
    throw error;
  }
  return letGo;
}

/** Who else holds the build directory now, for people to read; undefined: nobody. */
export function runningBuild(world: World, places: Places): string | undefined {
  const holder = readHolder(world, buildLock(places));
  const isAnother =
    typeof holder !== 'string' && !isGone(world, holder) && !isSame(holder, holderOf(world, holder.what));
  return isAnother ? describeHolder(holder) : undefined;
}

function repairRecord(world: World, places: Places, say: LockRequest['say']): void {
  const lost = repairAfterPowerCut(world, places);
  dateRecord(world, places);
  if (lost.length > 0)
    say(`the machine stopped before all was on the disk: the newest results of ${lost.join(', ')} are lost`);
}

function tryTake(world: World, places: Places, own: Holder): boolean {
  const path = buildLock(places);
  const aside = `${path}.${own.pid}`;
  try {
    makingRoom(world.fs, places, () => world.fs.writeFileSync(aside, `${JSON.stringify(own)}\n`));
  } catch (cause) {
    world.fs.rmSync(aside, { force: true });
    throw new VarveError(
      'usage',
      `cannot write in ${path.slice(0, path.lastIndexOf('/'))}: ${message(cause)}`,
      {
        hints: [
          'Choose a build directory of your own: varve init DIR',
          'Or mend its owner and mode, or free the disk.',
        ],
        cause,
      },
    );
  }
  try {
    world.fs.linkSync(aside, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    world.fs.rmSync(aside, { force: true });
  }
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Takes away the lock of a dead process, or one that a power cut left empty; another one is put back. */
function removeStale(world: World, path: string, seen: Holder | 'torn'): void {
  const aside = `${path}.stale.${world.pid}`;
  try {
    world.fs.renameSync(path, aside);
  } catch {
    return;
  }
  if (!isSame(readHolder(world, aside), seen)) {
    try {
      world.fs.linkSync(aside, path);
    } catch {
      // A third build has it already: then it is in force, and the one set aside will see so.
    }
  }
  world.fs.rmSync(aside, { recursive: true, force: true });
}
