/** Who reads a repository of the record for a while says so, and nothing of it is taken away meanwhile. */
import { join } from 'node:path';
import { keepRenewed, LEASE_TERM } from '../../artifacts/lease.ts';
import { errorCode } from '../../artifacts/write-aside.ts';
import type { World } from '../../ports/world.ts';
import { leasesDir } from '../../terms/places.ts';
import { describeHolder, holderOf, isGone, readHolder } from './holder.ts';

/**
 * Takes a lease on a repository until the answer is called. It must be taken before names are looked up: gc
 * first removes names, then looks for leases, then removes what the names led to.
 */
export function holdLease(world: World, gitDir: string, what: string): () => void {
  const { fs } = world;
  const path = join(leasesDir(gitDir), `${world.hostname}.${world.pid}`);
  if (!fs.existsSync(join(gitDir, 'HEAD'))) return () => {};
  try {
    fs.mkdirSync(leasesDir(gitDir), { recursive: true });
    fs.writeFileSync(path, `${JSON.stringify(holderOf(world, what))}\n`);
  } catch (error) {
    // A record that may only be read is nobody's to clear up.
    if (errorCode(error) === undefined) throw error;
    return () => {};
  }
  return keepRenewed(world, path);
}

/** Who reads a repository now, for people to read. Leases of the dead are removed. */
export function leaseHolders(world: World, gitDir: string): readonly string[] {
  const { fs } = world;
  const dir = leasesDir(gitDir);
  if (!fs.existsSync(dir)) return [];
  return fs.readdirSync(dir).flatMap((name) => {
    const path = join(dir, String(name));
    const holder = readHolder(world, path);
    if (holder === 'none') return [];
    const age = world.now() - (fs.statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0);
    // On a full disk there was room for the name only.
    const isOver =
      holder !== 'torn' && holder.host === world.hostname ? isGone(world, holder) : age > LEASE_TERM;
    if (!isOver) return [holder === 'torn' ? 'a process' : describeHolder(holder)];
    fs.rmSync(path, { force: true });
    return [];
  });
}
