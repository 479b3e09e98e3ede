/** After a build with much to do: finds out what the next one will look at, if nothing is changed. */
import { setTimeout } from 'node:timers/promises';
import { settleWorkdirs } from '../../execution/workdir/arrivals.ts';
import { carryOut, type Deeds } from '../../execution/carry-out.ts';
import { createDeeds } from '../../execution/deeds/create-deeds.ts';
import { describedOf } from '../../execution/describe-build.ts';
import { deployResults } from '../../execution/deploying/deploy-results.ts';
import { editedRecipes } from '../../execution/edits/edited-recipes.ts';
import { holdBuildLock } from '../../execution/holding/hold-build-lock.ts';
import type { Plan } from '../../execution/plan/make-plan.ts';
import { openBuilds } from '../../history/builds.ts';
import type { World } from '../../ports/world.ts';
import type { BuildRequest } from '../../terms/build-request.ts';
import { TICK } from '../../terms/last-touched.ts';
import { buildsRepository, type Places } from '../../terms/places.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { deployIn } from './deploy-in.ts';
import { endOf, openSession, planSession, type Session } from './build-session.ts';
import { askedTasks, keepIdleBuild } from './idle-build.ts';

/** A build that is over. */
export interface Done {
  readonly number: number;
  readonly places: Places;
}

/** Goes through the next build, which is recorded nowhere; keeps it if it had nothing to do. */
export async function foreseeIdleBuild(world: World, request: BuildRequest, done: Done): Promise<void> {
  // What was written just now could be written again within the same tick, unseen.
  await setTimeout(Number(TICK / 1_000_000n));
  const letGo = await holdIfFree(world, done.places);
  if (letGo === undefined) return;
  const abort = new AbortController();
  const stopListening = world.onInterrupt(() => abort.abort());
  try {
    await goThrough(world, request, { number: done.number, interrupt: abort.signal });
  } finally {
    stopListening();
    letGo();
  }
}

/** Somebody else's build comes first, and finds out by itself. */
async function holdIfFree(world: World, places: Places): Promise<(() => void) | undefined> {
  try {
    return await holdBuildLock(world, places, { what: 'varve build', wait: false, say: () => {} });
  } catch (error) {
    if (error instanceof VarveError) return undefined;
    throw error;
  }
}

async function goThrough(
  world: World,
  request: BuildRequest,
  { number, interrupt }: { readonly number: number; readonly interrupt: AbortSignal },
): Promise<void> {
  const session = openSession(world, request, { emit: () => {}, interrupt });
  session.disks.end();
  const { first, mirrors } = await planSession(session, number + 1);
  settleWorkdirs(first.context);
  if (!(await isIdle(first, session))) return;
  const { metadata, tally } = session;
  const { places } = metadata;
  const builds = openBuilds({ fs: world.fs, gitDir: buildsRepository(places) });
  deployResults(first.context, deployIn(session, builds));
  const { counts } = endOf(first, session);
  const asked = session.watched.end();
  if (asked === undefined || mirrors?.asked() === true) return;
  const idle = {
    places,
    events: session.said(),
    counts,
    edited: editedRecipes(first.context),
    warnings: tally.warnings(),
    described: describedOf(metadata),
    tasks: askedTasks(first.context.graph),
    standing: builds.standing(number) ?? '',
    until: mirrors?.listenAgain(),
  };
  keepIdleBuild(world, request, { idle, asked });
}

/** Whether there is nothing to do; nothing is done then either. */
async function isIdle({ context, planner }: Plan, { signal }: Session): Promise<boolean> {
  const deeds = createDeeds(context, new Map());
  const doNothing: Deeds = {
    ...deeds,
    restore: () => Promise.resolve(false),
    run: (step) => {
      const { noexec } = context.graph.tasks.get(step.task)?.shape ?? { noexec: false };
      return noexec ? deeds.run(step) : Promise.resolve('replan');
    },
  };
  const end = await carryOut(planner, doNothing, {
    jobs: 1,
    signal,
    mayStart: () => true,
    onProgress: () => {},
  });
  deeds.finish();
  return end === 'done' && !signal.aborted;
}
