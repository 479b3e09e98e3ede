/** A task finds in the WORKDIRs of other recipes what the tasks left there that it depends on, whatever they show by then. */
import { firstParents } from '../../history/first-parents.ts';
import { groupBy } from '../../terms/group-by.ts';
import { splitTaskId, type CommitId } from '../../terms/ids.ts';
import type { TaskNode } from '../../terms/task-graph.ts';
import type { BuildContext } from '../build-context.ts';
import { resultInForce } from '../results/result-in-force.ts';
import type { Arrivals } from './arrivals.ts';
import { refuseToTakeAway } from './refuse-in-use.ts';
import type { Site } from './site.ts';
import { tellWarnings } from './tell-warnings.ts';
import { moveWorkdir } from './workdir.ts';

/**
 * Puts the WORKDIRs that these tasks of other recipes left something in where they left it, or somebody after them; what a person
 * or a crash left there is kept, as before a task of that recipe. Nobody else may be at work in them.
 */
export function showLookedInto(context: BuildContext, arrivals: Arrivals, tasks: readonly TaskNode[]): void {
  for (const [recipe, left] of groupBy(tasks, (task) => task.recipe)) {
    const site = context.site(recipe);
    const results = left
      .toSorted((a, b) => a.position - b.position)
      .flatMap(({ shape, id }) => context.known.commit(id) ?? resultInForce(context, site, shape.name) ?? []);
    const newest = results.at(-1);
    if (newest !== undefined) showOne(context, site, { arrivals, results, newest });
  }
}

interface Looked {
  readonly arrivals: Arrivals;
  readonly results: readonly CommitId[];
  readonly newest: CommitId;
}

function showOne(context: BuildContext, site: Site, { arrivals, results, newest }: Looked): void {
  const { world } = context;
  const staysAt = (commit: CommitId): boolean => isAtOrAfter(context, site, commit, results);
  refuseToTakeAway(world, site, { staysAt, further: () => [] });
  arrivals.arrive(site);
  const head = site.head();
  if (head === undefined || !staysAt(head)) tellWarnings(context, site, moveWorkdir(world, site, newest));
  site.history().link();
  arrivals.depart(site);
}

/** Whether the WORKDIR is where a task left it whose result is in force, and has all of these in it. */
function isAtOrAfter(context: BuildContext, site: Site, at: CommitId, results: readonly CommitId[]): boolean {
  const history = site.history();
  const task = history.readTask(at);
  if (task === undefined || resultInForce(context, site, splitTaskId(task.task).task) !== at) return false;
  const below = new Set(firstParents(history.objects, at));
  return results.every((result) => below.has(result));
}
