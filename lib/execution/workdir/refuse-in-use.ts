/** Whoever has a shell in a WORKDIR finds it as it is, until the shell ends. */
import type { World } from '../../ports/world.ts';
import type { CommitId } from '../../terms/ids.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { whenEnded } from '../holding/as-typed.ts';
import { leaseHolders } from '../holding/hold-lease.ts';
import { findLeft, type Left } from './find-left.ts';
import type { Site } from './site.ts';

/** Throws where somebody else has a shell in the WORKDIR; the first hint is to do the same later. */
export function refuseInUse(world: World, site: Site, further: readonly string[] = []): void {
  const holders = leaseHolders(world, site.gitDir);
  if (holders.length === 0) return;
  throw new VarveError('usage', `the WORKDIR of ${site.recipe.name} is in use by ${holders.join(' and ')}`, {
    hints: [whenEnded(world), ...further],
  });
}

/** The same, unless the WORKDIR shows a commit that it `staysAt`, and nothing would be taken away; writes nothing. */
export function refuseToTakeAway(
  world: World,
  site: Site,
  {
    staysAt,
    further,
  }: {
    readonly staysAt: (commit: CommitId) => boolean;
    readonly further: (left: Left | undefined) => readonly string[];
  },
): void {
  if (leaseHolders(world, site.gitDir).length === 0 || !world.fs.existsSync(site.workdir)) return;
  const left = findLeft(world, site);
  const at = shown(site, left);
  if (at !== undefined && staysAt(at)) return;
  refuseInUse(world, site, further(left));
}

/** The commit that the WORKDIR is at; undefined where there is none yet. */
function shown(site: Site, left: Left | undefined): CommitId | undefined {
  if (left?.kind === 'new-edits') return undefined;
  return left?.kind === 'put-back' ? left.commit : site.head();
}
