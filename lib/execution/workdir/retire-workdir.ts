import { splitWords } from '../../layers/split-words.ts';
import { sysrootManifest } from '../../terms/places.ts';
import type { BuildContext } from '../build-context.ts';
import { findLeft } from './find-left.ts';
import { leaseHolders } from '../holding/hold-lease.ts';
import { isSet } from '../outline/is-set.ts';
import { removeAtOnce } from './remove-tree.ts';
import { lastInForce } from '../results/result-in-force.ts';
import type { Site } from './site.ts';

/**
 * RM_WORK: removes the WORKDIR of a recipe whose tasks are done; all of it is in the history, but for what is derived. One
 * that shows edits or a failure stays, and one that somebody has a shell in.
 */
export function retireWorkdir(context: BuildContext, site: Site): void {
  const { world } = context;
  const { recipe } = site;
  const isInUse =
    context.edits.get(recipe.name) !== undefined ||
    leaseHolders(world, site.gitDir).length > 0 ||
    findLeft(world, site) !== undefined;
  if (isInUse || !world.fs.existsSync(site.workdir)) return;
  // A side task's state is not where the recipe stands.
  const stands = lastInForce(context, site);
  if (stands !== undefined) site.history().setHead(stands);
  const manifests = ['target', 'native'].map((kind) =>
    sysrootManifest(context.places, recipe.packageArch, `${recipe.name}.${kind}`),
  );
  for (const path of [...manifests, site.workdir, site.asideDir, site.afterDir]) removeAtOnce(world, path);
}

/** Whether RM_WORK is meant for the recipe. */
export function isRetired({ recipe }: Site): boolean {
  const excluded = splitWords(recipe.data.get('RM_WORK_EXCLUDE'));
  return isSet(recipe.data.get('RM_WORK')?.trim()) && !excluded.includes(recipe.name);
}
