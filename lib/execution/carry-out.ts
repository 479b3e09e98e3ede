/** Carries out the steps of a plan: as many tasks at a time as wished, one at a time in each recipe. */
import type { Ended, Found, Planner, Step } from '../planning/planner.ts';
import { splitTaskId, type TaskId } from '../terms/ids.ts';
import { createTakenWorkdirs, type TakenWorkdirs } from './taken-workdirs.ts';

export type RunStep = Extract<Step, { kind: 'run' }>;
export type LookStep = Extract<Step, { kind: 'look' }>;
export type RestoreStep = Extract<Step, { kind: 'restore' }>;

/** What the steps of a plan are done with. */
export interface Deeds {
  /** Answers all of a round at once, in their order; `replan` where what was answered before is not so any more. */
  look(steps: readonly LookStep[]): Promise<readonly Found[] | 'replan'>;
  /** False where the artifact is lost or damaged: the plan must be made anew. */
  restore(step: RestoreStep): Promise<boolean>;
  run(step: RunStep): Promise<Ended | 'replan'>;
  /** The tasks of other recipes whose WORKDIRs it may look into, to find there what they left. */
  looksInto(task: TaskId): readonly TaskId[];
  /** Nobody needs the WORKDIR of the recipe any more. */
  retire(recipe: string): void;
  /** Of the tasks of one recipe that could run, the lowest goes first. */
  preference(task: TaskId): number;
  /** Of recipes that wait for a free place, the one with the most urgent task goes first. */
  urgency(task: TaskId): number;
}

export interface CarryOutOptions {
  readonly jobs: number;
  readonly signal: AbortSignal;
  /** Asked before each task; no: none starts any more. */
  readonly mayStart: () => boolean;
  readonly onProgress: (progress: { readonly done: number; readonly total: number }) => void;
}

/**
 * Works until nothing is left to do; `replan` where something that was counted on turned out to be gone. A fault is
 * thrown when the tasks that still run have ended, and their results are in the record.
 */
export async function carryOut(
  planner: Planner,
  deeds: Deeds,
  options: CarryOutOptions,
): Promise<'done' | 'replan'> {
  const ready = new Map<string, Set<RunStep>>();
  const taken = createTakenWorkdirs((task) => deeds.looksInto(task));
  const underWay = new Set<Promise<void>>();
  let replan = false;
  let fault: { readonly error: unknown } | undefined;

  const stopFor = (error: unknown): void => {
    fault ??= { error };
    planner.stop();
  };
  const pursue = <T>(work: Promise<T>, end: (answer: T) => void): void => {
    const pursued = work
      .then(end)
      .catch(stopFor)
      .finally(() => underWay.delete(pursued));
    underWay.add(pursued);
  };
  const start = (step: RunStep): void => {
    const { recipe } = splitTaskId(step.task);
    ready.get(recipe)?.delete(step);
    if (ready.get(recipe)?.size === 0) ready.delete(recipe);
    taken.take(step.task);
    const work = deeds.run(step).finally(() => taken.giveBack(step.task));
    pursue(work, (ended) => {
      if (ended === 'replan') {
        replan = true;
        return planner.stop();
      }
      planner.ended(step.task, ended);
      for (const idle of planner.idleAfter(step.task)) deeds.retire(idle);
    });
  };
  const restore = (step: RestoreStep): void =>
    pursue(deeds.restore(step), (isHere) => {
      if (isHere) planner.restored(step.task);
      else replan = true;
    });

  for (;;) {
    if (options.signal.aborted) planner.stop();
    const steps = fault === undefined ? planner.next() : [];
    for (const step of steps) {
      if (step.kind === 'run') addTo(ready, step);
      if (step.kind === 'restore') restore(step);
    }
    const looks = steps.filter((step) => step.kind === 'look');
    if (looks.length > 0) {
      const end = await lookAll(planner, deeds, looks).catch(stopFor);
      if (end === 'replan') {
        replan = true;
        planner.stop();
      }
      continue;
    }
    options.onProgress(planner.progress());
    if (!replan && !options.signal.aborted && !planner.stopped()) {
      for (const step of startable(ready, taken, { jobs: options.jobs, deeds })) {
        if (options.mayStart()) start(step);
        else planner.stop();
      }
    }
    if (underWay.size === 0 && fault !== undefined) throw fault.error;
    if (underWay.size === 0) return replan ? 'replan' : 'done';
    await Promise.race(underWay);
  }
}

/** Answers a round of the planner's questions. */
export async function lookAll(
  planner: Planner,
  deeds: Pick<Deeds, 'look'>,
  looks: readonly LookStep[],
): Promise<'done' | 'replan'> {
  const answers = await deeds.look(looks);
  if (answers === 'replan') return 'replan';
  for (const [index, found] of answers.entries()) {
    const look = looks[index];
    if (look !== undefined) planner.found(look.task, found);
  }
  return 'done';
}

function addTo(ready: Map<string, Set<RunStep>>, step: RunStep): void {
  const { recipe } = splitTaskId(step.task);
  ready.set(recipe, (ready.get(recipe) ?? new Set()).add(step));
}

/**
 * The steps that may start now: of each recipe the task it prefers, the most urgent first. Each is to be started before the next
 * is asked for.
 */
function* startable(
  ready: ReadonlyMap<string, ReadonlySet<RunStep>>,
  taken: TakenWorkdirs,
  { jobs, deeds }: { readonly jobs: number; readonly deeds: Deeds },
): Generator<RunStep> {
  const room = jobs - taken.by();
  const freeOf = (steps: Iterable<RunStep>): readonly RunStep[] =>
    [...steps].filter(({ task }) => taken.isFree(task));
  const free = room <= 0 ? [] : [...ready.values()].map(freeOf).filter((steps) => steps.length > 0);
  for (const steps of free.length <= room ? free : byUrgency(free, deeds)) {
    if (taken.by() >= jobs) return;
    // One that was started just now may have what these look into.
    const stillFree = freeOf(steps);
    if (stillFree.length > 0) yield preferred(stillFree, deeds);
  }
}

function byUrgency(free: readonly (readonly RunStep[])[], deeds: Deeds): readonly (readonly RunStep[])[] {
  const urgency = (steps: readonly RunStep[]): number =>
    Math.max(...steps.map((step) => deeds.urgency(step.task)));
  return free
    .map((steps) => ({ steps, urgency: urgency(steps) }))
    .toSorted((a, b) => b.urgency - a.urgency)
    .map(({ steps }) => steps);
}

function preferred(steps: readonly RunStep[], deeds: Deeds): RunStep {
  return steps.reduce((best, step) =>
    deeds.preference(step.task) < deeds.preference(best.task) ? step : best,
  );
}
