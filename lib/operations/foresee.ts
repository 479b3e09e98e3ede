/** What a plan would do, found out without doing it. */
import { createDeeds, type Deeded } from '../execution/create-deeds.ts';
import type { Plan } from '../execution/make-plan.ts';
import type { Ended } from '../planning/planner.ts';
import type { TaskId } from '../terms/ids.ts';
import type { Verdict } from '../terms/verdict.ts';

/** Foresees the verdict of every task of a plan, whose results nobody knows yet. */
export function foresee(plan: Plan): ReadonlyMap<TaskId, Verdict> {
  const { planner, context } = plan;
  const deeds = createDeeds(context, new Map());
  for (let steps = planner.next(); steps.length > 0; steps = planner.next()) {
    for (const step of steps) {
      if (step.kind === 'look') planner.found(step.task, deeds.look(step));
      else if (step.kind === 'restore') planner.restored(step.task);
      else planner.ended(step.task, foreseen(plan, step.task));
    }
  }
  const known = planner.verdicts();
  return new Map(
    [...context.graph.tasks.keys()].map((task) => [task, standingOr(known.get(task), plan, { deeds, task })]),
  );
}

/** What a task would produce is unknown, unless it does nothing. */
function foreseen(plan: Plan, task: TaskId): Ended {
  const idle = plan.context.graph.tasks.get(task)?.shape.noexec ?? false;
  return idle ? { kind: 'done', id: 'nothing', repeated: true } : { kind: 'unknown' };
}

interface Asking {
  readonly deeds: Deeded;
  readonly task: TaskId;
}

/** What hangs on an unknown result and has one of its own that stands will not run in any case. */
function standingOr(verdict: Verdict | undefined, plan: Plan, { deeds, task }: Asking): Verdict {
  const signature = plan.planner.known.signature(task);
  if (verdict?.kind !== 'depends' || signature === undefined) return verdict ?? { kind: 'covered' };
  const found = deeds.look({ kind: 'look', task, signature });
  return found.kind === 'current' ? { kind: 'current' } : verdict;
}
