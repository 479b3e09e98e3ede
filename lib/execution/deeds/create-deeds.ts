/** Does what the planner says: looks, restores, runs, and tells how it went. */
import { installTask } from '../../graph/arrange-tasks.ts';
import type { Ended } from '../../planning/planner.ts';
import { createLookedInto } from '../../planning/looked-into.ts';
import { urgencies } from '../../planning/urgencies.ts';
import { computeStepKey } from '../../signatures/compute-signature.ts';
import type { TaskId } from '../../terms/ids.ts';
import type { Input } from '../../terms/inputs.ts';
import type { TaskNode } from '../../terms/task-graph.ts';
import { taskTimesPath } from '../../terms/places.ts';
import { isDiskFull } from '../../terms/is-disk-full.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { showLookedInto } from '../workdir/show-looked-into.ts';
import { createArrivals } from '../workdir/arrivals.ts';
import { bringDisputed, publish, restore } from './artifact-deeds.ts';
import { bringSysroots } from './bring-sysroots.ts';
import type { BuildContext } from '../build-context.ts';
import { createDeployBefore, createReadDeployed } from '../deploying/deploy-before.ts';
import type { Deploying } from '../deploying/deploy-results.ts';
import type { Deeds, RunStep } from '../carry-out.ts';
import { describeFailure } from './describe-failure.ts';
import { emitFinished, isEdited, type Doing, type Turn } from './doing.ts';
import { tellEmptyInstall } from './empty-install.ts';
import { formerResult, tellOtherwise } from './tell-otherwise.ts';
import { tellObeyed } from './tell-obeyed.ts';
import { tellEditsBase } from './tell-edits-base.ts';
import { enterSysroots, leaveSysroots } from './guard-sysroots.ts';
import { lookForResults } from '../results/look-for-results.ts';
import { createLocks } from './lock-files.ts';
import { nativeDeeds } from './native-deeds.ts';
import { beginLog, performTask, type Performed } from '../task/perform-task.ts';
import { taskOutlineOf } from '../outline/recipe-outline.ts';
import { beginPatchLine } from './record-patches.ts';
import { openTaskTimes } from './task-times.ts';
import { arrive, passThrough, repeatStep } from './repeat-step.ts';
import { createRunNotes } from '../task/run-notes.ts';
import { refuseOtherFiles } from './refuse-other-files.ts';
import { createRestingSites } from '../workdir/resting-sites.ts';
import { isRetired, retireWorkdir } from '../workdir/retire-workdir.ts';
import { spareShell } from './spare-shell.ts';
import { sysrootOwned } from './stage-sysroots.ts';
import { baseCommit, isReused, standingCommit, type Losses } from '../results/standing-results.ts';
import { beginsWithPatches } from '../task/task-functions.ts';
import { whyNotRun } from '../results/why-not-here.ts';
import { enterAfterDir, enterWorkdir } from '../workdir/workdir.ts';

/** What came of the deeds of a build. */
export interface Deeded extends Deeds {
  /** Artifacts brought from the store, by task. */
  readonly restored: ReadonlySet<TaskId>;
  /** Writes what was kept back, and puts every WORKDIR to rest. */
  finish(): void;
}

/** Makes the deeds of one plan; `losses` outlives it, and so does `deploying`, without which no task is run. */
export function createDeeds(context: BuildContext, losses: Losses, deploying?: Deploying): Deeded {
  const doing: Doing = {
    context,
    losses,
    notes: createRunNotes(context),
    arrivals: createArrivals(context),
    restored: new Set(),
    restoring: new Map(),
    locks: createLocks(),
    lookedInto: createLookedInto(context.graph),
    readDeployed: createReadDeployed(context),
    deployBefore: deploying && createDeployBefore(context, deploying),
    sysroots: new Map(),
    lookedAt: new Set(),
    sysrootParts: new Map(),
    times: openTaskTimes(context.world, taskTimesPath(context.places)),
  };
  const failed = new Set<string>();
  const resting = createRestingSites();
  let urgent: ReadonlyMap<TaskId, number> | undefined;
  const node = (id: TaskId): TaskNode => {
    const found = context.graph.tasks.get(id);
    if (found === undefined) throw new Error(`the graph has no ${id}`);
    return found;
  };
  const onLooked = ({ recipe }: TaskNode): void => {
    // Where nothing is built, it is soon over.
    if (!context.dryRun) resting.looked(context.site(recipe));
  };
  return {
    restored: doing.restored,
    look: (steps) =>
      lookForResults(
        context,
        steps.map(({ task, signature }) => ({ node: node(task), signature })),
        { losses, onLooked },
      ),
    restore: (step) => restore(doing, node(step.task), step.signature),
    run: async (step) => {
      const site = context.site(node(step.task).recipe);
      resting.wake(site);
      const ended = await doing.locks.with(lockNames(context, node(step.task)), () =>
        run(doing, node(step.task), step).catch((error) =>
          refused(context, node(step.task), { step, error }),
        ),
      );
      resting.rest(site);
      for (const { recipe } of doing.lookedInto(node(step.task))) resting.looked(context.site(recipe));
      if (ended !== 'replan' && ended.kind === 'failed') failed.add(site.recipe.name);
      return ended;
    },
    retire(recipe) {
      const site = context.site(recipe);
      if (!failed.has(recipe) && isRetired(site)) retireWorkdir(context, site);
    },
    looksInto: (task) => doing.lookedInto(node(task)).map(({ id }) => id),
    preference: (id) => preference(context, node(id)),
    urgency(id) {
      urgent ??= urgencies(context.graph, (task) => doing.times.of(task));
      return urgent.get(id) ?? 0;
    },
    finish() {
      try {
        doing.notes.settle();
        doing.times.save();
      } finally {
        doing.arrivals.leave();
      }
    },
  };
}

/** A task that could not even begin, for a reason that a person can mend, has failed. */
function refused(
  context: BuildContext,
  node: TaskNode,
  { step, error }: { readonly step: RunStep; readonly error: unknown },
): Ended {
  if (!(error instanceof VarveError)) throw error;
  emitFinished(context, node, {
    verdict: 'run',
    signature: step.signature,
    durationMs: 0,
    recordMs: 0,
    failure: {
      message: error.message,
      tail: [],
      hints: error.hints,
      ...(isDiskFull(error) && { noRoom: true }),
    },
  });
  return { kind: 'failed' };
}

/** First what goes on from where the WORKDIR stands, and of these first what branches off. */
function preference(context: BuildContext, node: TaskNode): number {
  const base = baseCommit(context, node);
  const here = node.afterInstall || (base.known && base.commit === context.site(node.recipe).head());
  const arrangement = context.graph.arrangements.get(node.recipe);
  const onChain =
    node.shape.name === installTask || arrangement?.ancestors.get(installTask)?.includes(node.shape.name);
  return (here ? 0 : 2000) + (onChain ? 1000 : 0) + node.position;
}

function lockNames(context: BuildContext, node: TaskNode): readonly string[] {
  return taskOutlineOf(context.site(node.recipe).recipe, node.shape.name).lockfiles ?? [];
}

async function run(doing: Doing, node: TaskNode, step: RunStep): Promise<Ended | 'replan'> {
  const { context } = doing;
  const base = baseCommit(context, node);
  if (node.shape.noexec) return passThrough(doing, node, step.signature);
  if (!base.known) throw new Error(`${node.id} has nothing to start from`);
  const site = context.site(node.recipe);
  const before = base.commit === undefined ? undefined : site.history().objects.readCommit(base.commit).tree;
  const stepKey = computeStepKey(
    [...context.signer.inputs(node.id), ...artifactsRead(context, node), ...readElsewhere(doing, node)],
    before,
  );
  if (isReused(context, node)) {
    const standing = standingCommit(context, node);
    if (standing !== undefined)
      return arrive(doing, { node, signature: step.signature, commit: standing.id, tree: standing.tree });
    const again =
      site.hasHistory() && !site.isElsewhere()
        ? site.history().findRepeat(node.shape.name, stepKey)
        : undefined;
    if (again !== undefined && whyNotRun(context, node, again) === undefined)
      return repeatStep(doing, { node, step, stepKey, base: base.commit, again });
  }
  return perform(doing, { node, step, stepKey, base: base.commit });
}

/** What a task reads of its own recipe beside the commit that it starts from. */
function artifactsRead(context: BuildContext, node: TaskNode): readonly Input[] {
  if (node.shape.readsArtifacts !== true) return [];
  return node.inside.map((id) => ({ kind: 'produced', name: id, value: context.known.identity(id) ?? '' }));
}

/** What a task may read of other recipes where only tasks before it say so. */
function readElsewhere({ context, lookedInto, readDeployed }: Doing, node: TaskNode): readonly Input[] {
  return [...lookedInto(node), ...readDeployed(node)]
    .filter(({ id }) => !node.across.includes(id))
    .map(({ id }) => ({ kind: 'produced', name: id, value: context.known.identity(id) ?? '' }));
}

async function perform(doing: Doing, turn: Turn): Promise<Ended | 'replan'> {
  const { context } = doing;
  const { node, step, base } = turn;
  const site = context.site(node.recipe);
  const start = context.world.now();
  const sysroots = await bringSysroots(doing, context.sysroot(node.id));
  if (sysroots === undefined) return 'replan';
  spareShell(context, node, base);
  showLookedInto(context, doing.arrivals, doing.lookedInto(node));
  doing.deployBefore?.(doing.readDeployed(node));
  tellEditsBase(context, node);
  doing.arrivals.arrive(site);
  const warnings =
    node.afterInstall && base !== undefined
      ? enterAfterDir(context.world, site, base)
      : enterWorkdir(context.world, site, base);
  site.history().recordWorkdir();
  const before = enterSysroots(doing, site, sysroots);
  const log = beginLog(context.world, site, node.shape.name);
  context.emit({ event: 'task-started', task: node.id, log });
  const { sysroot, sysrootNative } = site.recipe.dirs;
  const recorded = beginsWithPatches(site.recipe.data.withTask(node.shape.name), node.shape.name);
  const line = beginPatchLine(context.world, site, { base, recorded });
  const former = formerResult(context, node, step.signature);
  const edited = isEdited(context, node);
  const performed = await performTask({
    ...context,
    readOnly: [...context.readOnly, sysroot, sysrootNative],
    site,
    node,
    signature: step.signature,
    step: turn.stepKey,
    base,
    edited,
    parent: line.last,
    spoilt: () => refuseOtherFiles(context, node),
    log,
    sysrootOwned: () => sysrootOwned(context.world, site, sysroots),
    native: nativeDeeds(context, site, { log, onPatch: line.record }),
  });
  doing.arrivals.depart(site);
  const after = leaveSysroots(doing, site, sysroots);
  tellSurprises(doing, node, [...warnings, ...before, ...performed.warnings, ...after]);
  tellObeyed(doing, node, performed);
  if (performed.ok) {
    tellEmptyInstall(context, node);
    tellOtherwise(context, node, { former, now: { tree: performed.tree, step: turn.stepKey, edited } });
    if (node.shape.artifact && !edited)
      await bringDisputed(doing, node, { signature: step.signature, tree: performed.tree });
  }
  return conclude(doing, turn, { performed, start, log });
}

function tellSurprises({ context }: Doing, node: TaskNode, texts: readonly string[]): void {
  for (const text of texts)
    context.emit({ event: 'message', level: 'warning', about: node.id, text: `${node.id}: ${text}` });
}

function conclude(
  doing: Doing,
  turn: Turn,
  run: { readonly performed: Performed; readonly start: number; readonly log: string },
): Ended {
  const { context } = doing;
  const { node, step } = turn;
  const { performed, start, log } = run;
  const recordStart = context.world.now();
  if (performed.ok) context.ranNow.add(performed.commit);
  const { commit, tree } = performed;
  const published =
    performed.ok && node.shape.artifact
      ? publish(doing, node, { signature: step.signature, tree, commit })
      : { id: tree };
  const recordMs = performed.recordMs + context.world.now() - recordStart;
  const durationMs = context.world.now() - start;
  const { reason } = step;
  if (performed.ok) doing.times.note(node.id, durationMs);
  doing.notes.add(context.site(node.recipe), { node, performed, reason, start, durationMs, recordMs, log });
  emitFinished(context, node, {
    verdict: 'run',
    signature: step.signature,
    commit,
    tree,
    durationMs,
    recordMs,
    log,
    ...('refused' in published && { failure: published.refused }),
    ...(performed.ok ? {} : describeFailure(context, { node, performed, log })),
  });
  if (!performed.ok || 'refused' in published) return { kind: 'failed' };
  return { kind: 'done', id: published.id, commit, repeated: false };
}
