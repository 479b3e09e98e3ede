/** Builds that had nothing to do: as long as everything that they looked at stands, the next one has nothing to do either. */
import { describeBuild, type Described } from '../../execution/describe-build.ts';
import { holdBuildLock } from '../../execution/holding/hold-build-lock.ts';
import { openBuilds } from '../../history/builds.ts';
import type { World } from '../../ports/world.ts';
import { findAnswer, keepAnswer, type AnswerPlace } from '../../proofs/kept-answers.ts';
import type { Asked } from '../../proofs/watch-world.ts';
import type { BuildOutcome, BuildRequest } from '../../terms/build-request.ts';
import type { BuildEvent, Counts } from '../../terms/events.ts';
import { splitTaskId, taskId, type TaskId } from '../../terms/ids.ts';
import { buildsRepository, idleBuildsDir, savesTimeOnly, type Places } from '../../terms/places.ts';
import type { TaskGraph } from '../../terms/task-graph.ts';
import { checkBuildName } from '../record/imports.ts';
import { tendWaiting } from './tend-waiting.ts';

/** All that is to be known of such a build for another one like it. */
export interface IdleBuild {
  readonly places: Places;
  /** What it told, but for its end. */
  readonly events: readonly BuildEvent[];
  readonly counts: Counts;
  readonly edited: readonly string[];
  readonly warnings: number;
  readonly described: Described;
  /** The tasks of the recipes that were asked for, as far as they were planned. */
  readonly tasks: readonly TaskId[];
  /** The states of all recipes in its record. */
  readonly standing: string;
  /** When mirrors are to be asked what was revoked, milliseconds since the epoch; never where there are none. */
  readonly until?: number | undefined;
}

type Emit = (event: BuildEvent) => void;

/** Builds again what had nothing to do; undefined where there is nothing to go by, or something is not as it was. */
export async function repeatIdleBuild(
  world: World,
  request: BuildRequest,
  emit: Emit,
): Promise<BuildOutcome | undefined> {
  if (request.dryRun) return undefined;
  const begun = world.now();
  const kept = findAnswer<IdleBuild>(world, placeOf(request));
  if (kept === undefined || !world.fs.existsSync(buildsRepository(kept.answer.places))) return undefined;
  const { places, until } = kept.answer;
  if (until !== undefined && world.now() >= until) return undefined;
  const letGo = await holdBuildLock(world, places, {
    what: ['varve build', ...request.targets].join(' '),
    wait: request.wait,
    say: (text) => emit({ event: 'message', level: 'note', text }),
  });
  let outcome: BuildOutcome | undefined;
  try {
    outcome = kept.holds() ? recordAgain(world, { request, idle: kept.answer, begun, emit }) : undefined;
  } finally {
    letGo();
  }
  if (outcome !== undefined) tendWaiting(world, places);
  return outcome;
}

interface Again {
  readonly request: BuildRequest;
  readonly idle: IdleBuild;
  /** Milliseconds since the epoch. */
  readonly begun: number;
  readonly emit: Emit;
}

function recordAgain(world: World, { request, idle, begun, emit }: Again): BuildOutcome | undefined {
  const builds = openBuilds({ fs: world.fs, gitDir: buildsRepository(idle.places) });
  const newest = builds.list().at(-1);
  if (newest === undefined || builds.standing(newest) !== idle.standing) return undefined;
  if (request.name !== undefined) checkBuildName(world, idle.places, { builds, name: request.name });
  const number = newest + 1;
  for (const event of idle.events)
    emit(event.event === 'build-started' ? { ...event, build: number } : event);
  builds.record({
    number,
    ok: true,
    when: Math.floor(world.now() / 1000),
    ...(request.name === undefined ? {} : { name: request.name }),
    counts: idle.counts,
    edited: idle.edited,
    message: `build ${number}: ${request.targets.join(' ')}`,
    recipes: new Map(),
    build: describeBuild(world, idle.described, request),
  });
  emit({
    event: 'build-finished',
    build: number,
    ok: true,
    counts: idle.counts,
    warnings: idle.warnings,
    errors: 0,
    durationMs: world.now() - begun,
  });
  return { ok: true, interrupted: false };
}

/** A task of a recipe that a build is asked for by one name. */
export interface AskedTask {
  readonly buildDir: string;
  readonly target: string;
  /** With its `do_`. */
  readonly task: string;
}

/**
 * Whether a build of this target alone would find the task's result standing, or have no need of it, as far as what was
 * kept of one tells; false where nothing was kept, or something is not as it was. Mirrors are not asked.
 */
export function isKnownToStand(world: World, { buildDir, target, task }: AskedTask): boolean {
  return neutralOptions.some((options) => {
    const request = { ...options, buildDir, targets: [target], dryRun: false, force: false, cache: true };
    const kept = findAnswer<IdleBuild>(world, placeOf(request));
    return kept?.answer.tasks.some((id) => splitTaskId(id).task === task) === true && kept.holds();
  });
}

const yesAndNo = [false, true];
/** What a build may be asked besides, without another verdict on any task. */
const neutralOptions = yesAndNo.flatMap((keepGoing) =>
  yesAndNo.flatMap((offline) => yesAndNo.map((verbose) => ({ keepGoing, offline, verbose }))),
);

/** The tasks of the recipes that a build was asked for. */
export function askedTasks({ targets, arrangements, tasks }: TaskGraph): readonly TaskId[] {
  const recipes = new Set(targets.map((target) => splitTaskId(target).recipe));
  return [...recipes].flatMap((recipe) =>
    (arrangements.get(recipe)?.order ?? []).map((task) => taskId(recipe, task)).filter((id) => tasks.has(id)),
  );
}

/** Keeps a build that had nothing to do, and is in the record. */
export function keepIdleBuild(
  world: World,
  request: BuildRequest,
  { idle, asked }: { readonly idle: IdleBuild; readonly asked: Asked },
): void {
  const outside = <Found>(of: ReadonlyMap<string, Found>): ReadonlyMap<string, Found> =>
    new Map([...of].filter(([path]) => !savesTimeOnly(idle.places, world.env, path)));
  const { there, whole, link } = asked.files;
  const files = { there: outside(there), whole: outside(whole), link: outside(link) };
  keepAnswer(world, placeOf(request), { answer: idle, asked: { ...asked, files } });
}

/** What it is called and how it is carried out changes nothing of what there is to do; the lock comes and goes. */
function placeOf(request: Omit<BuildRequest, 'wait'>): AnswerPlace {
  const { buildDir, targets, task, runall, keepGoing, dryRun, force, cache, offline, verbose } = request;
  const question = { targets, task, runall, keepGoing, dryRun, force, cache, offline, verbose };
  return { dir: idleBuildsDir(buildDir), restless: buildDir, question: { buildDir, ...question } };
}

/** Listens to a build for as long as it has nothing to do. */
export function listenIdle(
  emit: Emit,
  onWork: () => void,
): { readonly emit: Emit; said(): readonly BuildEvent[] } {
  const said: BuildEvent[] = [];
  let working = false;
  return {
    said: () => said,
    emit(event) {
      if (!working && isWork(event)) {
        working = true;
        said.length = 0;
        onWork();
      }
      if (!working && event.event !== 'build-finished') said.push(event);
      emit(event);
    },
  };
}

/** What is said of a disk is true of the moment only. */
const isWork = (event: BuildEvent): boolean =>
  event.event === 'task-started' ||
  event.event === 'disk-low' ||
  event.event === 'disk-full' ||
  (event.event === 'task-finished' && (event.verdict === 'run' || event.verdict === 'restore'));
