/** `varve build -n`: what a build would do, and why. */
import type { Plan } from '../../execution/plan/make-plan.ts';
import { mentionEdits } from '../../execution/edits/mention-edits.ts';
import { tasksInOrder } from '../../graph/tasks-in-order.ts';
import type { World } from '../../ports/world.ts';
import type { Tally } from './create-tally.ts';
import { foresee } from './foresee.ts';

interface DryRun {
  readonly world: World;
  readonly tally: Tally;
  readonly number: number;
  readonly begun: number;
  /** Makes the plan anew. */
  readonly again: () => Plan;
}

/** Tells the verdict of every task, first of what is depended on; whether all could be planned. */
export async function dryRun(plan: Plan, { world, tally, number, begun, again }: DryRun): Promise<boolean> {
  const { emit } = tally;
  const foreseen = await foresee(plan, { again });
  const verdicts = tasksInOrder(plan.context.graph).flatMap((task) => {
    const verdict = foreseen.get(task);
    return verdict === undefined ? [] : [[task, verdict] as const];
  });
  for (const [task, verdict] of verdicts) {
    emit({
      event: 'verdict',
      task,
      verdict: verdict.kind,
      ...(verdict.kind === 'run' ? { reason: verdict.reason } : {}),
      ...(verdict.kind === 'depends' ? { on: verdict.on } : {}),
    });
  }
  const running = verdicts.filter(([, verdict]) => verdict.kind === 'run').map(([task]) => task);
  mentionEdits(plan.context, {
    about: [...plan.context.graph.targets, ...running],
    dryRun: true,
  });
  const count = (kind: string): number => verdicts.filter(([, verdict]) => verdict.kind === kind).length;
  const counts = {
    run: count('run'),
    restore: count('restore'),
    current: count('current'),
    covered: count('covered'),
    failed: 0,
    skipped: 0,
  };
  const errors = tally.errors();
  const ok = errors === 0;
  emit({
    event: 'build-finished',
    build: number,
    ok,
    counts,
    warnings: tally.warnings(),
    errors,
    durationMs: world.now() - begun,
  });
  return ok;
}
