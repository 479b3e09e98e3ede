/** `varve build`: from what was asked to what is in the record. */
import { takeLease } from '../artifacts/lease.ts';
import { openStore } from '../artifacts/store.ts';
import { settleWorkdirs } from '../execution/arrivals.ts';
import type { BuildContext } from '../execution/build-context.ts';
import { carryOut } from '../execution/carry-out.ts';
import { claimArtifacts } from '../execution/claim-artifacts.ts';
import { createDeeds } from '../execution/create-deeds.ts';
import { describeBuild } from '../execution/describe-build.ts';
import { holdBuildLock, runningBuild } from '../execution/hold-build-lock.ts';
import { syncRecord } from '../execution/keep-synced.ts';
import { makePlan, type Plan } from '../execution/make-plan.ts';
import { mentionEdits } from '../execution/mention-edits.ts';
import { recordBuild } from '../execution/record-build.ts';
import { soundTargets, type SoundTargets } from '../execution/sound-targets.ts';
import type { Losses } from '../execution/standing-results.ts';
import { openBuilds, type Builds } from '../history/builds.ts';
import { loadMetadata, type Metadata } from '../layers/load-metadata.ts';
import type { FileMemo } from '../sources/source-context.ts';
import type { World } from '../ports/world.ts';
import type { BuildRequest } from '../terms/build-request.ts';
import type { BuildEvent } from '../terms/events.ts';
import { buildsRepository } from '../terms/places.ts';
import { unfitForPaths } from '../terms/unfit-for-paths.ts';
import { VarveError, type Place } from '../terms/varve-error.ts';
import { createTally, type Tally } from './create-tally.ts';
import { dryRun } from './dry-run.ts';
import { reachMirrors } from './reach-mirrors.ts';
import { watchDisks, type DiskWatch } from './watch-disks.ts';

export interface BuildOutcome {
  readonly ok: boolean;
  readonly interrupted: boolean;
}

type Emit = (event: BuildEvent) => void;

/** Builds the targets, or says what would be done (`-n`); a failed task is an outcome, not an error. */
export async function build(world: World, request: BuildRequest, emit: Emit): Promise<BuildOutcome> {
  const tally = createTally(emit, request.verbose);
  const metadata = loadMetadata(world, {
    buildDir: request.buildDir,
    python: world.python,
    warn: (text, place) => tally.emit({ event: 'message', level: 'warning', text: placed(text, place) }),
    strict: true,
  });
  refuseUnfit(metadata.places.tmpDir);
  const abort = new AbortController();
  const disks = watchDisks(world, metadata, tally.emit);
  const signal = AbortSignal.any([abort.signal, disks.halt]);
  const held = { metadata, request, tally, disks, signal, interrupt: abort.signal };
  if (request.dryRun) {
    const other = runningBuild(world, metadata.places);
    if (other !== undefined) tally.emit(note(`${other} is at work: this is how things stand now`));
    return buildHeld(world, held);
  }
  const letGo = await holdBuildLock(world, metadata.places, {
    what: ['varve build', ...request.targets].join(' '),
    wait: request.wait,
    say: (text) => tally.emit(note(text)),
  });
  const stopListening = world.onInterrupt(() => abort.abort());
  const endLease = takeLease(world, metadata.places);
  try {
    return await buildHeld(world, held);
  } finally {
    disks.end();
    stopListening();
    endLease();
    letGo();
  }
}

const note = (text: string): BuildEvent => ({ event: 'message', level: 'note', text });

/** Says before anything runs what would fail in the middle of a task. */
function refuseUnfit(path: string): void {
  const unfit = unfitForPaths(path);
  if (unfit === undefined) return;
  throw new VarveError('usage', `tasks cannot run below ${path}: ${unfit} in a path breaks recipes`, {
    hints: [
      'Move the build directory to a path without it.',
      `TMPDIR = "/var/tmp/build"   in conf/local.conf puts all that tasks see elsewhere`,
    ],
  });
}

interface Held {
  readonly metadata: Metadata;
  readonly request: BuildRequest;
  readonly tally: Tally;
  readonly disks: DiskWatch;
  /** Aborted where tasks are to end. */
  readonly signal: AbortSignal;
  /** Aborted by the user. */
  readonly interrupt: AbortSignal;
}

async function buildHeld(world: World, held: Held): Promise<BuildOutcome> {
  const { metadata, tally, signal } = held;
  const { emit } = tally;
  const start = world.now();
  const builds = openBuilds({ fs: world.fs, gitDir: buildsRepository(metadata.places) });
  if (held.request.name !== undefined) builds.checkName(held.request.name);
  const number = (builds.list().at(-1) ?? 0) + 1;
  const store = openStore({ fs: world.fs, dir: metadata.places.artifactDir });
  const losses: Losses = new Map();
  const runner = world.taskRunner();
  const memo: FileMemo = new Map();
  const mirrors = await reachMirrors(world, metadata, {
    ask: held.request.offline ? 'directories' : 'all',
    signal,
    emit,
  });
  const planning = { ...held, number, store, mirrors, runner, memo, emit };
  const { targets, refused } = held.request.keepGoing
    ? soundTargets(world, planning)
    : { ...held.request, refused: [] };
  const request = { ...held.request, targets };
  const plan = (): Plan => makePlan(world, { ...planning, request });
  let current = plan();
  metadata.keep();
  emit({
    event: 'build-started',
    schema: 1,
    build: number,
    targets: current.context.graph.targets,
    ...(request.dryRun ? { dryRun: true } : {}),
  });
  for (const each of refused) emit(refusalOf(each));
  if (request.dryRun) {
    const ok = await dryRun(current, { world, tally, number, start });
    return { ok, interrupted: false };
  }
  settleWorkdirs(current.context);
  for (;;) {
    const deeds = createDeeds(current.context, losses);
    const options = {
      jobs: request.jobs ?? world.cpus,
      signal,
      mayStart: held.disks.mayStart,
      onProgress: (progress: { readonly done: number; readonly total: number }) =>
        emit({ event: 'progress', ...progress }),
    };
    const lost = losses.size;
    let end: 'done' | 'replan' = 'done';
    try {
      end = await carryOut(current.planner, deeds, options);
    } finally {
      deeds.finish();
    }
    if (end === 'done') break;
    if (losses.size === lost) throw new Error('the build begins anew although nothing more was lost');
    current = plan();
  }
  return conclude(current, { ...held, world, builds, number, start });
}

function refusalOf({ target, error }: SoundTargets['refused'][number]): BuildEvent {
  const text = `${target} cannot be built: ${placed(error.message, error.place)}`;
  return { event: 'message', level: 'error', about: target, text, hints: error.hints };
}

interface Concluding extends Held {
  readonly world: World;
  readonly builds: Builds;
  readonly number: number;
  readonly start: number;
}

function conclude(plan: Plan, done: Concluding): BuildOutcome {
  const { world, request, number, tally } = done;
  const { emit } = tally;
  const interrupted = done.interrupt.aborted;
  plan.planner.signRest();
  mentionEdits(plan.context, { about: plan.context.graph.targets, dryRun: false });
  const unfinished = plan.planner.unfinished().length;
  const counts = tally.counts(plan, unfinished);
  const errors = tally.errors();
  const ok = counts.failed === 0 && unfinished === 0 && errors === 0 && !interrupted;
  for (const event of tally.idle(plan)) emit(event);
  const recorded = recordBuild(plan.context, done.builds, {
    number,
    ok,
    name: request.name,
    targets: request.targets,
    counts,
    description: describeBuild(world, { metadata: done.metadata, request }),
  });
  emit({
    event: 'build-finished',
    build: number,
    ok,
    counts,
    warnings: tally.warnings(),
    errors,
    durationMs: world.now() - done.start,
    ...(interrupted ? { interrupted } : {}),
  });
  claimArtifacts(plan.context, recorded);
  const written = new Set([...recorded, ...tally.recipes()]);
  if (written.size > 0) sync(plan.context, done.builds, [...written]);
  return { ok, interrupted };
}

function sync({ world, places, site }: BuildContext, builds: Builds, recipes: readonly string[]): void {
  const histories = recipes.map(site).filter((each) => each.hasHistory());
  syncRecord(world, places, [builds, ...histories.map((each) => each.history())]);
}

function placed(text: string, place: Place | undefined): string {
  if (place === undefined) return text;
  return `${place.file}${place.line === undefined ? '' : `:${place.line}`}: ${text}`;
}
