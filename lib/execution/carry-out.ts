/** Carries out the steps of a plan: as many tasks at a time as wished, one at a time in each recipe. */
import type { Ended, Found, Planner, Step } from '../planning/planner.ts';
import type { TaskId } from '../terms/ids.ts';
import { splitTaskId } from '../terms/ids.ts';

export type RunStep = Extract<Step, { kind: 'run' }>;
export type LookStep = Extract<Step, { kind: 'look' }>;
export type RestoreStep = Extract<Step, { kind: 'restore' }>;

/** What the steps of a plan are done with. */
export interface Deeds {
  look(step: LookStep): Found;
  /** False where the artifact is lost or damaged: the plan must be made anew. */
  restore(step: RestoreStep): boolean;
  run(step: RunStep): Promise<Ended | 'replan'>;
  /** Of the tasks of one recipe that could run, the lowest goes first. */
  preference(task: TaskId): number;
}

export interface CarryOutOptions {
  readonly jobs: number;
  readonly signal: AbortSignal;
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
  const ready = new Set<RunStep>();
  const running = new Map<string, Promise<void>>();
  let replan = false;
  let fault: { readonly error: unknown } | undefined;

  const stopFor = (error: unknown): void => {
    fault ??= { error };
    planner.stop();
  };
  const start = (step: RunStep): void => {
    ready.delete(step);
    const { recipe } = splitTaskId(step.task);
    const work = deeds.run(step).then(
      (ended) => {
        running.delete(recipe);
        if (ended !== 'replan') return planner.ended(step.task, ended);
        replan = true;
        return planner.stop();
      },
      (error: unknown) => {
        running.delete(recipe);
        stopFor(error);
      },
    );
    running.set(recipe, work);
  };
  const take = (step: Step): void => {
    if (step.kind === 'look') planner.found(step.task, deeds.look(step));
    else if (step.kind === 'run') ready.add(step);
    else if (deeds.restore(step)) planner.restored(step.task);
    else replan = true;
  };

  for (;;) {
    if (options.signal.aborted) planner.stop();
    const steps = fault === undefined ? planner.next() : [];
    try {
      for (const step of steps) take(step);
    } catch (error) {
      stopFor(error);
    }
    if (steps.some((step) => step.kind !== 'run') && !replan && fault === undefined) continue;
    options.onProgress(planner.progress());
    if (!replan && !options.signal.aborted && !planner.stopped()) {
      for (const step of startable(ready, running, { jobs: options.jobs, deeds })) start(step);
    }
    if (running.size === 0 && fault !== undefined) throw fault.error;
    if (running.size === 0) return replan ? 'replan' : 'done';
    await Promise.race(running.values());
  }
}

/** The steps that may start now: free recipes only, each with the task it prefers. */
function startable(
  ready: ReadonlySet<RunStep>,
  running: ReadonlyMap<string, unknown>,
  limits: { readonly jobs: number; readonly deeds: Deeds },
): readonly RunStep[] {
  const chosen = new Map<string, RunStep>();
  for (const step of ready) {
    const { recipe } = splitTaskId(step.task);
    const rival = chosen.get(recipe);
    if (running.has(recipe)) continue;
    if (rival === undefined || limits.deeds.preference(step.task) < limits.deeds.preference(rival.task)) {
      chosen.set(recipe, step);
    }
  }
  return [...chosen.values()].slice(0, Math.max(0, limits.jobs - running.size));
}
