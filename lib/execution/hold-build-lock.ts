/** One build at a time writes in a build directory. */
import { setTimeout } from 'node:timers/promises';
import type { World } from '../ports/world.ts';
import { buildLock, cacheDir, type Places } from '../terms/places.ts';
import { readIfThere } from '../history/replace-file.ts';
import { dateRecord, repairAfterPowerCut } from './keep-synced.ts';
import { VarveError } from '../terms/varve-error.ts';

interface Holder {
  readonly pid: number;
  readonly host: string;
  /** Start of the process in clock ticks since boot: tells it from a later one with the same number. */
  readonly ticks: string;
  readonly what: string;
  readonly since: string;
}

interface LockRequest {
  /** What the build is asked to do, for those who wait: `build zlib`. */
  readonly what: string;
  readonly wait: boolean;
  readonly say: (text: string) => void;
}

const pollMs = 100;

/**
 * Waits for the build directory and holds it, its record whole; the answer lets it go. A lock whose process is gone is
 * taken over.
 */
export async function holdBuildLock(world: World, places: Places, request: LockRequest): Promise<() => void> {
  const path = buildLock(places);
  const own: Holder = {
    pid: world.pid,
    host: world.hostname,
    ticks: startTicks(world, world.pid),
    what: request.what,
    since: new Date(world.now()).toISOString(),
  };
  for (let told = false; !tryTake(world, places, own);) {
    const holder = readHolder(world, path);
    if (holder === 'none') continue;
    if (holder === 'torn' || isGone(world, holder)) {
      removeStale(world, path, holder);
      continue;
    }
    const who = describe(holder);
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

/** Who holds the build directory now, for people to read; undefined: nobody. */
export function runningBuild(world: World, places: Places): string | undefined {
  const holder = readHolder(world, buildLock(places));
  return typeof holder === 'string' || isGone(world, holder) ? undefined : describe(holder);
}

const describe = ({ pid, host, what, since }: Holder): string =>
  `process ${pid} on ${host} ("${what}", since ${since})`;

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
    writeSomehow(world, places, { path: aside, text: `${JSON.stringify(own)}\n` });
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

/** On a full disk there must be room for the lock, or nobody could clear it up: what is derived makes way. */
function writeSomehow(
  { fs }: World,
  places: Places,
  file: { readonly path: string; readonly text: string },
): void {
  try {
    fs.writeFileSync(file.path, file.text);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    fs.rmSync(cacheDir(places), { recursive: true, force: true });
    fs.writeFileSync(file.path, file.text);
  }
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** `torn`: a power cut left it without its content, which it otherwise has from the first. */
function readHolder(world: World, path: string): Holder | 'none' | 'torn' {
  const text = readIfThere(world.fs, path);
  if (text === undefined) return 'none';
  try {
    return JSON.parse(text) as Holder;
  } catch {
    return 'torn';
  }
}

function isSame(found: Holder | 'none' | 'torn', holder: Holder | 'torn'): boolean {
  if (typeof found === 'string' || typeof holder === 'string') return found === holder;
  return found.pid === holder.pid && found.ticks === holder.ticks;
}

function isGone(world: World, holder: Holder): boolean {
  return holder.host === world.hostname && startTicks(world, holder.pid) !== holder.ticks;
}

/** Field 22 of /proc/PID/stat; empty where there is no such process. */
function startTicks(world: World, pid: number): string {
  try {
    const stat = world.fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
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
