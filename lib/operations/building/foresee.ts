/** What a plan would do, found out without doing it. */
import { lookAll, type Deeds, type LookStep } from '../../execution/carry-out.ts';
import { createDeeds } from '../../execution/deeds/create-deeds.ts';
import type { Plan } from '../../execution/plan/make-plan.ts';
import type { Ended } from '../../planning/planner.ts';
import type { TaskId } from '../../terms/ids.ts';
import type { Verdict } from '../../terms/verdict.ts';

/**
 * Foresees the verdicts of these tasks of a plan, or of all, whose results nobody knows yet; `again` makes it anew where a
 * mirror tells of results that do not count any more.
 */
export async function foresee(
  plan: Plan,
  {
    of,
    again = () => {
      throw new Error('a plan that asks no mirror heard of one');
    },
  }: { readonly of?: readonly TaskId[] | undefined; readonly again?: () => Plan } = {},
): Promise<ReadonlyMap<TaskId, Verdict>> {
  const { planner, context } = plan;
  const deeds = createDeeds(context, new Map());
  for (let steps = planner.next(); steps.length > 0; steps = planner.next()) {
    for (const { kind, task } of steps) {
      if (kind === 'restore') planner.restored(task);
      if (kind === 'run') planner.ended(task, foreseen(plan, task));
    }
    const end = await lookAll(
      planner,
      deeds,
      steps.filter((step) => step.kind === 'look'),
    );
    if (end === 'replan') return foresee(again(), { of, again });
  }
  return standingOrKnown(plan, deeds, of);
}

/** What a task would produce is unknown, unless it does nothing. */
function foreseen(plan: Plan, task: TaskId): Ended {
  const idle = plan.context.graph.tasks.get(task)?.shape.noexec ?? false;
  return idle ? { kind: 'done', id: 'nothing', repeated: true } : { kind: 'unknown' };
}

/** What hangs on an unknown result and has one of its own that stands will not run in any case. */
async function standingOrKnown(
  plan: Plan,
  deeds: Deeds,
  of: readonly TaskId[] | undefined,
): Promise<ReadonlyMap<TaskId, Verdict>> {
  const known = plan.planner.verdicts(of);
  const hanging = [...known].flatMap(([task, verdict]): readonly LookStep[] => {
    const signature = plan.planner.known.signature(task);
    return verdict.kind === 'depends' && signature !== undefined ? [{ kind: 'look', task, signature }] : [];
  });
  const found = await deeds.look(hanging);
  if (found === 'replan') return known;
  const standing = hanging.filter((_, index) => found[index]?.kind === 'current').map(({ task }) => task);
  return new Map([...known, ...standing.map((task) => [task, { kind: 'current' }] as const)]);
}
