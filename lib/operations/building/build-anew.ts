/** A build from what was asked to what is in the record. */
import { takeLease } from '../../artifacts/lease.ts';
import { foldsCase } from '../../execution/workdir/folds-case.ts';
import { settleWorkdirs } from '../../execution/workdir/arrivals.ts';
import type { BuildContext } from '../../execution/build-context.ts';
import { carryOut } from '../../execution/carry-out.ts';
import { claimArtifacts } from '../../execution/results/claim-artifacts.ts';
import { deployResults, type Deploying } from '../../execution/deploying/deploy-results.ts';
import { editedRecipes } from '../../execution/edits/edited-recipes.ts';
import { createDeeds } from '../../execution/deeds/create-deeds.ts';
import { describeBuild, describedOf } from '../../execution/describe-build.ts';
import { holdBuildLock, runningBuild } from '../../execution/holding/hold-build-lock.ts';
import { syncRecord } from '../../execution/holding/keep-synced.ts';
import type { Plan } from '../../execution/plan/make-plan.ts';
import { checkBuildName } from '../record/imports.ts';
import { lastNumber } from '../record/last-number.ts';
import { recordBuild } from '../../execution/record-build.ts';
import type { Losses } from '../../execution/results/standing-results.ts';
import { openBuilds, type Builds } from '../../history/builds.ts';
import { openRefs } from '../../history/refs.ts';
import type { World } from '../../ports/world.ts';
import type { BuildOutcome, BuildRequest } from '../../terms/build-request.ts';
import type { BuildEvent } from '../../terms/events.ts';
import { buildsRepository, type Places } from '../../terms/places.ts';
import { isDiskFull } from '../../terms/is-disk-full.ts';
import { unfitForPaths } from '../../terms/unfit-for-paths.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { endOf, openSession, planSession, type Planned, type Session } from './build-session.ts';
import { keepChangedInputs } from '../explaining/changed-inputs.ts';
import { deployIn } from './deploy-in.ts';
import { limitsOf } from '../housekeeping/limits.ts';
import { dryRun } from './dry-run.ts';
import { foreseeIdleBuild, type Done } from './foresee-idle-build.ts';
import { askedTasks, keepIdleBuild } from './idle-build.ts';
import { tendRecord, type Written } from './tend-record.ts';
import { tendWaiting } from './tend-waiting.ts';
import { tellUnsteady } from './tell-unsteady.ts';

/** Builds the targets, or says what would be done (`-n`); a failed task is an outcome, not an error. */
export async function buildAnew(
  world: World,
  request: BuildRequest,
  emit: (event: BuildEvent) => void,
): Promise<BuildOutcome> {
  world.spareMemory(request.dryRun ? 'brief' : 'lasting');
  const { ok, interrupted, written, next, tend } = await buildOnce(world, request, emit);
  // Only here: what the build had in memory is gone by now.
  if (written !== undefined) keepChangedInputs(world, written.places, written.build);
  if (next !== undefined) await foreseeIdleBuild(world, request, next);
  // Only here: that wanted the build directory, too.
  tend?.();
  return { ok, interrupted };
}

async function buildOnce(
  world: World,
  request: BuildRequest,
  emit: (event: BuildEvent) => void,
): Promise<HeldOutcome & { readonly tend?: () => void }> {
  const begun = world.now();
  const abort = new AbortController();
  const session = openSession(world, request, { emit, interrupt: abort.signal });
  const { places } = session.metadata;
  // What is read again in the background is told here, where somebody sees it.
  limitsOf(session.metadata);
  refuseUnfit(places.tmpDir);
  refuseFolding(world, places);
  if (request.dryRun) {
    const other = runningBuild(world, places);
    if (other !== undefined) session.tally.emit(note(`${other} is at work: this is how things stand now`));
    return buildHeld(world, session, begun);
  }
  const letGo = await holdBuildLock(world, places, {
    what: ['varve build', ...request.targets].join(' '),
    wait: request.wait,
    say: (text) => emit(note(text)),
  });
  const stopListening = world.onInterrupt(() => {
    // Of a large WORKDIR that takes a while.
    if (!abort.signal.aborted) emit(note('interrupted: what runs is ended, and what it left is recorded'));
    abort.abort();
  });
  const endLease = takeLease(world, places);
  let outcome: HeldOutcome;
  try {
    outcome = await buildHeld(world, session, begun);
  } catch (error) {
    if (isDiskFull(error)) session.disks.ranFull();
    throw error;
  } finally {
    session.disks.end();
    stopListening();
    endLease();
    letGo();
  }
  const tend = outcome.written
    ? tendRecord(world, session.metadata, outcome.written)
    : () => tendWaiting(world, places);
  return { ...outcome, ...(tend && { tend }) };
}

interface HeldOutcome extends BuildOutcome {
  /** If it wrote into histories. */
  readonly written?: Written;
  /** The build is worth foreseeing what comes next to it. */
  readonly next?: Done;
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

/** Two files of a recipe would be one there, whichever came last. */
function refuseFolding({ fs }: World, { tmpDir, deployDir }: Places): void {
  const dir = [tmpDir, deployDir].find((each) => foldsCase(fs, each));
  if (dir === undefined) return;
  throw new VarveError('usage', `nothing is built in ${dir}: there "a" and "A" are one file`, {
    hints: [
      'TMPDIR = "/var/tmp/build"   in conf/local.conf, on a file system that tells them apart, as ext4 does',
    ],
  });
}

async function buildHeld(world: World, session: Session, begun: number): Promise<HeldOutcome> {
  const { metadata, tally, request } = session;
  const builds = openBuilds({ fs: world.fs, gitDir: buildsRepository(metadata.places) });
  if (request.name !== undefined) checkBuildName(world, metadata.places, { builds, name: request.name });
  const number = lastNumber(world, metadata.places, builds.list()) + 1;
  const planned = await planSession(session, number);
  metadata.keep();
  if (request.dryRun) {
    const ok = await dryRun(planned.first, { world, tally, number, begun, again: planned.plan });
    return { ok, interrupted: false };
  }
  const planningMs = world.now() - begun;
  settleWorkdirs(planned.first.context);
  const deploying = deployIn(session, builds);
  const plan = await workThrough(planned, session, deploying);
  tellUnsteady(world, session);
  if (!session.interrupt.aborted) deployResults(plan.context, deploying);
  const outcome = conclude(plan, { world, session, planned, builds, number, begun });
  // Where looking at everything once more costs next to nothing beside what was done, the next build is spared it.
  const worked = session.watched.end() === undefined;
  const isCheap = planningMs * 10 < world.now() - begun;
  const isPlain = request.mixture === undefined && !usedPython(plan, session);
  return outcome.ok && worked && isCheap && isPlain
    ? { ...outcome, next: { number, places: metadata.places } }
    : outcome;
}

/** What Python answers can be proved by nothing. */
function usedPython({ context }: Plan, { metadata }: Session): boolean {
  const recipes = [...context.graph.recipes.keys()].map((name) => metadata.recipe(name));
  return metadata.configuredByPython || recipes.some((recipe) => recipe.usedPython());
}

/** With no more to do, memory is not looked after. */
const fewTasks = 50;

/** Carries the plan out, and where something that was counted on is gone makes another; answers the last. */
async function workThrough(
  { first, plan, request, trust }: Planned,
  session: Session,
  deploying: Deploying,
): Promise<Plan> {
  const losses: Losses = new Map();
  const lostSoFar = (): number => losses.size + trust.revocations().length;
  const { world, signal } = session;
  const { emit } = session.tally;
  const onProgress = (progress: { readonly done: number; readonly total: number }): void => {
    // What it saves is of use where a build takes long; in a short one it costs more than all that is run.
    if (progress.total - progress.done > fewTasks) world.packMemory();
    emit({ event: 'progress', ...progress });
  };
  for (let current = first; ; current = plan()) {
    const deeds = createDeeds(current.context, losses, deploying);
    const options = {
      jobs: request.jobs ?? world.cpus,
      signal,
      mayStart: session.disks.mayStart,
      onProgress,
    };
    const lost = lostSoFar();
    let end: 'done' | 'replan' = 'done';
    try {
      end = await carryOut(current.planner, deeds, options);
    } finally {
      deeds.finish();
    }
    if (end === 'done') return current;
    if (lostSoFar() === lost) throw new Error('the build begins anew although nothing more was lost');
  }
}

interface Concluding {
  readonly world: World;
  readonly session: Session;
  readonly planned: Planned;
  readonly builds: Builds;
  readonly number: number;
  readonly begun: number;
}

function conclude(plan: Plan, done: Concluding): HeldOutcome {
  const { world, session, builds, number } = done;
  const { metadata, request, tally } = session;
  const { counts, ok, interrupted } = endOf(plan, session);
  const asked = session.watched.end();
  const described = describedOf(metadata);
  const edited = editedRecipes(plan.context);
  const recorded = recordBuild(plan.context, builds, {
    number,
    ok,
    interrupted,
    name: request.name,
    targets: done.planned.request.targets,
    counts,
    edited,
    description: describeBuild(world, described, request),
  });
  if (tally.ranFull()) session.disks.ranFull();
  const warnings = tally.warnings();
  tally.emit({
    event: 'build-finished',
    build: number,
    ok,
    counts,
    warnings,
    errors: tally.errors(),
    durationMs: world.now() - done.begun,
    ...(interrupted ? { interrupted } : {}),
  });
  claimArtifacts(plan.context, recorded);
  const written = new Set([...recorded, ...tally.recipes()]);
  const histories = historiesOf(plan.context, [...written]);
  if (written.size > 0) sync(plan.context, builds, histories);
  if (ok && asked !== undefined && done.planned.mirrors?.asked() !== true) {
    const standing = builds.standing(number) ?? '';
    const idle = {
      places: metadata.places,
      events: session.said(),
      counts,
      edited,
      warnings,
      described,
      tasks: askedTasks(plan.context.graph),
      standing,
      until: done.planned.mirrors?.listenAgain(),
    };
    keepIdleBuild(world, request, { idle, asked });
  }
  return {
    ok,
    interrupted,
    ...(written.size > 0 &&
      !interrupted && { written: { build: number, places: metadata.places, histories } }),
  };
}

function historiesOf({ site }: BuildContext, recipes: readonly string[]): readonly string[] {
  const sites = recipes.map(site).filter((each) => each.hasHistory());
  return sites.map(({ gitDir }) => gitDir);
}

function sync({ world, places }: BuildContext, builds: Builds, histories: readonly string[]): void {
  const refs = histories.map((gitDir) => ({ refs: openRefs(world.fs, gitDir) }));
  syncRecord(world, places, [builds, ...refs]);
}
