/** Who holds something in a build directory, as a file there tells it. */
import { readIfThere } from '../../history/replace-file.ts';
import type { World } from '../../ports/world.ts';

export interface Holder {
  readonly pid: number;
  readonly host: string;
  /** Start of the process in clock ticks since boot: tells it from a later one with the same number. */
  readonly ticks: string;
  readonly what: string;
  readonly since: string;
}

/** This process, and what it holds something for: `varve build zlib`. */
export function holderOf(world: World, what: string): Holder {
  return {
    pid: world.pid,
    host: world.hostname,
    ticks: startTicks(world, world.pid),
    what,
    since: new Date(world.now()).toISOString(),
  };
}

/** For people to read. */
export function describeHolder({ pid, host, what, since }: Holder): string {
  return `process ${pid} on ${host} ("${what}", since ${since})`;
}

/** Reads who holds it. `torn`: a power cut left the file without its content, which it otherwise has from the first. */
export function readHolder(world: World, path: string): Holder | 'none' | 'torn' {
  const text = readIfThere(world.fs, path);
  if (text === undefined) return 'none';
  try {
    return JSON.parse(text) as Holder;
  } catch {
    return 'torn';
  }
}

/** Whether two are one and the same process. */
export function isSame(found: Holder | 'none' | 'torn', holder: Holder | 'torn'): boolean {
  if (typeof found === 'string' || typeof holder === 'string') return found === holder;
  return found.pid === holder.pid && found.ticks === holder.ticks;
}

/** Whether its process has ended; of another machine nobody knows. */
export function isGone(world: World, holder: Holder): boolean {
  return holder.host === world.hostname && startTicks(world, holder.pid) !== holder.ticks;
}

/** Whether this machine has a process of that number. */
export function isRunning(world: World, pid: string): boolean {
  return startTicks(world, pid) !== '';
}

/** Field 22 of /proc/PID/stat; empty where there is no such process. */
function startTicks(world: World, pid: number | string): string {
  try {
    const stat = world.fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
