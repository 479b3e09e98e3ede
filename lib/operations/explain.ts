/** Why tasks ran: between builds, or one task when it last changed. */
import type { World } from '../ports/world.ts';
import { explainChanges, explainTask, type Cause, type Explained } from '../signatures/explain-changes.ts';
import { closest } from '../terms/closest.ts';
import { taskId, type TaskId } from '../terms/ids.ts';
import { parseRevision, type Revision } from '../terms/revision.ts';
import { VarveError } from '../terms/varve-error.ts';
import { changedInputs, type ChangedInputs } from './changed-inputs.ts';
import type { Explanation } from './explanation.ts';
import { explainNow } from './explain-now.ts';
import { findRecorded, recipeIn, type Standing } from './find-recorded.ts';
import { openRecord, type RecordedBuild, type TheRecord } from './open-record.ts';
import type { RecordedRecipe } from './recorded-recipe.ts';

type TreeRevision = Exclude<Revision, { kind: 'build' }>;

/** Explains the newest build (no REV), one task or build, or what lies between two. */
export function explain(
  world: World,
  request: { readonly buildDir: string; readonly revs: readonly string[] },
): Explanation {
  const explanation = explainRevisions(openRecord(world, request.buildDir), request.revs.map(parseRevision));
  return {
    ...explanation,
    causes: explanation.causes.map((cause) => withNearPlace(cause, request.buildDir)),
  };
}

/** A place in the build directory is named from there: `conf/local.conf:3`. */
function withNearPlace(cause: Cause, buildDir: string): Cause {
  const { at } = cause;
  return at === undefined || !at.startsWith(`${buildDir}/`)
    ? cause
    : { ...cause, at: at.slice(buildDir.length + 1) };
}

function explainRevisions(record: TheRecord, [from, to]: readonly Revision[]): Explanation {
  if (from === undefined) return explainBuild(record, newest(record));
  if (to !== undefined) return explainPair(record, from, to);
  return from.kind === 'build' ? explainBuild(record, record.build(from.build)) : explainOne(record, from);
}

function newest(record: TheRecord): RecordedBuild {
  const build = record.builds.at(-1);
  if (build === undefined)
    throw new VarveError('usage', 'nothing was built here yet', { hints: ['varve build RECIPE'] });
  return build;
}

/** What made a build do anything: it is compared with the one before. */
function explainBuild(record: TheRecord, to: RecordedBuild): Explanation {
  const from = record.builds.filter(({ n }) => n < to.n).at(-1);
  if (from === undefined) {
    return { verdict: 'run', reason: { kind: 'never-built' }, to: to.n, causes: [], cascade: [], notes: [] };
  }
  return between(record, from, to);
}

function between(record: TheRecord, from: RecordedBuild, to: RecordedBuild): Explanation {
  const changes = changedInputs(record, { from, to });
  return {
    from: from.n,
    to: to.n,
    ...verdictOf(changes),
    ...explainChanges(changes.changed),
    notes: notesOf(changes),
  };
}

function verdictOf({ changed, appeared }: ChangedInputs): Pick<Explanation, 'verdict' | 'reason'> {
  if (changed.size > 0) return { verdict: 'run', reason: { kind: 'inputs-changed' } };
  return appeared.length > 0 ? { verdict: 'run', reason: { kind: 'never-built' } } : { verdict: 'current' };
}

function notesOf({ appeared, gone }: ChangedInputs): readonly string[] {
  return [
    ...(appeared.length > 0 ? [`built for the first time: ${appeared.join(', ')}`] : []),
    ...(gone.length > 0 ? [`no longer recorded: ${gone.join(', ')}`] : []),
  ];
}

function explainPair(record: TheRecord, from: Revision, to: Revision): Explanation {
  if (from.kind === 'build' && to.kind === 'build')
    return between(record, record.build(from.build), record.build(to.build));
  if (from.kind === 'build' || to.kind === 'build') {
    throw new VarveError('usage', 'one of the two is a build, the other is not', {
      hints: ['varve why @1 @2', 'varve why zlib@1:compile zlib@2:compile'],
    });
  }
  const [old, now] = [standingOf(record, from), standingOf(record, to)];
  return explainStep(record, { task: asked(to, now), from: old.build, to: now.build });
}

/** One task: why it would run now; else when its inputs last changed, at or before the build that is meant. */
function explainOne(record: TheRecord, revision: TreeRevision): Explanation {
  const isNow = (revision.kind === 'task' || revision.kind === 'artifact') && revision.build === undefined;
  return (
    (isNow ? explainNow(record, revision.recipe, taskOf(revision)) : undefined) ??
    explainThen(record, revision)
  );
}

function explainThen(record: TheRecord, revision: TreeRevision): Explanation {
  const standing = standingOf(record, revision);
  const task = asked(revision, standing);
  const { from, to } = lastChange(record, standing, taskOf(revision));
  if (from === undefined) {
    const notes = [`it was first built in build ${to.n}, and nothing that it depends on changed since`];
    return {
      task,
      verdict: 'run',
      reason: { kind: 'never-built' },
      to: to.n,
      causes: [],
      cascade: [],
      notes,
    };
  }
  const step = explainStep(record, { task, from, to });
  const since = to.n === standing.build.n ? [] : [`nothing that it depends on changed since build ${to.n}`];
  const named = 'build' in revision && revision.build !== undefined;
  if (named && to.n !== standing.build.n)
    return { task, verdict: 'current', from: to.n, to: standing.build.n, causes: [], cascade: [], notes: [] };
  return { ...step, notes: [...step.notes, ...since] };
}

/** The builds between which the inputs of a task last changed; no `from` where they never did. */
function lastChange(
  record: TheRecord,
  standing: Standing,
  task: string,
): { readonly from?: RecordedBuild; readonly to: RecordedBuild } {
  const recipe = (build: RecordedBuild): RecordedRecipe | undefined =>
    recipeIn(record, build, standing.recipe);
  const inputs = (build: RecordedBuild): string | undefined => recipe(build)?.inputIds().get(task);
  const wanted = inputs(standing.build);
  let to = standing.build;
  let from: RecordedBuild | undefined;
  for (const build of record.builds.filter(({ n }) => n < standing.build.n).toReversed()) {
    const earlier = inputs(build);
    if (earlier === undefined) continue;
    if (from === undefined && earlier === wanted) to = build;
    else if (from !== undefined && earlier !== inputs(from)) break;
    else if (isWhole(recipe(build), task)) return { from: build, to };
    else from ??= build;
  }
  return { to, ...(from === undefined ? {} : { from }) };
}

/** False where a build of some tasks made those before it anew, and left this one where it stood. */
function isWhole(recipe: RecordedRecipe | undefined, task: string): boolean {
  const signatures = new Map(recipe?.tasks().map((each) => [each.task, String(each.signature)]));
  return (recipe?.inputs(task) ?? []).every(
    ({ kind, name, value }) => kind !== 'after' || signatures.get(name) === value,
  );
}

function explainStep(
  record: TheRecord,
  { task, from, to }: { readonly task: TaskId; readonly from: RecordedBuild; readonly to: RecordedBuild },
): Explanation {
  const changes = changedInputs(record, { from, to });
  if (!changes.changed.has(task))
    return { task, verdict: 'current', from: from.n, to: to.n, causes: [], cascade: [], notes: [] };
  const explained: Explained = explainTask(changes.changed, task);
  return {
    task,
    verdict: 'run',
    reason: { kind: 'inputs-changed' },
    from: from.n,
    to: to.n,
    ...explained,
    notes: [],
  };
}

function standingOf(record: TheRecord, revision: Revision): Standing {
  if (revision.kind === 'build') throw new VarveError('usage', `@${revision.build} is a build, not a task`);
  return findRecorded(record, revision, 'build' in revision ? revision.build : undefined);
}

/** An artifact is what do_install made. */
function taskOf(revision: TreeRevision): string {
  return revision.kind === 'task' || revision.kind === 'failed' ? revision.task : 'do_install';
}

function asked(revision: TreeRevision, { recipe }: Standing): TaskId {
  const task = taskOf(revision);
  const known = recipe.inputIds();
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
