/** Builds one target in a scratch build directory, and says what it would be without building. */
import { createHash } from 'node:crypto';
import { mixMetadata } from '../../execution/mixing/mix-metadata.ts';
import type { Plan } from '../../execution/plan/make-plan.ts';
import { installTask } from '../../graph/arrange-tasks.ts';
import type { Metadata } from '../../layers/load-metadata.ts';
import type { RecordedBuild } from '../../history/recorded-build.ts';
import { recipeIn } from '../record/find-recorded.ts';
import { build } from '../build.ts';
import { recordAt, type TheRecord } from '../record/open-record.ts';
import { foresee } from '../building/foresee.ts';
import { planNow } from '../building/plan-now.ts';
import { resolveArtifact, resolveTask } from '../record/resolve-revision.ts';
import type { ResolvedTree } from '../record/resolved-revision.ts';
import type { World } from '../../ports/world.ts';
import type { BuildEvent, TaskFinished } from '../../terms/events.ts';
import { splitTaskId, taskId, type Signature, type TaskId } from '../../terms/ids.ts';
import type { Mixture } from '../../terms/mixture.ts';
import { VarveError } from '../../terms/varve-error.ts';
import type { Failures } from './failures.ts';
import { loadScratch } from './scratch-build-dir.ts';

/** What is judged: the artifact of a recipe, or its WORKDIR after a task. */
export interface Wanted {
  readonly recipe: string;
  /** Absent: the artifact. */
  readonly task?: string;
}

/** Why there is nothing to judge. */
export interface Unmade {
  readonly kind: 'unmade';
  readonly why: string;
  /** The path of the log that tells more. */
  readonly log?: string;
  readonly tasksRun: number;
}

export interface Made {
  readonly kind: 'made';
  readonly record: TheRecord;
  readonly build: RecordedBuild;
  readonly resolved: ResolvedTree;
  readonly tasksRun: number;
}

/** What the metadata as it stands there makes of the target, told by a key: the same key, the same result. */
export type Foreseen = { readonly kind: 'key'; readonly key: Signature } | Unmade;

const installed = ({ recipe, task = installTask }: Wanted): string => `${recipe}:${task}`;

/** Reads the metadata; nothing is built. */
export async function foreseeInScratch(world: World, buildDir: string, wanted: Wanted): Promise<Foreseen> {
  try {
    const metadata = loadScratch(world, buildDir);
    const { key } = await planInScratch(world, metadata, wanted);
    metadata.keep();
    return { kind: 'key', key };
  } catch (error) {
    return unmade(error);
  }
}

export interface ScratchBuild extends Wanted {
  readonly mixture?: Mixture;
  /** What was tried before is not tried again. */
  readonly failures: Failures;
  /** There is something to run. */
  readonly onRun: () => void;
}

/** Builds the target; undefined where a person interrupted it. */
export async function buildInScratch(
  world: World,
  buildDir: string,
  { failures, onRun, ...wanted }: ScratchBuild,
): Promise<Made | Unmade | undefined> {
  const { recipe, mixture } = wanted;
  const planHere = async (): Promise<PlanInScratch> =>
    planInScratch(world, loadScratch(world, buildDir), wanted);
  const events: BuildEvent[] = [];
  try {
    const known = failures.isEmpty() ? undefined : await knownFailure(await planHere(), failures);
    if (known !== undefined) return { kind: 'unmade', why: known, tasksRun: 0 };
    const request = {
      ...plainly,
      buildDir,
      targets: [installed(wanted)],
      ...(mixture !== undefined && { mixture }),
    };
    const { ok, interrupted } = await build(world, request, (event) => {
      if (event.event === 'task-started' && !events.some((each) => each.event === event.event)) onRun();
      events.push(event);
    });
    if (interrupted) return undefined;
    const tasksRun = events.filter(
      (event) => event.event === 'task-finished' && event.verdict === 'run',
    ).length;
    if (!ok) {
      const failed = failure(events);
      // What could not be fetched may be there the next time.
      if (failed !== undefined && splitTaskId(failed.task).task !== 'do_fetch')
        failures.keep((await planHere()).key, `${failed.task} failed`);
      const log = failed?.log;
      return { kind: 'unmade', why: whyFailed(events), ...(log !== undefined && { log }), tasksRun };
    }
    const metadata = loadScratch(world, buildDir);
    const { name } = metadata.recipe(recipe);
    return { ...newest(recordAt(world, metadata.places), { ...wanted, recipe: name }), tasksRun };
  } catch (error) {
    return unmade(error);
  }
}

interface PlanInScratch {
  readonly plan: Plan;
  /** The task that is wanted. */
  readonly id: TaskId;
  /** The same key, the same result. */
  readonly key: Signature;
}

async function planInScratch(
  world: World,
  metadata: Metadata,
  { mixture, ...wanted }: Wanted & { readonly mixture?: Mixture },
): Promise<PlanInScratch> {
  const mixed = mixture === undefined ? metadata : mixMetadata(metadata, mixture);
  const plan = await planNow(recordAt(world, metadata.places), mixed, [installed(wanted)]);
  const id = taskId(metadata.recipe(wanted.recipe).name, wanted.task ?? installTask);
  const key = plan.context.deepKey(id);
  return { plan, id, key: mixture === undefined ? key : keyOfMixture(key, mixture) };
}

/** A deep key says less of others than a mixture does, which takes their results as they were recorded. */
function keyOfMixture(key: Signature, { inputs, standing }: Mixture): Signature {
  const said = JSON.stringify([key, [...inputs], [...standing]]);
  return createHash('sha256').update(said).digest('hex') as Signature;
}

/** Why it could not be built before; undefined where that is not known, or its result has come from elsewhere since. */
async function knownFailure(
  { plan, id, key }: PlanInScratch,
  failures: Failures,
): Promise<string | undefined> {
  const why = failures.find(key);
  if (why === undefined) return undefined;
  const verdict = (await foresee(plan, { of: [id] })).get(id);
  const isThere = verdict?.kind === 'current' || verdict?.kind === 'restore';
  return isThere ? undefined : `${why} when it was built before; --again builds it anew`;
}

const plainly = {
  keepGoing: false,
  dryRun: false,
  force: false,
  cache: true,
  offline: false,
  wait: true,
  verbose: false,
};

function newest(record: TheRecord, { recipe, task }: Wanted): Omit<Made, 'tasksRun'> {
  const build = record.builds.at(-1);
  const standing = build && recipeIn(record, build, { recipe });
  if (build === undefined || standing === undefined)
    throw new Error(`${recipe} was built and is not recorded`);
  const named = { build, recipe: standing };
  const resolved = task === undefined ? resolveArtifact(record, named) : resolveTask(record, named, task);
  return { kind: 'made', record, build, resolved };
}

function failure(events: readonly BuildEvent[]): TaskFinished | undefined {
  return events.filter((event) => event.event === 'task-finished').find(({ ok }) => !ok);
}

function whyFailed(events: readonly BuildEvent[]): string {
  const failed = failure(events);
  if (failed !== undefined) return `${failed.task} failed`;
  const told = events.find((event) => event.event === 'message' && event.level === 'error');
  return told?.event === 'message' ? told.text : 'it cannot be built';
}

/** Metadata that is wrong is a state like others; what is wrong with varve is not. */
function unmade(error: unknown): Unmade {
  if (error instanceof VarveError && error.fault !== 'internal')
    return { kind: 'unmade', why: error.message, tasksRun: 0 };
  throw error;
}
