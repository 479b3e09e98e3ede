import type { Plan } from '../../execution/plan/make-plan.ts';
import { tasksInOrder } from '../../graph/tasks-in-order.ts';
import type { BuildEvent, Counts } from '../../terms/events.ts';
import { splitTaskId, type TaskId } from '../../terms/ids.ts';

type Emit = (event: BuildEvent) => void;

/** Counts what came of the tasks while their events go by. */
export interface Tally {
  readonly emit: Emit;
  /** Under `-v`: how the tasks ended that had nothing to do. */
  idle(plan: Plan): readonly BuildEvent[];
  counts(plan: Plan, skipped: number): Counts;
  /** Recipes with tasks that ran or were restored. */
  recipes(): readonly string[];
  /** Tasks that ran here and did not fail. */
  ran(): readonly TaskId[];
  /** How many of them there were so far. */
  warnings(): number;
  errors(): number;
  /** Whether a task found no room on the disk. */
  ranFull(): boolean;
}

/** Makes the tally of one build, which tells on what it sees. */
export function createTally(emit: Emit, verbose: boolean): Tally {
  const ended = new Map<TaskId, 'run' | 'restore' | 'failed' | 'interrupted'>();
  const warned = new Set<string>();
  let errors = 0;
  let full = false;
  return {
    emit(event) {
      if (event.event === 'message' && event.level === 'warning') {
        // A plan that is made anew finds the same again.
        if (warned.has(event.text)) return;
        warned.add(event.text);
      }
      if (event.event === 'unsteady') warned.add(`${event.task} ${event.name}`);
      if (event.event === 'message' && event.level === 'error') errors += 1;
      if (event.event === 'disk-low' && event.action === 'warn') warned.add(event.dir);
      if (event.event === 'disk-low' && event.action !== 'warn') errors += 1;
      if (event.event === 'task-finished' && (event.verdict === 'run' || event.verdict === 'restore')) {
        const failed = event.interrupted === true ? 'interrupted' : 'failed';
        ended.set(event.task, event.ok ? event.verdict : failed);
      }
      if (event.event === 'task-finished') full ||= event.failure?.noRoom === true;
      if (event.event !== 'task-finished' || event.verdict !== 'current' || verbose) emit(event);
    },
    idle: (plan) => (verbose ? idleTasks(plan, ended) : []),
    warnings: () => warned.size,
    errors: () => errors,
    ranFull: () => full,
    recipes: () => [...ended.keys()].map((task) => splitTaskId(task).recipe),
    ran: () => [...ended].filter(([, end]) => end === 'run').map(([task]) => task),
    counts(plan, skipped) {
      const count = (kind: string): number => [...ended.values()].filter((value) => value === kind).length;
      const others = [...plan.planner.verdicts()].filter(([task]) => !ended.has(task));
      const standing = (kind: string): number => others.filter(([, verdict]) => verdict.kind === kind).length;
      return {
        run: count('run'),
        restore: count('restore'),
        current: standing('current'),
        covered: standing('covered'),
        failed: count('failed') + count('interrupted'),
        ...(count('interrupted') > 0 && { interrupted: count('interrupted') }),
        skipped,
      };
    },
  };
}

function idleTasks(plan: Plan, ended: ReadonlyMap<TaskId, string>): readonly BuildEvent[] {
  const verdicts = plan.planner.verdicts();
  return tasksInOrder(plan.context.graph).flatMap((task): readonly BuildEvent[] => {
    const verdict = verdicts.get(task);
    const signature = plan.planner.known.signature(task);
    if (
      ended.has(task) ||
      signature === undefined ||
      (verdict?.kind !== 'current' && verdict?.kind !== 'covered')
    )
      return [];
    const commit = verdict.kind === 'current' ? verdict.commit : undefined;
    return [
      {
        event: 'task-finished',
        task,
        verdict: verdict.kind,
        ok: true,
        signature,
        durationMs: 0,
        recordMs: 0,
        ...(commit === undefined ? {} : { commit }),
      },
    ];
  });
}
