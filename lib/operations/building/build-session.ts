/** What leads up to the work of a build, and what comes to light at its end, whatever is made of both. */
import { join } from 'node:path';
import { entriesPath } from '../../artifacts/store-paths.ts';
import { openStore } from '../../artifacts/store.ts';
import type { Mirrors } from '../../artifacts/mirrors.ts';
import { judgeBy, type Judging } from '../../execution/results/judging.ts';
import { learnRevocations } from '../../execution/results/learn-revocations.ts';
import { mixMetadata } from '../../execution/mixing/mix-metadata.ts';
import { makePlan, type Plan, type PlanRequest } from '../../execution/plan/make-plan.ts';
import { mentionEdits } from '../../execution/edits/mention-edits.ts';
import { soundTargets, type SoundTargets } from '../../execution/plan/sound-targets.ts';
import { loadMetadata, type Metadata } from '../../layers/load-metadata.ts';
import type { World } from '../../ports/world.ts';
import { watchWorld, type Watched } from '../../proofs/watch-world.ts';
import type { FileMemo } from '../../sources/source-context.ts';
import type { BuildRequest } from '../../terms/build-request.ts';
import type { BuildEvent, Counts } from '../../terms/events.ts';
import type { Place } from '../../terms/varve-error.ts';
import { createTally, type Tally } from './create-tally.ts';
import { listenIdle } from './idle-build.ts';
import { openTrust } from '../store/open-trust.ts';
import { reachMirrors } from '../store/reach-mirrors.ts';
import { watchDisks, type DiskWatch } from './watch-disks.ts';

/** A build whose metadata is read. */
export interface Session {
  /** Watched, as long as the build has nothing to do. */
  readonly world: World;
  readonly watched: Watched;
  /** What it told so far, if it had nothing to do. */
  readonly said: () => readonly BuildEvent[];
  readonly metadata: Metadata;
  readonly request: BuildRequest;
  readonly tally: Tally;
  readonly disks: DiskWatch;
  /** Aborted where tasks are to end. */
  readonly signal: AbortSignal;
  /** Aborted by the user. */
  readonly interrupt: AbortSignal;
}

/** Reads the metadata that a build goes by; its disks are watched until the caller ends that. */
export function openSession(
  world: World,
  request: BuildRequest,
  { emit, interrupt }: { readonly emit: (event: BuildEvent) => void; readonly interrupt: AbortSignal },
): Session {
  const watched = watchWorld(world);
  const heard = listenIdle(emit, () => watched.forget());
  const tally = createTally(heard.emit, request.verbose);
  const read = loadMetadata(watched.world, {
    buildDir: request.buildDir,
    python: watched.world.python,
    warn: (text, place) => tally.emit({ event: 'message', level: 'warning', text: placed(text, place) }),
    strict: true,
  });
  const { mixture } = request;
  const metadata = mixture === undefined ? read : mixMetadata(read, mixture);
  if (mixture !== undefined) watched.forget();
  const disks = watchDisks(world, metadata, tally.emit);
  const signal = AbortSignal.any([interrupt, disks.halt]);
  const { said } = heard;
  return { world: watched.world, watched, said, metadata, request, tally, disks, signal, interrupt };
}

/** A build that is planned. */
export interface Planned extends Sources {
  /** With the targets that can be built. */
  readonly request: BuildRequest;
  readonly first: Plan;
  /** Makes the plan anew, with the facts as they are then. */
  readonly plan: () => Plan;
}

/** Plans a build, and tells that it begins. */
export async function planSession(session: Session, number: number): Promise<Planned> {
  const { world } = session;
  const { emit } = session.tally;
  const memo: FileMemo = new Map();
  const sources = await openSources(session, number);
  const planning = { ...session, ...sources, number, runner: world.taskRunner(), memo, emit };
  const { targets, refused } = session.request.keepGoing
    ? soundTargets(world, planning)
    : { ...session.request, refused: [] };
  const request = { ...session.request, targets };
  const plan = (): Plan => makePlan(world, { ...planning, request });
  const first = plan();
  emit({
    event: 'build-started',
    schema: 1,
    build: number,
    targets: first.context.graph.targets,
    ...(request.dryRun ? { dryRun: true } : {}),
  });
  for (const each of refused) emit(refusalOf(each));
  return { request, first, plan, ...sources };
}

type Sources = Pick<PlanRequest, 'store' | keyof Judging> & { readonly mirrors: Mirrors | undefined };

/** Where results come from, and which of them count. */
async function openSources(
  { world, metadata, request, tally, signal }: Session,
  number: number,
): Promise<Sources> {
  const { emit } = tally;
  const { places } = metadata;
  const trust = openTrust(world, metadata, (text) => emit({ event: 'message', level: 'warning', text }));
  const store = openStore({ fs: world.fs, dir: places.artifactDir }, trust);
  const ask = request.offline ? 'directories' : 'all';
  const mirrors = await reachMirrors(world, metadata, { ask, trust, signal, emit });
  // Where nothing stands that could be revoked, the first thing that is asked for brings it with no round of its own.
  const isFirst = number === 1 && !world.fs.existsSync(join(places.artifactDir, entriesPath));
  if (mirrors !== undefined && request.cache && !isFirst)
    await learnRevocations({ trust, world, places, dryRun: request.dryRun, emit }, mirrors);
  return { store, mirrors, ...judgeBy(trust) };
}

function refusalOf({ target, error }: SoundTargets['refused'][number]): BuildEvent {
  const text = `${target} cannot be built: ${placed(error.message, error.place)}`;
  return { event: 'message', level: 'error', about: target, text, hints: error.hints };
}

/** How a build ended. */
export interface End {
  readonly counts: Counts;
  readonly ok: boolean;
  readonly interrupted: boolean;
}

/** Sums up a plan that was carried out as far as it went. */
export function endOf(plan: Plan, { tally, interrupt }: Session): End {
  const interrupted = interrupt.aborted;
  plan.planner.signRest();
  mentionEdits(plan.context, { about: plan.context.graph.targets, dryRun: false });
  const unfinished = plan.planner.unfinished().length;
  const counts = tally.counts(plan, unfinished);
  const ok = counts.failed === 0 && unfinished === 0 && tally.errors() === 0 && !interrupted;
  for (const event of tally.idle(plan)) tally.emit(event);
  return { counts, ok, interrupted };
}

function placed(text: string, place: Place | undefined): string {
  if (place === undefined) return text;
  return `${place.file}${place.line === undefined ? '' : `:${place.line}`}: ${text}`;
}
