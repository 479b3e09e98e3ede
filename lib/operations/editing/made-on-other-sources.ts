import { fitsSources } from '../../execution/edits/fits-sources.ts';
import { recipeShapeOf } from '../../execution/outline/recipe-shape-of.ts';
import type { Site } from '../../execution/workdir/site.ts';
import { arrangeTasks } from '../../graph/arrange-tasks.ts';
import { chainOf } from '../../graph/chain-of.ts';
import { sourceTasks } from '../../graph/source-tasks.ts';
import type { Metadata } from '../../layers/load-metadata.ts';
import type { World } from '../../ports/world.ts';
import type { CommitId } from '../../terms/ids.ts';
import { foresee } from '../building/foresee.ts';
import { planNow } from '../building/plan-now.ts';
import { recordAt } from '../record/open-record.ts';

/** Whether edits that stand on `commit` were made on other sources than the recipe has by now. */
export async function madeOnOtherSources(
  world: World,
  { site, metadata }: { readonly site: Site; readonly metadata: Metadata },
  commit: CommitId | undefined,
): Promise<boolean> {
  const { name, tasks } = recipeShapeOf(site.recipe);
  const last = sourceTasks(chainOf(arrangeTasks(name, tasks))).at(-1);
  if (last === undefined) return false;
  const plan = await planNow(recordAt(world, metadata.places), metadata, [`${name}:${last}`]);
  await foresee(plan, { of: [] });
  return !fitsSources(plan.context, site, commit);
}
