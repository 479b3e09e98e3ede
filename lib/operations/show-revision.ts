/** Everything that is known of one task, artifact or build. */
import { keptEdits } from '../execution/workdir/find-left.ts';
import { installTask } from '../graph/arrange-tasks.ts';
import type { History } from '../history/history.ts';
import type { PatchCommit } from '../history/patch-commits.ts';
import type { RecordedBuild } from '../history/recorded-build.ts';
import { AUTHOR } from '../history/task-commits.ts';
import type { Entry } from '../ports/objects.ts';
import type { World } from '../ports/world.ts';
import { byCodeUnit, type CommitId, type TaskId } from '../terms/ids.ts';
import type { Input } from '../terms/inputs.ts';
import { parseRevision } from '../terms/revision.ts';
import { listEntries } from '../trees/list-entries.ts';
import { compareFiles } from './comparing/compare-resolved.ts';
import { consumersOf } from './lineage/consumers.ts';
import { countChanges } from './lineage/count-files.ts';
import { differingRecipes } from './comparing/diff-builds.ts';
import { recipeIn, standings } from './record/find-recorded.ts';
import { buildRow } from './list-builds.ts';
import { openNamed } from './record/open-named.ts';
import type { TheRecord } from './record/open-record.ts';
import { resolveTreeRevision } from './record/resolve-revision.ts';
import type { ResolvedTree } from './record/resolved-revision.ts';
import { spokenIn } from './record/spoken-in.ts';
import type {
  Shown,
  ShownArtifact,
  ShownBuild,
  ShownFile,
  ShownPatch,
  ShownTask,
} from './lineage/shown-revision.ts';

/** Shows what a REV names. */
export function showRevision(
  world: World,
  request: { readonly buildDir: string; readonly rev: string },
): Shown {
  const { record, rev } = openNamed(world, request.buildDir, request.rev);
  const revision = parseRevision(rev);
  if (revision.kind === 'build') return showBuild(record, record.build(revision.build));
  const resolved = resolveTreeRevision(record, revision);
  return resolved.kind === 'artifact' ? showArtifact(record, resolved) : showTask(record, resolved);
}

function showBuild(record: TheRecord, build: RecordedBuild): ShownBuild {
  const before = record.builds.findLast(({ n }) => n < build.n);
  const from = before === undefined ? undefined : { record, build: before };
  const recipes = [...differingRecipes({ from, to: { record, build } })].map(([recipe, pair]) => ({
    recipe,
    status:
      pair.from === undefined ? ('A' as const) : pair.to === undefined ? ('D' as const) : ('M' as const),
    artifact: pair.from?.artifact()?.tree !== pair.to?.artifact()?.tree,
  }));
  return {
    kind: 'build',
    build: buildRow(build),
    asked: build.asked(),
    ...(before !== undefined && { before: before.n }),
    recipes,
  };
}

function showArtifact(record: TheRecord, resolved: ResolvedTree): ShownArtifact {
  const { signature, id, commit } = resolved;
  if (signature === undefined || id === undefined)
    throw new Error(`${resolved.rev} was resolved without its signature`);
  const { tree } = resolved;
  const inputs = inputsIn(record, resolved, installTask);
  const same = standings(record, resolved).filter(
    ({ recipe }) => recipe.names(tree) && recipe.artifact()?.tree === tree,
  );
  return {
    kind: 'artifact',
    rev: resolved.rev,
    ...editsAmong(record, resolved, inputs),
    recipe: resolved.recipe,
    signature,
    id,
    tree,
    ...(commit === undefined ? {} : { commit }),
    builds: same.map(({ build }) => build.n),
    inputs,
    files: listEntries(resolved.objects, resolved.tree, { under: resolved.top })
      .filter(({ path }) => path !== resolved.top)
      .map((entry) => shownFile(resolved, entry)),
    consumers: consumersIn(record, resolved, installTask),
  };
}

function shownFile({ objects, top }: ResolvedTree, entry: Entry): ShownFile {
  const type = { file: 0o100000, dir: 0o40000, symlink: 0o120000, fifo: 0o10000 }[entry.kind];
  const file = {
    path: entry.path.slice(top.length + 1),
    mode: type | entry.mode,
    size: entry.oid === undefined ? 0 : objects.size(entry.oid),
  };
  return entry.kind === 'symlink' && entry.oid !== undefined
    ? { ...file, target: objects.readBlob(entry.oid).toString('latin1') }
    : file;
}

function showTask(record: TheRecord, resolved: ResolvedTree): ShownTask {
  const { commit } = resolved;
  const history = record.history(resolved.arch, resolved.recipe);
  if (commit === undefined || history === undefined)
    throw new Error(`${resolved.rev} was resolved without its commit`);
  const { start, patches } = history.applied(commit);
  const before = start === undefined ? undefined : history.objects.readCommit(start).tree;
  const runs = history.runs.of(commit);
  const warnings = record.unread();
  const log = logOf(history, commit);
  const ends = { from: before === undefined ? undefined : { ...resolved, tree: before }, to: resolved };
  const files = compareFiles(ends, []);
  const inputs = resolved.task === undefined ? [] : inputsIn(record, resolved, resolved.task);
  return {
    kind: 'task',
    rev: resolved.rev,
    ...editsAmong(record, resolved, inputs),
    task: resolved.task === undefined ? 'edited' : `${resolved.recipe}:${resolved.task}`,
    ok: resolved.kind !== 'failed',
    ...(history.readTask(commit)?.cutOff === true && { interrupted: true }),
    commit,
    tree: resolved.tree,
    ...(resolved.signature === undefined ? {} : { signature: resolved.signature }),
    builds: buildsWith(record, resolved, commit) ?? runs.map(({ build }) => build),
    runs,
    inputs,
    ...(patches.length > 0 && { patches: patches.map(shownPatch) }),
    files,
    counts: countChanges(files),
    consumers: resolved.kind === 'task' ? consumersIn(record, resolved, resolved.task) : [],
    ...(log === undefined ? {} : { log }),
    ...(warnings.length > 0 && { warnings }),
  };
}

/** A person's edits, which inputs name by their tree. */
function editsAmong(
  record: TheRecord,
  { arch, recipe }: ResolvedTree,
  inputs: readonly Input[],
): Pick<ShownTask, 'edited' | 'edits'> {
  const edits = inputs.find(({ kind }) => kind === 'edited');
  if (edits === undefined) return {};
  const history = record.history(arch, recipe);
  const isOf = (commit: CommitId): boolean =>
    history?.objects.has(commit) === true && history.objects.readCommit(commit).tree === edits.value;
  const kept = history === undefined ? [] : [...keptEdits(history)];
  const number = kept.findLast(([commit]) => isOf(commit))?.[1];
  return {
    edited: true,
    ...(number !== undefined && { edits: spokenIn(record, `${recipe}:edited@${number}`) }),
  };
}

function shownPatch({ id, name, author, subject }: PatchCommit): ShownPatch {
  return { name, commit: id, subject, ...(author !== AUTHOR && { author }) };
}

/** The log of the newest run, as it was printed. */
function logOf(history: History, commit: CommitId): string | undefined {
  return history.notes.read('logs', commit)?.toString('utf8');
}

function buildsWith(
  record: TheRecord,
  resolved: ResolvedTree,
  commit: CommitId,
): readonly number[] | undefined {
  const found = standings(record, resolved).filter(({ recipe }) => recipe.names(commit));
  return found.length === 0 ? undefined : found.map(({ build }) => build.n);
}

/** Who was given what the task made, in the build that is meant. */
function consumersIn(
  record: TheRecord,
  { arch, recipe, build: n, signature, tree }: ResolvedTree,
  task: string | undefined,
): readonly TaskId[] {
  const build = record.builds.find((each) => each.n === n);
  if (build === undefined || signature === undefined || task === undefined) return [];
  const artifact = recipeIn(record, build, { arch, recipe })?.artifact(task)?.id;
  return consumersOf(record, build, { arch, recipe, task, signature, artifact, tree });
}

/** The inputs as the build recorded them that is meant, else the newest one with this signature. */
function inputsIn(record: TheRecord, resolved: ResolvedTree, task: string): readonly Input[] {
  const rows = standings(record, resolved);
  const meant =
    rows.find(({ build }) => build.n === resolved.build) ??
    rows.findLast(({ recipe }) =>
      recipe.tasks().some((each) => each.task === task && each.signature === resolved.signature),
    ) ??
    rows.at(-1);
  return (meant?.recipe.inputs(task) ?? []).toSorted(
    (a, b) => byCodeUnit(a.kind, b.kind) || byCodeUnit(a.name, b.name),
  );
}
