/** Whether tasks make the same again: each is run once more from the recorded state that it started from. */
import type { BuildContext } from '../execution/build-context.ts';
import { holdBuildLock } from '../execution/holding/hold-build-lock.ts';
import type { Plan } from '../execution/plan/make-plan.ts';
import { openHostTools } from '../execution/tools/open-host-tools.ts';
import { repeatTask } from '../execution/task/repeat-task.ts';
import {
  baseCommit,
  lookForResult,
  reasonToRun,
  standingCommit,
} from '../execution/results/standing-results.ts';
import { installTask } from '../graph/arrange-tasks.ts';
import type { TaskCommit } from '../history/task-commits.ts';
import { loadMetadata, type Metadata } from '../layers/load-metadata.ts';
import type { World } from '../ports/world.ts';
import { splitTaskId, taskId, type TaskId, type TreeId } from '../terms/ids.ts';
import { parseRevision, splitImport } from '../terms/revision.ts';
import type { TaskNode } from '../terms/task-graph.ts';
import { VarveError } from '../terms/varve-error.ts';
import { compareResolved } from './comparing/compare-resolved.ts';
import type { Difference } from './comparing/difference.ts';
import { fillRecordedSysroot } from './record/fill-recorded-sysroot.ts';
import { foresee } from './building/foresee.ts';
import { openRecord, type TheRecord } from './record/open-record.ts';
import { planNow } from './building/plan-now.ts';
import { warnThrough, type Say } from '../terms/say.ts';

export interface VerifyRequest {
  readonly buildDir: string;
  /** RECIPE: all tasks up to do_install; or RECIPE:TASK. */
  readonly rev: string;
}

/** What came of one task. */
export type VerifiedTask = { readonly task: TaskId } & (
  | { readonly kind: 'same' }
  | { readonly kind: 'other'; readonly difference: Difference }
  | { readonly kind: 'failed'; readonly message: string; readonly log: string }
);

export interface Verified {
  readonly recipe: string;
  /** In order; after one that is not the same nothing more was tried. */
  readonly tasks: readonly VerifiedTask[];
}

/** Runs tasks again and compares; undefined where it was interrupted. Publishes nothing, and leaves the WORKDIR alone. */
export async function verifyRecipe(
  world: World,
  request: VerifyRequest,
  { say, verified }: { readonly say: Say; readonly verified: (task: VerifiedTask) => void },
): Promise<Verified | undefined> {
  const { recipe: name, task } = taskMeant(request.rev);
  const metadata = loadMetadata(world, {
    buildDir: request.buildDir,
    python: world.python,
    warn: warnThrough(say),
  });
  const { name: recipe } = metadata.recipe(name);
  const letGo = await holdBuildLock(world, metadata.places, {
    what: `varve verify ${request.rev}`,
    wait: true,
    say,
  });
  const interrupt = new AbortController();
  const release = world.onInterrupt(() => interrupt.abort());
  try {
    const record = openRecord(world, request.buildDir);
    const plan = await planNow(record, metadata, [`${recipe}:${task ?? installTask}`]);
    await foresee(plan, { of: [] });
    plan.planner.signRest();
    openHostTools(world, metadata).link();
    const found = {
      record,
      metadata,
      plan: { ...plan, context: { ...plan.context, signal: interrupt.signal } },
    };
    const tasks: VerifiedTask[] = [];
    for (const node of nodesOf(plan, recipe, task)) {
      const result = await verifyTask(found, node, task === undefined);
      if (interrupt.signal.aborted) return undefined;
      tasks.push(result);
      verified(result);
      if (result.kind !== 'same') break;
    }
    return { recipe, tasks };
  } finally {
    release();
    letGo();
  }
}

function taskMeant(text: string): { readonly recipe: string; readonly task: string | undefined } {
  const revision = splitImport(text) === undefined ? parseRevision(text) : undefined;
  if (revision?.kind === 'artifact' && revision.build === undefined)
    return { recipe: revision.recipe, task: undefined };
  if (revision?.kind === 'task' && revision.build === undefined)
    return { recipe: revision.recipe, task: revision.task };
  throw new VarveError('usage', `"${text}" is not what can be run again now`, {
    hints: ['varve verify RECIPE   or RECIPE:TASK, as the newest build left it'],
  });
}

/** The task, or all up to do_install but do_fetch, which is the network's. */
function nodesOf({ context }: Plan, recipe: string, task: string | undefined): readonly TaskNode[] {
  const { graph } = context;
  const names = [...(graph.arrangements.get(recipe)?.order ?? [])];
  const nodes = names.flatMap((name) => graph.tasks.get(taskId(recipe, name)) ?? []);
  if (task !== undefined) return nodes.filter(({ shape }) => shape.name === task);
  return nodes.filter(
    ({ shape, afterInstall }) => !shape.noexec && !afterInstall && shape.name !== 'do_fetch',
  );
}

interface Verifying {
  readonly record: TheRecord;
  readonly metadata: Metadata;
  readonly plan: Plan;
}

async function verifyTask(
  { record, metadata, plan }: Verifying,
  node: TaskNode,
  isOneOfAll: boolean,
): Promise<VerifiedTask> {
  const { context } = plan;
  const commit = standingCommit(context, node);
  const base = baseCommit(context, node);
  if (commit === undefined || !base.known) throw notRecorded(context, node, isOneOfAll);
  const site = context.site(node.recipe);
  const inputs = context.signer.inputs(node.id);
  const sysrootOwned = fillRecordedSysroot(record, metadata, { recipe: site.recipe, inputs, verify: true });
  const { signature } = commit;
  const then = { start: base.commit, recorded: commit.id };
  const repeated = await repeatTask(context, { node, signature, ...then, sysrootOwned });
  if (repeated.kind !== 'other') return { task: node.id, ...repeated };
  return { task: node.id, kind: 'other', difference: differenceOf(plan, commit, repeated.tree) };
}

function differenceOf({ context }: Plan, commit: TaskCommit, tree: TreeId): Difference {
  const { recipe, task } = splitTaskId(commit.task);
  const site = context.site(recipe);
  const { objects } = site.history();
  const end = { kind: 'task', arch: site.recipe.packageArch, recipe, objects, top: '', task } as const;
  return compareResolved(
    {
      from: { ...end, rev: `${recipe}:${task}`, tree: commit.tree, commit: commit.id },
      to: { ...end, rev: 'again', tree },
    },
    [],
  );
}

/** A task that always runs, without which nobody knows what this one is made from. */
function awaited({ graph, known }: BuildContext, id: TaskId): TaskId | undefined {
  if (known.signature(id) !== undefined) return undefined;
  return [...graph.tasks.values()].find(
    (other) => other.shape.nostamp && known.identity(other.id) === undefined,
  )?.id;
}

/** What makes it, at the least: where an artifact stands for a task, only one that is forced runs. */
function notRecorded(context: BuildContext, node: TaskNode, isOneOfAll: boolean): VarveError {
  const { id, recipe, shape } = node;
  const always = shape.nostamp ? id : awaited(context, id);
  if (always !== undefined)
    return new VarveError(
      'usage',
      `${always} runs in every build ([nostamp]): neither it nor what stands on it is verified`,
    );
  const whole = taskId(recipe, installTask);
  const wanted = (isOneOfAll ? context.graph.tasks.get(whole) : undefined) ?? node;
  const name = splitTaskId(wanted.id).task.replace(/^do_/, '');
  const gone = whyGone(context, node);
  if (artifactStands(context, wanted)) {
    const why = gone === undefined ? 'did not run here with the inputs that it has now:' : `${gone};`;
    return new VarveError('usage', `${id} ${why} an artifact stands for it`, {
      hints: [`varve build -f -c ${name} ${recipe}   runs it here`],
    });
  }
  const make =
    standingCommit(context, wanted) === undefined
      ? `varve build -c ${name} ${recipe}   makes it`
      : `varve build --no-cache -c ${name} ${recipe}   runs all of them here`;
  const why = gone ?? 'is not recorded with the inputs that it has now';
  return new VarveError('usage', `${id} ${why}`, {
    hints: [make, `varve why ${id.replace(':do_', ':')}   tells what changed`],
  });
}

/** What is wrong with a result that is recorded with the inputs that the task has now; undefined where there is none. */
function whyGone(context: BuildContext, node: TaskNode): string | undefined {
  const own = whatIsWrong(context, node);
  if (own !== undefined) return `cannot be run again, since ${own}`;
  const signature = context.known.signature(node.id);
  if (signature === undefined || !context.site(node.recipe).stamped(node.shape.name, signature))
    return undefined;
  for (let before = parentOf(context, node); before !== undefined; before = parentOf(context, before)) {
    const wrong = whatIsWrong(context, before);
    if (wrong !== undefined) return `cannot be run again, since ${before.shape.name} cannot: ${wrong}`;
  }
  return undefined;
}

function whatIsWrong(context: BuildContext, node: TaskNode): string | undefined {
  const signature = context.known.signature(node.id);
  const reason = signature === undefined ? undefined : reasonToRun(context, node, signature);
  return reason?.kind === 'missing' ? reason.what : undefined;
}

const parentOf = ({ graph }: BuildContext, { parent }: TaskNode): TaskNode | undefined =>
  parent === undefined ? undefined : graph.tasks.get(parent);

function artifactStands(context: BuildContext, node: TaskNode): boolean {
  const signature = context.known.signature(node.id);
  if (!node.restorable || signature === undefined) return false;
  const found = lookForResult(context, node, signature, new Map());
  return found.kind === 'restore' || (found.kind === 'current' && found.commit === undefined);
}
