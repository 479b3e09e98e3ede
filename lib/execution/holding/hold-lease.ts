/** Who reads a repository of the record says so, and nothing of it is taken away meanwhile. */
import { dirname, join } from 'node:path';
import { keepRenewed, LEASE_TERM } from '../../artifacts/lease.ts';
import { errorCode } from '../../artifacts/write-aside.ts';
import type { World } from '../../ports/world.ts';
import { buildsRepository, closedMark, leasesDir, type Places } from '../../terms/places.ts';
import { asTyped } from './as-typed.ts';
import { describeHolder, holderOf, isGone, isRunning, readHolder, type Holder } from './holder.ts';
import { makingRoom } from './making-room.ts';

/** One a process: who reads twice holds it until either ends. */
const leaseOf = ({ hostname, pid }: World): string => `${hostname}.${pid}`;

/**
 * Takes a lease on a repository until the answer is called, or the program ends. It must be taken before names are
 * looked up. While somebody takes names away, it waits.
 */
export function holdLease(world: World, gitDir: string): () => void {
  const { fs } = world;
  const path = join(leasesDir(gitDir), leaseOf(world));
  if (!fs.existsSync(join(gitDir, 'HEAD'))) return () => {};
  try {
    writeLease(world, path);
  } catch (error) {
    // A record that may only be read is nobody's to clear up.
    if (errorCode(error) === undefined) throw error;
    return () => {};
  }
  const stop = keepRenewed(world, path);
  const end = (): void => {
    stop();
    removeIfEmpty(world, leasesDir(gitDir));
  };
  world.atEnd(end);
  while (isClosed(world, gitDir)) world.pause(PATIENCE);
  return end;
}

/** Who ends a lease at this moment removes the directory, if it is empty: then once more. */
function writeLease(world: World, path: string, tries = 3): void {
  const { fs } = world;
  fs.mkdirSync(dirname(path), { recursive: true });
  try {
    fs.writeFileSync(path, `${JSON.stringify(holderOf(world, asTyped(world)))}\n`);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT' || tries === 1) throw error;
    writeLease(world, path, tries - 1);
  }
}

/** Who only asks leaves nothing behind. */
function removeIfEmpty({ fs }: World, dir: string): void {
  try {
    fs.rmdirSync(dir);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
  }
}

/** Milliseconds between two looks whether the record is open again. */
const PATIENCE = 5;
const CLOSED_AT_MOST = 60_000;

/**
 * Does `work`, which takes away what names led to, unless another process reads the record; who comes meanwhile waits.
 * Each of the two first says what it is at and then looks for the other, so that one of them sees it.
 */
export function whileNobodyReads<T>(
  world: World,
  places: Places,
  work: () => T,
):
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'read'; readonly readers: readonly string[] } {
  const gitDir = buildsRepository(places);
  const { fs } = world;
  const path = closedMark(gitDir);
  if (!fs.existsSync(gitDir)) return { kind: 'done', value: work() };
  const text = `${JSON.stringify(holderOf(world, 'closed'))}\n`;
  makingRoom(fs, places, () => fs.writeFileSync(path, text));
  try {
    const readers = leaseHolders(world, gitDir);
    return readers.length > 0 ? { kind: 'read', readers } : { kind: 'done', value: work() };
  } finally {
    fs.rmSync(path, { force: true });
  }
}

/** A process that died opens it. Of another machine only the time is known, and no record is closed for long. */
function isClosed(world: World, gitDir: string): boolean {
  const holder = readHolder(world, closedMark(gitDir));
  if (typeof holder === 'string') return false;
  if (holder.host !== world.hostname) return world.now() - Date.parse(holder.since) < CLOSED_AT_MOST;
  return holder.pid !== world.pid && !isGone(world, holder);
}

/** Which other processes read a repository now, for people to read. Leases of the dead are removed. */
export function leaseHolders(world: World, gitDir: string): readonly string[] {
  const { fs } = world;
  const dir = leasesDir(gitDir);
  if (!fs.existsSync(dir)) return [];
  const others = fs
    .readdirSync(dir)
    .map(String)
    .filter((name) => name !== leaseOf(world));
  return others.flatMap((name) => {
    const path = join(dir, name);
    const holder = readHolder(world, path);
    if (holder === 'none') return [];
    if (!isOver(world, path, holder)) return [holder === 'torn' ? 'a process' : describeHolder(holder)];
    fs.rmSync(path, { force: true });
    return [];
  });
}

/** On a full disk there was room for the name only. Of another machine only the time is known. */
function isOver(world: World, path: string, holder: Holder | 'torn'): boolean {
  const [, host, pid = ''] = /([^/]*)\.(\d+)$/.exec(path) ?? [];
  if (host === world.hostname) return holder === 'torn' ? !isRunning(world, pid) : isGone(world, holder);
  const renewed = world.fs.statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return world.now() - renewed > LEASE_TERM;
}
