/** Which results of a recipe its tasks' signatures of this build lead to. */
import { chainOf } from '../../graph/chain-of.ts';
import { taskId, type CommitId } from '../../terms/ids.ts';
import type { BuildContext } from '../build-context.ts';
import type { Site } from '../workdir/site.ts';

/** The result of a task. */
export function resultInForce(context: BuildContext, site: Site, task: string): CommitId | undefined {
  const id = taskId(site.recipe.name, task);
  const signature = context.known.signature(id);
  if (signature === undefined) return undefined;
  // Of a task that always runs no name tells.
  if (context.graph.tasks.get(id)?.shape.nostamp === true) return context.known.commit(id);
  const named = site.named(task, signature);
  // What this build found or made need not be read again.
  return named !== undefined && named === context.known.commit(id)
    ? named
    : site.stamped(task, signature)?.id;
}

/** The last result of the chain: where the recipe stands. */
export function lastInForce(context: BuildContext, site: Site): CommitId | undefined {
  return chainOf(context.graph.arrangements.get(site.recipe.name))
    .map((task) => resultInForce(context, site, task))
    .findLast((commit) => commit !== undefined);
}
