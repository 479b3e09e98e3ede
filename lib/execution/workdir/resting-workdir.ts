/** A WORKDIR that nobody is at and all of whose content is in the history: it may go at any time. */
import type { World } from '../../ports/world.ts';
import { sysrootManifest, workdirMark, type Places } from '../../terms/places.ts';
import { readEditing } from '../edits/editing.ts';
import { leaseHolders } from '../holding/hold-lease.ts';
import { findLeft } from './find-left.ts';
import { removeAtOnce } from './remove-tree.ts';
import type { Site } from './site.ts';
import { lostWithWorkdir } from './workdir.ts';
import { readMark } from './workdir-mark.ts';

/** Whether there is a WORKDIR that nothing holds; writes nothing. */
export function isAtRest(world: World, site: Site): boolean {
  return site.hasHistory() && world.fs.existsSync(site.workdir) && whatHolds(world, site) === undefined;
}

/** What keeps a WORKDIR from being given up, after "the WORKDIR stays:"; undefined: nothing. Writes nothing. */
export function whatHolds(world: World, site: Site): string | undefined {
  if (leaseHolders(world, site.gitDir).length > 0) return 'somebody has a shell in it';
  if (readEditing(site) !== undefined) return 'it has edits';
  if (world.fs.existsSync(workdirMark(site.gitDir))) {
    const mark = readMark(world, site);
    return mark?.kind === 'task' ? didNotEnd(mark.task) : 'it is half way from one state to another';
  }
  const left = findLeft(world, site);
  if (left === undefined) return undefined;
  if (left.kind === 'put-back') return 'somebody put another state into it';
  if (left.kind !== 'unfinished') return 'it has edits';
  return left.cutOff ? didNotEnd(left.task) : `it shows how ${left.task} failed`;
}

const didNotEnd = (task: string): string => `${task} did not come to its end in it`;

/** Removes it with its sysroots; answers what of it the history does not hold. */
export function removeWorkdir(world: World, places: Places, site: Site): readonly string[] {
  const { recipe } = site;
  const lost = lostWithWorkdir(world, site);
  const manifests = ['target', 'native'].map((kind) =>
    sysrootManifest(places, recipe.packageArch, `${recipe.name}.${kind}`),
  );
  for (const path of [...manifests, site.workdir, site.asideDir, site.afterDir]) removeAtOnce(world, path);
  return lost;
}
