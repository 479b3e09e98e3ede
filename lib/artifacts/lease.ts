/** Tells others that share a store that a build is going on, so that what it counts on is not collected. */
import { dirname } from 'node:path';
import type { World } from '../ports/world.ts';
import { filesOfOthers, userFile, type StoreUser, type UserWorld } from './store-user.ts';

/** How often a lease is renewed, and how long one lasts whose build has died: milliseconds. */
const LEASE_RENEWAL = 5 * 60_000;
export const LEASE_TERM = 30 * 60_000;

/** Takes a lease until the answer is called; in a store that cannot be written there is nobody to tell. */
export function takeLease(world: UserWorld & Pick<World, 'every'>, user: StoreUser): () => void {
  const { fs } = world;
  const path = userFile(world, user, 'running');
  try {
    fs.mkdirSync(dirname(path), { recursive: true });
    fs.writeFileSync(path, `${world.now()}\n`);
  } catch {
    return () => {};
  }
  return keepRenewed(world, path);
}

/** Renews the lease that a file is, until the answer is called, which removes it. */
export function keepRenewed(
  { fs, now, every }: Pick<World, 'fs' | 'now' | 'every'>,
  path: string,
): () => void {
  const stop = every(LEASE_RENEWAL, () => {
    const seconds = now() / 1000;
    if (fs.existsSync(path)) fs.utimesSync(path, seconds, seconds);
  });
  return () => {
    stop();
    fs.rmSync(path, { force: true });
  };
}

/**
 * When the oldest build that goes on elsewhere began, milliseconds since the epoch. Whoever asks holds their own build
 * directory, so that no build goes on there.
 */
export function oldestLease(world: UserWorld, user: StoreUser): number | undefined {
  const { fs } = world;
  const begun = filesOfOthers(world, user, 'running').flatMap((path) => {
    const renewed = fs.statSync(path, { throwIfNoEntry: false })?.mtimeMs;
    if (renewed === undefined || world.now() - renewed > LEASE_TERM) return [];
    return [beginOf(world, path) || renewed - LEASE_TERM];
  });
  return begun.length === 0 ? undefined : Math.min(...begun);
}

/** 0 where that is not to be known: a full disk has room for names, not for what they say. */
function beginOf({ fs }: UserWorld, path: string): number {
  try {
    return Number(fs.readFileSync(path, 'utf8'));
  } catch {
    return 0;
  }
}
