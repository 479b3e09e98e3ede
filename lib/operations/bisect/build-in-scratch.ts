/** Builds one target in a scratch build directory, and says what it would be without building. */
import type { RecordedBuild } from '../../history/recorded-build.ts';
import { recipeIn } from '../record/find-recorded.ts';
import { build } from '../build.ts';
import { recordAt, type TheRecord } from '../record/open-record.ts';
import { planNow } from '../building/plan-now.ts';
import { resolveArtifact, resolveTask } from '../record/resolve-revision.ts';
import type { ResolvedTree } from '../record/resolved-revision.ts';
import type { World } from '../../ports/world.ts';
import type { BuildEvent } from '../../terms/events.ts';
import { taskId, type Signature } from '../../terms/ids.ts';
import type { Mixture } from '../../terms/mixture.ts';
import { VarveError } from '../../terms/varve-error.ts';
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

const installed = ({ recipe, task = 'do_install' }: Wanted): string => `${recipe}:${task}`;

/** Reads the metadata; nothing is built. */
export async function foreseeInScratch(world: World, buildDir: string, wanted: Wanted): Promise<Foreseen> {
  try {
    const metadata = loadScratch(world, buildDir);
    const { context } = await planNow(recordAt(world, metadata.places), metadata, [installed(wanted)]);
    const { name } = metadata.recipe(wanted.recipe);
    const key = context.deepKey(taskId(name, wanted.task ?? 'do_install'));
    metadata.keep();
    return { kind: 'key', key };
  } catch (error) {
    return unmade(error);
  }
}

/** Builds the target; undefined where a person interrupted it. `onRun`: there is something to run. */
export async function buildInScratch(
  world: World,
  buildDir: string,
  { onRun, mixture, ...wanted }: Wanted & { readonly onRun: () => void; readonly mixture?: Mixture },
): Promise<Made | Unmade | undefined> {
  const events: BuildEvent[] = [];
  try {
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
    if (!ok) return { kind: 'unmade', why: whyFailed(events), tasksRun };
    const metadata = loadScratch(world, buildDir);
    const name = metadata.recipe(wanted.recipe).name;
    return { ...newest(recordAt(world, metadata.places), { ...wanted, recipe: name }), tasksRun };
  } catch (error) {
    return unmade(error);
  }
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

function whyFailed(events: readonly BuildEvent[]): string {
  const failed = events.find((event) => event.event === 'task-finished' && !event.ok);
  if (failed?.event === 'task-finished') return `${failed.task} failed`;
  const told = events.find((event) => event.event === 'message' && event.level === 'error');
  return told?.event === 'message' ? told.text : 'it cannot be built';
}

/** Metadata that is wrong is a state like others; what is wrong with varve is not. */
function unmade(error: unknown): Unmade {
  if (error instanceof VarveError && error.fault !== 'internal')
    return { kind: 'unmade', why: error.message, tasksRun: 0 };
  throw error;
}
