/** `build -f -c TASK` on an edited WORKDIR goes on with the edits. */
import { arrangeTasks, installTask } from '../graph/arrange-tasks.ts';
import type { Metadata } from '../layers/load-metadata.ts';
import type { World } from '../ports/world.ts';
import type { BuildRequest } from '../terms/build-request.ts';
import { splitTaskId } from '../terms/ids.ts';
import { chooseTargets } from './choose-targets.ts';
import { recipeShapeOf } from './recipe-shape-of.ts';
import { saveEdits, type Editing } from './save-edits.ts';
import { createSite } from './site.ts';

/**
 * Looks into the WORKDIRs of forced tasks for a person's edits and takes them up, each from the task on that comes
 * next after the one that the WORKDIR shows, or from the forced task if that is earlier.
 */
export function takeUpEdits(
  world: World,
  metadata: Metadata,
  request: BuildRequest,
): ReadonlyMap<string, Editing> {
  const taken = new Map<string, Editing>();
  if (!request.force) return taken;
  for (const target of chooseTargets(metadata, request)) {
    const { recipe: name, task } = splitTaskId(target);
    const recipe = metadata.recipe(name);
    const site = createSite(world, metadata.places, recipe);
    if (!site.hasHistory() || !world.fs.existsSync(site.workdir)) continue;
    const { order, ancestors } = arrangeTasks(name, recipeShapeOf(recipe).tasks);
    const chain = order.filter(
      (other) => other === installTask || ancestors.get(installTask)?.includes(other),
    );
    if (!chain.includes(task)) continue;
    const saved = saveEdits(site);
    if (saved === undefined) continue;
    const stood = saved.madeOn;
    const before = stood === undefined ? undefined : splitTaskId(stood.task).task;
    const next = before === undefined ? chain[0] : chain[chain.indexOf(before) + 1];
    const from = next !== undefined && chain.indexOf(next) < chain.indexOf(task) ? next : task;
    // A failed state is that of the task which is done again: what it stood on is not asked.
    const madeOn =
      stood === undefined || before === undefined || chain.indexOf(before) >= chain.indexOf(from)
        ? {}
        : { madeOn: { task: before, signature: stood.signature } };
    taken.set(name, { from, tree: saved.tree, commit: saved.commit, standsOn: undefined, ...madeOn });
  }
  return taken;
}
