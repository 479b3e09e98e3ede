import { splitWords } from '../../layers/split-words.ts';
import type { BuildContext } from '../build-context.ts';
import { isSet } from '../outline/is-set.ts';
import { lastInForce } from '../results/result-in-force.ts';
import { isAtRest, removeWorkdir } from './resting-workdir.ts';
import type { Site } from './site.ts';
import { tellWarnings } from './tell-warnings.ts';

/**
 * RM_WORK: removes the WORKDIR of a recipe whose tasks are done; all of it is in the history, but for what is derived. One
 * that shows edits or a failure stays, and one that somebody has a shell in.
 */
export function retireWorkdir(context: BuildContext, site: Site): void {
  if (context.edits.get(site.recipe.name) !== undefined || !isAtRest(context.world, site)) return;
  // A side task's state is not where the recipe stands.
  const stands = lastInForce(context, site);
  if (stands !== undefined) site.history().setHead(stands);
  tellWarnings(context, site, removeWorkdir(context.world, context.places, site));
}

/** Whether RM_WORK is meant for the recipe. */
export function isRetired({ recipe }: Site): boolean {
  const excluded = splitWords(recipe.data.get('RM_WORK_EXCLUDE'));
  return isSet(recipe.data.get('RM_WORK')?.trim()) && !excluded.includes(recipe.name);
}
