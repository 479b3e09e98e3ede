/** Why tasks ran: in a build, between builds, or one task when it last changed. */
import type { RecordedBuild } from '../history/recorded-build.ts';
import type { World } from '../ports/world.ts';
import { explainChanges, explainTask, type Cause } from '../signatures/explain-changes.ts';
import { closest } from '../terms/closest.ts';
import { splitTaskId, taskId, type TaskId } from '../terms/ids.ts';
import { parseRevision } from '../terms/revision.ts';
import type { Say } from '../terms/say.ts';
import { VarveError } from '../terms/varve-error.ts';
import type { Reason } from '../terms/verdict.ts';
import { changedInputs, signatures, type ChangedInputs } from './explaining/changed-inputs.ts';
import type { ExplainedCause, Explanation } from './explaining/explanation.ts';
import { explainable, type Explainable } from './explaining/explainable.ts';
import { explainNow } from './explaining/explain-now.ts';
import { withStat } from './explaining/file-stat.ts';
import { firstChanged, lastChange, lastChanged } from './explaining/last-change.ts';
import { knownReason, lastDone } from './explaining/last-done.ts';
import { findRecorded, type Standing } from './record/find-recorded.ts';
import { openEach } from './record/open-named.ts';
import { openRecord, type BuildOf, type TheRecord } from './record/open-record.ts';
import { missingResults, type MissingResult } from './explaining/missing-results.ts';
import { neededRecipes } from './explaining/needed-recipes.ts';
import { outcomeOf, verdictOf, type Outcome } from './explaining/outcome.ts';

/** What was typed, and the record that it is of. */
interface Asked {
  readonly record: TheRecord;
  readonly revision: Explainable;
}

/** Where a recipe stood in a build, and the record that tells it. */
type StandingOf = BuildOf & Standing;

type TaskRevision = Exclude<Explainable, { kind: 'build' }>;

/** Explains the newest build (no REV), one task or build, or what lies between two. */
export async function explain(
  world: World,
  request: { readonly buildDir: string; readonly revs: readonly string[] },
  say: Say,
): Promise<Explanation> {
  const asked = openEach(world, request.buildDir, request.revs).map(({ record, rev }): Asked => ({
    record,
    revision: explainable(record, parseRevision(rev)),
  }));
  const to = asked.at(-1)?.record ?? openRecord(world, request.buildDir);
  const from = asked[0]?.record ?? to;
  const explanation = await explainRevisions(to, asked);
  const sides = {
    from: { record: from, upTo: explanation.from },
    to: { record: to, upTo: explanation.to },
  };
  const causes = explanation.causes.map((cause) => withNearPlaces(withStat(cause, sides), request.buildDir));
  for (const warning of new Set([from, to].flatMap((record) => record.unread()))) say(`warning: ${warning}`);
  return {
    ...explanation,
    ...(from.imported !== undefined && { fromImport: from.imported }),
    ...(to.imported !== undefined && { toImport: to.imported }),
    causes,
  };
}

/** A place in the build directory is named from there: `conf/local.conf:3`. */
function withNearPlaces(cause: ExplainedCause, buildDir: string): ExplainedCause {
  const near = (place: string): string =>
    place.startsWith(`${buildDir}/`) ? place.slice(buildDir.length + 1) : place;
  const { at, was } = cause;
  return {
    ...cause,
    ...(at === undefined ? {} : { at: near(at) }),
    ...(was === undefined ? {} : { was: near(was) }),
  };
}

async function explainRevisions(record: TheRecord, [from, to]: readonly Asked[]): Promise<Explanation> {
  if (from === undefined) return explainBuild(record, newest(record));
  if (to !== undefined) return explainPair(from, to);
  const { revision } = from;
  return revision.kind === 'build'
    ? explainBuild(record, record.build(revision.build))
    : explainOne(record, revision);
}

function newest(record: TheRecord): RecordedBuild {
  const build = record.builds.at(-1);
  if (build === undefined)
    throw new VarveError('usage', 'nothing was built here yet', { hints: ['varve build RECIPE'] });
  return build;
}

/** What made a build do anything: it is compared with the one before. */
function explainBuild(record: TheRecord, to: RecordedBuild): Explanation {
  const from = record.builds.findLast(({ n }) => n < to.n);
  if (from === undefined)
    return {
      ...verdictOfChanged(to, { kind: 'never-built' }),
      to: to.n,
      ...countsOf(to),
      causes: [],
      cascade: [],
    };
  return between({ record, build: from }, { record, build: to });
}

function between(from: BuildOf, to: BuildOf): Explanation {
  const { changed, appeared, gone } = changedInputs({ from, to });
  const explained = explainChanges(changed);
  return {
    ...verdictBetween({ changed, appeared, gone }, to.build),
    from: from.build.n,
    to: to.build.n,
    ...countsOf(to.build),
    ...explained,
    appeared,
    gone,
    ...withMissing(explained.causes, () => missingResults(to.record, to.build)),
  };
}

/** Where nothing changed by itself: whose results were gone; that says more of what came out otherwise than that it did. */
function withMissing(
  causes: readonly Cause[],
  find: () => readonly MissingResult[],
): Pick<Explanation, 'causes' | 'missing'> {
  if (causes.some(({ sameInputs = false }) => !sameInputs)) return { causes };
  const missing = find();
  const told = new Set(missing.flatMap(({ task }) => [task, splitTaskId(task).recipe]));
  return { causes: causes.filter(({ name }) => !told.has(name)), missing };
}

function verdictBetween(
  { changed, appeared }: ChangedInputs,
  to: RecordedBuild,
): Pick<Explanation, 'verdict' | 'reason'> {
  if (changed.size === 0 && appeared.length === 0) return { verdict: 'current' };
  return verdictOfChanged(to, { kind: changed.size > 0 ? 'inputs-changed' : 'never-built' });
}

/** What came of a build in which something was new. */
function verdictOfChanged(to: RecordedBuild, reason: Reason): Pick<Explanation, 'verdict' | 'reason'> {
  const { run = 1, restore = 0, failed = 0 } = to.counts ?? {};
  if (run + failed > 0) return { verdict: 'run', reason };
  return { verdict: restore > 0 ? 'restore' : 'current', reason };
}

function countsOf({ counts }: RecordedBuild): Pick<Explanation, 'counts'> {
  return counts === undefined ? {} : { counts };
}

function explainPair(from: Asked, to: Asked): Explanation {
  const [old, now] = [from.revision, to.revision];
  if (old.kind === 'build' && now.kind === 'build') {
    return between(
      { record: from.record, build: from.record.build(old.build) },
      { record: to.record, build: to.record.build(now.build) },
    );
  }
  if (old.kind === 'build' || now.kind === 'build') {
    throw new VarveError('usage', 'one of the two is a build, the other is not', {
      hints: ['varve why @1 @2', 'varve why zlib@1:compile zlib@2:compile'],
    });
  }
  const [stood, stands] = [standingOf(from.record, old), standingOf(to.record, now)];
  const isWhole = old.kind === 'artifact' && now.kind === 'artifact';
  const meant = isWhole ? ofTask(now, firstChanged(stood.recipe, stands.recipe)) : now;
  return explainStep(taskIn(meant, stands), { from: stood, to: stands });
}

/**
 * One task: why it would run now; else when its inputs last changed, at or before the build that is meant. Of a recipe
 * the task is do_install, unless only what is made of its artifact would run, or changed later.
 */
async function explainOne(record: TheRecord, revision: TaskRevision): Promise<Explanation> {
  const now = revision.build === undefined ? await explainNow(record, revision) : undefined;
  if (now !== undefined) return now;
  const meant =
    revision.kind === 'artifact'
      ? ofTask(revision, lastChanged(record, standingOf(record, revision)))
      : revision;
  return explainThen(record, meant);
}

function explainThen(record: TheRecord, revision: TaskRevision): Explanation {
  const standing = standingOf(record, revision);
  const task = taskIn(revision, standing);
  const { from, to } = lastChange(record, standing, taskOf(revision));
  const isNamed = revision.build !== undefined;
  if (isNamed && from !== undefined && to.build.n !== standing.build.n)
    return explainStep(task, { from: { record, build: to.build }, to: standing });
  const change =
    from === undefined
      ? firstBuilt(record, task, to)
      : explainStep(task, { from: { record, build: from }, to: { record, ...to } });
  const last = lastRun(record, standing, taskOf(revision));
  if (last.kind !== 'ran' || last.run.build <= to.build.n) return change;
  const before = lastDone(record, { ...standing.recipe, task: taskOf(revision) }, last.run.build);
  const isSame = before !== undefined && before.build.n >= to.build.n;
  const { reason = { kind: 'forced' } } = last.run;
  return ranLater(change, last, isSame ? knownReason(reason, before, taskOf(revision)) : reason);
}

/** What came of the task in the build that is meant; where that took up a result, what came of it where it was made. */
function lastRun(record: TheRecord, standing: Standing, task: string): Outcome {
  const outcome = outcomeOf(record, standing, task);
  const build = outcome.kind === 'taken-up' ? record.builds.find(({ n }) => n === outcome.from) : undefined;
  return build === undefined ? outcome : outcomeOf(record, { ...standing, build }, task);
}

/** It ran since its inputs last changed: after a failure, or for a reason that is no change at all. */
function ranLater(
  change: Explanation,
  outcome: Extract<Outcome, { kind: 'ran' }>,
  reason: Reason,
): Explanation {
  const isChange = reason.kind === 'inputs-changed' || reason.kind === 'never-built';
  const none = isChange ? {} : { causes: [], cascade: [] };
  return { ...change, verdict: 'run', reason, to: outcome.run.build, outcome, ...none };
}

function firstBuilt(record: TheRecord, task: TaskId, to: Standing): Explanation {
  const outcome = outcomeOf(record, to, splitTaskId(task).task);
  const reason = { kind: 'never-built' as const };
  return { task, verdict: verdictOf(outcome), reason, to: to.build.n, outcome, causes: [], cascade: [] };
}

function explainStep(
  task: TaskId,
  { from, to }: { readonly from: BuildOf; readonly to: StandingOf },
): Explanation {
  const { record } = to;
  const { changed } = changedInputs({ from, to });
  const builds = { from: from.build.n, to: to.build.n };
  if (!changed.has(task)) return { task, verdict: 'current', ...builds, causes: [], cascade: [] };
  const outcome = outcomeOf(record, to, splitTaskId(task).task);
  const reason = { kind: 'inputs-changed' as const };
  const explained = explainTask(changed, task);
  return {
    task,
    verdict: verdictOf(outcome),
    reason,
    ...builds,
    outcome,
    ...explained,
    ...withMissing(explained.causes, () => missingResults(record, to.build, neededRecipes(record, [to]))),
  };
}

function standingOf(record: TheRecord, revision: TaskRevision): StandingOf {
  return { record, ...findRecorded(record, revision, revision.build) };
}

function ofTask(revision: Extract<TaskRevision, { kind: 'artifact' }>, task: string): TaskRevision {
  return { ...revision, kind: 'task', task };
}

/** An artifact is what do_install made. */
function taskOf(revision: TaskRevision): string {
  return revision.kind === 'task' ? revision.task : 'do_install';
}

function taskIn(revision: TaskRevision, { recipe }: Standing): TaskId {
  const task = taskOf(revision);
  const known = signatures(recipe);
  if (!known.has(task)) {
    const near = closest(task, known.keys());
    throw new VarveError('usage', `the record has no inputs of ${recipe.recipe}:${task}`, {
      hints: [
        ...(near === undefined ? [] : [`did you mean "${recipe.recipe}:${near}"?`]),
        `varve tasks ${recipe.recipe}   lists its tasks`,
      ],
    });
  }
  return taskId(recipe.recipe, task);
}
