/** Turns what people type into trees of the record. */
import { keptEdits } from '../../execution/workdir/find-left.ts';
import { installTask } from '../../graph/arrange-tasks.ts';
import { closest } from '../../terms/closest.ts';
import { taskName, type CommitId } from '../../terms/ids.ts';
import { refs } from '../../terms/places.ts';
import { firstOf } from '../../terms/first-of.ts';
import { formatRevision, parseRevision, type RecipeName, type Revision } from '../../terms/revision.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { findFailure } from './find-failure.ts';
import { notExported } from './not-exported.ts';
import { findNewest, findRecorded, findWithArtifact, findWithTask, type Standing } from './find-recorded.ts';
import type { TheRecord } from './open-record.ts';
import { artifactTreeOf } from './recorded-artifact.ts';
import type { RecordedTask } from '../../execution/results/recorded-task.ts';
import type { ResolvedTree } from './resolved-revision.ts';
import { spokenIn } from './spoken-in.ts';

/** Edits named at most where one is asked for that is not there. */
const NAMED = 5;

type TreeRevision = Exclude<Revision, { kind: 'build' }>;

/** Resolves a REV that names a tree; throws where it names a build or nothing that is here. */
export function resolveTree(record: TheRecord, text: string): ResolvedTree {
  const revision = parseRevision(text);
  if (revision.kind === 'build') {
    throw new VarveError('usage', `"${text}" is a build; a recipe in it is meant here`, {
      hints: [`RECIPE@${revision.build}, for example: ${exampleIn(record)}@${revision.build}`],
    });
  }
  return resolveTreeRevision(record, revision);
}

/** Resolves a parsed REV that names a tree. */
export function resolveTreeRevision(record: TheRecord, revision: TreeRevision): ResolvedTree {
  switch (revision.kind) {
    case 'artifact':
      return resolveArtifact(record, findWithArtifact(record, revision, { build: revision.build }));
    case 'task': {
      const { task, build } = revision;
      const standing = findWithTask(record, revision, { task, build });
      const failed = build === undefined ? undefined : resolveFailure(record, standing, task);
      return failed ?? resolveTask(record, standing, task);
    }
    case 'failed':
      return resolveRef(record, revision, refs.failed(revision.task));
    case 'edited':
      return resolveRef(record, revision, editedRef(record, revision));
    default:
      return revision satisfies never;
  }
}

/** Resolves the artifact of a recipe in a build. */
export function resolveArtifact(record: TheRecord, standing: Standing): ResolvedTree {
  const { recipe, build } = standing;
  const artifact = recipe.artifact();
  if (artifact === undefined) throw noArtifact(record, standing);
  return {
    kind: 'artifact',
    rev: spokenIn(record, `${recipe.recipe}@${build.n}`),
    arch: recipe.arch,
    recipe: recipe.recipe,
    ...artifactTreeOf(record, recipe, artifact),
    top: 'image',
    signature: artifact.signature,
    id: artifact.id,
    build: build.n,
  };
}

/** Resolves the WORKDIR after a task of a build. */
export function resolveTask(record: TheRecord, { recipe, build }: Standing, task: string): ResolvedTree {
  const found = recipe.task(task);
  if (found === undefined) throw notReached(record, { recipe, build }, task);
  const history = record.history(recipe.arch, recipe.recipe);
  if (found.commit === undefined || history?.objects.has(found.commit) !== true) {
    throw noCommit(record, { recipe, build }, found);
  }
  const { commit, signature } = found;
  const { objects } = history;
  const { tree } = objects.readCommit(commit);
  return stateIn(record, { recipe, build }, { kind: 'task', objects, tree, commit, task, signature });
}

function stateIn(
  record: TheRecord,
  { recipe: { arch, recipe }, build: { n: build } }: Standing,
  state: Required<Pick<ResolvedTree, 'kind' | 'objects' | 'tree' | 'commit' | 'task' | 'signature'>>,
): ResolvedTree {
  const rev = spokenIn(record, `${recipe}@${build}:${state.task}`);
  return { ...state, rev, arch, recipe, top: '', build };
}

/** Resolves what a task without a result left of the WORKDIR when it failed in that build. */
function resolveFailure(
  record: TheRecord,
  { recipe, build }: Standing,
  task: string,
): ResolvedTree | undefined {
  const history = record.history(recipe.arch, recipe.recipe);
  if (history === undefined || recipe.task(task)?.commit !== undefined) return undefined;
  const commit = findFailure(history, { task, build: build.n });
  const done = commit && history.readTask(commit);
  if (commit === undefined || done === undefined) return undefined;
  const { objects } = history;
  const { tree, signature } = done;
  return stateIn(record, { recipe, build }, { kind: 'failed', objects, tree, commit, task, signature });
}

function noArtifact(record: TheRecord, { recipe, build }: Standing): VarveError {
  const failed = failedTask(record, { recipe, build });
  return new VarveError(
    'usage',
    `${recipe.recipe} has no artifact in build ${build.n}: its do_install did not succeed`,
    {
      hints: [
        ...(failed === undefined ? [] : [`varve show ${failed}`]),
        ...(record.imported === undefined ? [`varve build ${recipe.recipe}`] : []),
      ],
    },
  );
}

/** The build had to do with the task, and yet there is no state of the WORKDIR after it. */
function noCommit(
  record: TheRecord,
  { recipe, build }: Standing,
  { task, commit }: RecordedTask,
): VarveError {
  const rev = `${recipe.recipe}:${task}`;
  const make =
    record.imported === undefined
      ? [`varve build -c ${task.replace(/^do_/, '')} ${recipe.recipe}   makes it now`]
      : [];
  const error = (what: string, ...hints: readonly string[]): VarveError =>
    new VarveError('usage', `${rev} ${what}`, { hints });
  if (commit !== undefined && record.imported !== undefined)
    return notExported(`${rev} of build ${build.n}`, { build: build.n, imported: record.imported });
  if (commit !== undefined)
    return error(`is no longer in its history, which build ${build.n} wrote`, ...make);
  if (task === installTask && recipe.artifact() !== undefined) {
    const rerun = `varve build -f -c install ${recipe.recipe}   runs it here`;
    return error(
      `did not run for build ${build.n}: an artifact stood for it`,
      ...(record.imported === undefined ? [rerun] : []),
    );
  }
  if (recipe.artifact() !== undefined) {
    return error(`was covered in build ${build.n}: a later result stood for it`, ...make);
  }
  const failed = failedTask(record, { recipe, build });
  return error(
    `has no result in build ${build.n}: it failed, or was not reached`,
    ...(failed === undefined ? [] : [`varve show ${failed}   shows what failed`]),
    ...make,
  );
}

/** The task of a recipe that failed in a build, as it is typed: the newest failure has a name of its own. */
function failedTask(record: TheRecord, { recipe, build }: Standing): string | undefined {
  const history = record.history(recipe.arch, recipe.recipe);
  if (history === undefined) return undefined;
  for (const { task, commit } of recipe.tasks()) {
    const failed = commit === undefined ? findFailure(history, { task, build: build.n }) : undefined;
    if (failed === undefined) continue;
    const isNewest = history.refs.read(refs.failed(task)) === failed;
    const rev = isNewest ? `${recipe.recipe}:${task}@failed` : `${recipe.recipe}@${build.n}:${task}`;
    return spokenIn(record, rev);
  }
  return undefined;
}

/** The task is not in the build: since nobody asked for it there, or since there is none of that name. */
function notReached(record: TheRecord, { recipe, build }: Standing, task: string): VarveError {
  const elsewhere = findNewest(record, recipe, (standing) =>
    standing.recipe.tasks().some((each) => each.task === task),
  );
  if (elsewhere === undefined) return unknownTask(recipe.recipe, task, recipe.tasks());
  return new VarveError('usage', `build ${build.n} had nothing to do with ${recipe.recipe}:${task}`, {
    hints: [
      `the newest build that had is ${elsewhere.build.n}: ${spokenIn(record, `${recipe.recipe}@${elsewhere.build.n}:${task}`)}`,
    ],
  });
}

/** Resolves what a tag of a recipe's history names, whatever build it was. */
function resolveRef(
  record: TheRecord,
  revision: TreeRevision & { kind: 'failed' | 'edited' },
  ref: string,
): ResolvedTree {
  const place = record.historyNamed(revision);
  const commit = place?.history.refs.read(ref) as CommitId | undefined;
  if (place === undefined || commit === undefined) throw noSuchState(record, revision);
  const { objects } = place.history;
  const task = revision.kind === 'failed' ? { task: revision.task } : {};
  const signature = place.history.readTask(commit)?.signature;
  return {
    kind: revision.kind,
    rev: spokenIn(record, formatRevision(revision)),
    arch: place.arch,
    recipe: revision.recipe,
    objects,
    tree: objects.readCommit(commit).tree,
    top: '',
    commit,
    ...task,
    ...(signature === undefined ? {} : { signature }),
  };
}

/** `RECIPE:edited` is the newest of its edits. */
function editedRef(record: TheRecord, revision: TreeRevision & { kind: 'edited' }): string {
  return refs.edited(revision.n ?? editsKept(record, revision).at(-1) ?? 0);
}

/** The numbers of all edits that are kept, in order; of the same ones the greatest. */
function editsKept(record: TheRecord, name: RecipeName): readonly number[] {
  const place = record.historyNamed(name);
  const kept = place === undefined ? [] : keptEdits(place.history).values();
  return [...kept].toSorted((a, b) => a - b);
}

function noSuchState(record: TheRecord, revision: TreeRevision & { kind: 'failed' | 'edited' }): VarveError {
  // An unknown recipe is told as such.
  findRecorded(record, revision);
  if (revision.kind === 'edited') {
    const kept = editsKept(record, revision).map((n) => spokenIn(record, formatRevision({ ...revision, n })));
    if (kept.length === 0) return new VarveError('usage', `${revision.recipe} has no edits in its record`);
    return new VarveError('usage', `${formatRevision(revision)} is not in the record`, {
      hints: [`its edits are ${firstOf(kept.toReversed(), NAMED)}`],
    });
  }
  // The name of an import stands before that of a build.
  const rev =
    record.imported === undefined ? revision.recipe : `${revision.recipe}@${record.builds.at(-1)?.n}`;
  return new VarveError('usage', `${revision.recipe}:${revision.task} has not failed here`, {
    hints: [`varve log ${spokenIn(record, rev)}   lists what its tasks did`],
  });
}

/** The error that a recipe has no such task. */
export function unknownTask(recipe: string, task: string, tasks: readonly RecordedTask[]): VarveError {
  const names = tasks.map((each) => each.task);
  const near = closest(task, names) ?? closest(taskName(task), names);
  return new VarveError('usage', `${recipe} has no task ${task}`, {
    hints: [
      ...(near === undefined ? [] : [`did you mean "${recipe}:${near}"?`]),
      `varve tasks ${recipe}   lists its tasks`,
    ],
  });
}

function exampleIn(record: TheRecord): string {
  const newest = record.builds.at(-1);
  return (newest === undefined ? undefined : record.recipes(newest)[0]?.recipe) ?? 'zlib';
}
