/** A WORKDIR that nobody is at and all of whose content is in the history: it may go at any time. */
import type { World } from '../../ports/world.ts';
import { sysrootManifest, workdirMark, type Places } from '../../terms/places.ts';
import { readEditing } from '../edits/editing.ts';
import { leaseHolders } from '../holding/hold-lease.ts';
import { findLeft } from './find-left.ts';
import { removeAtOnce } from './remove-tree.ts';
import type { Site } from './site.ts';
import { lostWithWorkdir } from './workdir.ts';

/** Whether there is a WORKDIR without edits, a failure, anything half done, and a shell in it; writes nothing. */
export function isAtRest(world: World, site: Site): boolean {
  return (
    site.hasHistory() &&
    world.fs.existsSync(site.workdir) &&
    !world.fs.existsSync(workdirMark(site.gitDir)) &&
    leaseHolders(world, site.gitDir).length === 0 &&
    readEditing(site) === undefined &&
    findLeft(world, site) === undefined
  );
}

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
