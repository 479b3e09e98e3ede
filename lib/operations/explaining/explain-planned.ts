/** Why a task would run now: the metadata as it is, compared with the build that last did it. */
import type { Plan } from '../../execution/plan/make-plan.ts';
import { tasksInOrder } from '../../graph/tasks-in-order.ts';
import type { RecordedBuild } from '../../history/recorded-build.ts';
import { loadMetadata } from '../../layers/load-metadata.ts';
import { compareInputs } from '../../signatures/compare-inputs.ts';
import type { InputsOf } from '../../signatures/compare-states.ts';
import { explainTask } from '../../signatures/explain-changes.ts';
import { followChanges } from '../../signatures/follow-changes.ts';
import { splitTaskId, taskId, type TaskId } from '../../terms/ids.ts';
import type { Input } from '../../terms/inputs.ts';
import type { TaskGraph } from '../../terms/task-graph.ts';
import { VarveError } from '../../terms/varve-error.ts';
import type { Verdict } from '../../terms/verdict.ts';
import type { Explanation } from './explanation.ts';
import { planNow } from '../building/plan-now.ts';
import { signatures } from './changed-inputs.ts';
import { foresee } from '../building/foresee.ts';
import type { TheRecord } from '../record/open-record.ts';
import { findHanging, type RecordedState } from './hanging-tasks.ts';
import { hadWork } from './last-change.ts';
import { knownReason, type LastDone, lastDone } from './last-done.ts';
import { stateFinder } from './state-finder.ts';

/** What is to be explained. */
export interface Asked {
  readonly recipe: string;
  readonly first: string;
  /** Where that would not run, the first task made of the recipe's artifact that has a cause to. */
  readonly withLater: boolean;
}

/** Plans to explain why a task would run; undefined where none would, or where the metadata cannot tell. */
export async function explainPlanned(
  record: TheRecord,
  { recipe, first, withLater }: Asked,
): Promise<Explanation | undefined> {
  const plan = await planFor(record, recipe, { first, withLater });
  if (plan === undefined) return undefined;
  for (const [id, verdict] of plan.verdicts) {
    if (verdict.kind === 'current' || verdict.kind === 'covered') continue;
    const name = splitTaskId(id);
    const arch = plan.context.site(name.recipe).recipe.packageArch;
    const last = lastDone(record, { arch, ...name });
    const isFirst = name.task === first;
    if (!isFirst && (last === undefined || !hadWork(last.recipe, name.task))) continue;
    const explained = explainSince(record, plan, { id, verdict, last });
    if (isFirst || explained.causes.length > 0) return explained;
  }
  return undefined;
}

interface NotDone {
  readonly id: TaskId;
  readonly verdict: Verdict;
  readonly last: LastDone | undefined;
}

function explainSince(record: TheRecord, plan: Plan, { id, verdict, last }: NotDone): Explanation {
  const told = {
    task: id,
    verdict: verdict.kind,
    ...(verdict.kind === 'depends' ? { on: verdict.on } : {}),
    ...(last === undefined ? {} : { from: last.build.n }),
  };
  const reason = verdict.kind === 'run' ? verdict.reason : undefined;
  if (last === undefined) return { ...told, ...(reason && { reason }), causes: [], cascade: [] };
  const changed = followChanges(changesSince(record, plan, last.build), {
    before: stateFinder({ record, build: last.build }),
    after: (behind) => inputsNow(plan, behind),
  });
  if (changed.has(id)) return { ...told, ...(reason && { reason }), ...explainTask(changed, id) };
  return {
    ...told,
    ...(reason && { reason: knownReason(reason, last, splitTaskId(id).task) }),
    causes: [],
    cascade: [],
  };
}

interface Planned extends Plan {
  /** In the order in which the tasks run. */
  readonly verdicts: ReadonlyMap<TaskId, Verdict>;
}

interface Wanted {
  readonly first: string;
  /** With those that come after it in its recipe, as far as they have something to run. */
  readonly withLater: boolean;
}

/**
 * Plans as `-n` does what `varve build RECIPE` would do, or the task alone where that has nothing to do with it;
 * undefined where the metadata is in no state to be planned with.
 */
async function planFor(record: TheRecord, recipe: string, wanted: Wanted): Promise<Planned | undefined> {
  const { world, places } = record;
  try {
    const metadata = loadMetadata(world, { buildDir: places.buildDir, python: world.python, warn: () => {} });
    return (
      (await planned(await planNow(record, metadata, [recipe]), wanted)) ??
      (await planned(await planNow(record, metadata, [`${recipe}:${wanted.first}`]), wanted))
    );
  } catch (error) {
    if (error instanceof VarveError) return undefined;
    throw error;
  }
}

async function planned(plan: Plan, { first, withLater }: Wanted): Promise<Planned | undefined> {
  const { graph } = plan.context;
  const id = graph.targets
    .map((target) => taskId(splitTaskId(target).recipe, first))
    .find((each) => graph.tasks.has(each));
  if (id === undefined) return undefined;
  const of = [id, ...(withLater ? laterThan(graph, id) : [])];
  const verdicts = await foresee(plan, { of });
  plan.planner.signRest();
  return { ...plan, verdicts };
}

function laterThan({ arrangements, tasks }: TaskGraph, id: TaskId): readonly TaskId[] {
  const { recipe, task } = splitTaskId(id);
  const order = arrangements.get(recipe)?.order ?? [];
  const later = order.slice(order.indexOf(task) + 1).map((each) => taskId(recipe, each));
  return later.filter((each) => tasks.get(each)?.shape.noexec === false);
}

/**
 * The tasks whose inputs differ from those in a build, or will, since something they depend on does; and those that
 * came or went in a recipe that the build knew.
 */
function changesSince(record: TheRecord, plan: Plan, build: RecordedBuild): ReadonlyMap<TaskId, InputsOf> {
  const { context } = plan;
  const { graph } = context;
  const changed = new Map<TaskId, InputsOf>();
  const recorded = recordedOf(record, plan, build);
  const hangs = findHanging(plan, recorded);
  for (const id of tasksInOrder(graph)) {
    const { recipe, task } = splitTaskId(id);
    const old = recorded.get(recipe);
    const signature = context.known.signature(id);
    if (old === undefined || (signature !== undefined && signature === old.signatures.get(task))) continue;
    const was = old.signatures.get(task);
    const hangsOn = signature === undefined ? hangs(id) : undefined;
    if (hangsOn !== undefined) {
      if (hangsOn.length > 0) changed.set(id, { before: [], after: [], was, hangsOn });
      continue;
    }
    const before = old.recipe.inputs(task);
    const after = inputsNow(plan, id);
    const isSame =
      signature === undefined && before !== undefined && compareInputs(before, after).length === 0;
    if (!isSame) changed.set(id, { before, after, was });
  }
  for (const [name, old] of recorded) {
    const there = new Set(graph.arrangements.get(name)?.order);
    for (const task of [...old.signatures.keys()].filter((each) => !there.has(each)))
      changed.set(taskId(name, task), { before: old.recipe.inputs(task), after: undefined });
  }
  return changed;
}

/** How the recipes of the plan stood in a build. */
function recordedOf(
  record: TheRecord,
  { context }: Plan,
  build: RecordedBuild,
): ReadonlyMap<string, RecordedState> {
  const all = new Map(record.recipes(build).map((recipe) => [`${recipe.arch}/${recipe.recipe}`, recipe]));
  return new Map(
    [...context.graph.recipes.keys()].flatMap((name) => {
      const recipe = all.get(`${context.site(name).recipe.packageArch}/${name}`);
      return recipe === undefined ? [] : [[name, { recipe, signatures: signatures(recipe) }] as const];
    }),
  );
}

function inputsNow({ context }: Plan, id: TaskId): readonly Input[] {
  const node = context.graph.tasks.get(id);
  if (node === undefined || context.known.signature(id) !== undefined) return context.signer.inputs(id);
  return context.signer.draft(node, context.known);
}
