/** After a build with much to do: finds out what the next one will look at, if nothing is changed. */
import { setTimeout } from 'node:timers/promises';
import { settleWorkdirs } from '../execution/arrivals.ts';
import { carryOut, type Deeds } from '../execution/carry-out.ts';
import { createDeeds } from '../execution/create-deeds.ts';
import { describedOf } from '../execution/describe-build.ts';
import type { Plan } from '../execution/make-plan.ts';
import { openBuilds } from '../history/builds.ts';
import type { World } from '../ports/world.ts';
import { TICK } from '../terms/last-touched.ts';
import { buildsRepository } from '../terms/places.ts';
import { endOf, openSession, planSession, type Session } from './build-session.ts';
import { keepIdleBuild } from './idle-build.ts';

/** Goes through the next build, which is recorded nowhere; keeps it if it had nothing to do. */
export async function foreseeIdleBuild(world: World, done: Session, number: number): Promise<void> {
  // What was written just now could be written again within the same tick, unseen.
  await setTimeout(Number(TICK / 1_000_000n));
  const { request, interrupt } = done;
  const session = openSession(world, request, { emit: () => {}, interrupt });
  session.disks.end();
  const { first, mirrors } = await planSession(session, number + 1);
  settleWorkdirs(first.context);
  if (!(await isIdle(first, session))) return;
  const { counts } = endOf(first, session);
  const asked = session.watched.end();
  if (asked === undefined || mirrors?.asked() === true) return;
  const { metadata, tally } = session;
  const { places } = metadata;
  const builds = openBuilds({ fs: world.fs, gitDir: buildsRepository(places) });
  const idle = {
    places,
    events: session.said(),
    counts,
    warnings: tally.warnings(),
    described: describedOf(metadata),
    standing: builds.standing(number) ?? '',
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
