/** Why a task would run now: the metadata as it is, compared with the build that last did it. */
import { openStore } from '../artifacts/store.ts';
import { createDeeds } from '../execution/create-deeds.ts';
import { makePlan, type Plan } from '../execution/make-plan.ts';
import { tasksInOrder } from '../graph/tasks-in-order.ts';
import { loadMetadata } from '../layers/load-metadata.ts';
import { explainTask, taskBehind, type InputsOf } from '../signatures/explain-changes.ts';
import { splitTaskId, type TaskId } from '../terms/ids.ts';
import type { Input } from '../terms/inputs.ts';
import { VarveError } from '../terms/varve-error.ts';
import type { Explanation } from './explanation.ts';
import { recipeIn } from './find-recorded.ts';
import type { RecordedBuild, TheRecord } from './open-record.ts';

/** Explains why a task would run; undefined where it would not, or where the metadata cannot tell. */
export function explainNow(record: TheRecord, recipe: string, task: string): Explanation | undefined {
  const plan = planFor(record, `${recipe}:${task}`);
  const [id] = plan?.context.graph.targets ?? [];
  if (plan === undefined || id === undefined) return undefined;
  const verdict = plan.planner.verdicts().get(id);
  if (verdict === undefined || verdict.kind === 'current' || verdict.kind === 'covered') return undefined;
  const reason = verdict.kind === 'run' ? { reason: verdict.reason } : {};
  const last = lastDone(record, plan, id);
  const told = {
    task: id,
    verdict: verdict.kind,
    ...reason,
    now: true,
    ...(last === undefined ? {} : { from: last.n }),
    notes: undoneSince(record, last),
  };
  const changed = last === undefined ? new Map<TaskId, InputsOf>() : changesSince(record, plan, last);
  return changed.has(id) ? { ...told, ...explainTask(changed, id) } : { ...told, causes: [], cascade: [] };
}

function undoneSince(record: TheRecord, last: RecordedBuild | undefined): readonly string[] {
  const undone = record.builds.filter(({ n }) => n > (last?.n ?? Infinity)).map(({ n }) => n);
  return undone.length === 0 ? [] : [`build ${undone.join(', ')} did not get it done`];
}

/** Plans one task as `-n` does; undefined where the metadata is in no state to be planned with. */
function planFor(record: TheRecord, target: string): Plan | undefined {
  const { world, places } = record;
  try {
    const metadata = loadMetadata(world, { buildDir: places.buildDir, python: world.python, warn: () => {} });
    const plan = makePlan(world, {
      metadata,
      request: {
        buildDir: places.buildDir,
        targets: [target],
        keepGoing: false,
        dryRun: true,
        force: false,
        cache: true,
        offline: true,
        wait: false,
        verbose: false,
      },
      number: (record.builds.at(-1)?.n ?? 0) + 1,
      store: openStore({ fs: world.fs, dir: places.artifactDir }),
      runner: world.taskRunner(),
      memo: new Map(),
      signal: new AbortController().signal,
      emit: () => {},
      takenUp: new Map(),
    });
    tryOut(plan);
    return plan;
  } catch (error) {
    if (error instanceof VarveError) return undefined;
    throw error;
  }
}

function tryOut({ context, planner }: Plan): void {
  const deeds = createDeeds(context, new Map());
  for (let steps = planner.next(); steps.length > 0; steps = planner.next()) {
    for (const step of steps) {
      if (step.kind === 'look') planner.found(step.task, deeds.look(step));
      else if (step.kind === 'restore') planner.restored(step.task);
      else planner.ended(step.task, { kind: 'unknown' });
    }
  }
  planner.signRest();
}

/** The newest build in which the task had a result, its own or a later one that stood for it. */
function lastDone(record: TheRecord, plan: Plan, id: TaskId): RecordedBuild | undefined {
  const { recipe, task } = splitTaskId(id);
  const arch = plan.context.site(recipe).recipe.packageArch;
  return record.builds.findLast((build) => {
    const recorded = recipeIn(record, build, { arch, recipe });
    const own = recorded?.tasks().find((each) => each.task === task);
    return own !== undefined && (own.commit !== undefined || recorded?.artifact() !== undefined);
  });
}

/** The tasks whose inputs differ from those in a build, or will, since something they depend on does. */
function changesSince(record: TheRecord, plan: Plan, build: RecordedBuild): ReadonlyMap<TaskId, InputsOf> {
  const changed = new Map<TaskId, InputsOf>();
  const signed = new Set(plan.context.signer.signed());
  for (const id of tasksInOrder(plan.context.graph)) {
    const before = recordedInputs({ record, plan, build }, id);
    if (before === undefined) continue;
    const after = signed.has(id) ? plan.context.signer.inputs(id) : withUnknown(id, before, changed);
    if (!sameInputs(before, after)) changed.set(id, { before, after });
  }
  return changed;
}

function recordedInputs(
  { record, plan, build }: { readonly record: TheRecord; readonly plan: Plan; readonly build: RecordedBuild },
  id: TaskId,
): readonly Input[] | undefined {
  const { recipe, task } = splitTaskId(id);
  const arch = plan.context.site(recipe).recipe.packageArch;
  return recipeIn(record, build, { arch, recipe })?.inputs(task);
}

/** What a task will depend on that nobody can know yet: all that hangs on a change is one. */
function withUnknown(
  id: TaskId,
  before: readonly Input[],
  changed: ReadonlyMap<TaskId, InputsOf>,
): readonly Input[] {
  return before.map((input) => {
    const behind = taskBehind(id, input);
    return behind !== undefined && changed.has(behind) ? { ...input, value: 'not yet known' } : input;
  });
}

function sameInputs(before: readonly Input[], after: readonly Input[]): boolean {
  const key = ({ kind, name, value }: Input): string => JSON.stringify([kind, name, value]);
  const old = new Set(before.map(key));
  return before.length === after.length && after.every((input) => old.has(key(input)));
}
