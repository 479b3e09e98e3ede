/** What the tasks of a recipe did: the chain of task commits, or one task over builds. */
import type { History } from '../../history/history.ts';
import type { World } from '../../ports/world.ts';
import type { CommitId, Signature, TreeId } from '../../terms/ids.ts';
import { refs } from '../../terms/places.ts';
import { parseRevision } from '../../terms/revision.ts';
import { VarveError } from '../../terms/varve-error.ts';
import type { ObjectStore } from '../../ports/objects.ts';
import { cameFrom } from './came-from.ts';
import { countFiles, type FileCounts, type Wanted, type WantedChanges } from './count-files.ts';
import { findRecorded, standings, type Standing } from '../find-recorded.ts';
import type { TextFound } from './find-text.ts';
import { openNamed } from '../open-named.ts';
import type { TheRecord } from '../open-record.ts';
import type { RecordedRecipe, RecordedTask } from '../recorded-recipe.ts';
import { artifactTreeOf } from '../recorded-artifact.ts';
import { resolveTreeRevision } from '../resolve-revision.ts';
import { runsOf } from '../runs-of.ts';

export interface LogRequest {
  readonly buildDir: string;
  readonly rev: string;
  /** One task over builds, a row for each different tree, instead of the chain. */
  readonly across: boolean;
  /** Only rows that changed such. */
  readonly wanted: Wanted;
}

export interface LogRow {
  readonly task: string;
  /** Absent for an artifact that came from the store and was never imported. */
  readonly commit?: CommitId;
  readonly tree: TreeId;
  readonly signature?: Signature;
  /** Builds in which the recipe stood on this commit. */
  readonly builds: readonly number[];
  readonly ok: boolean;
  /** Of its newest run; absent where nothing ran. */
  readonly durationMs?: number;
  readonly files: FileCounts;
  /** Where the text that was asked for came or went; paths from the WORKDIR. */
  readonly found?: readonly TextFound[];
  /** What the file that was asked for was called then, where that is another name. */
  readonly path?: string;
}

/** Lists what a REV stands on, oldest first. */
export function logRevision(world: World, request: LogRequest): readonly LogRow[] {
  const { record, rev } = openNamed(world, request.buildDir, request.rev);
  const revision = parseRevision(rev);
  if (revision.kind === 'build') {
    throw new VarveError('usage', `log is about a recipe, and "${request.rev}" is a build`, {
      hints: [`varve show @${revision.build}   shows the build`, 'varve builds   lists all builds'],
    });
  }
  if (request.across) {
    const named = findRecorded(record, revision).recipe;
    const task = revision.kind === 'task' || revision.kind === 'failed' ? revision.task : undefined;
    return acrossBuilds(record, named, { task, wanted: request.wanted });
  }
  if (revision.kind === 'artifact') {
    const standing = findRecorded(record, revision, revision.build);
    return rowsOf(record, standing.recipe, {
      commits: standingChain(record, standing),
      wanted: request.wanted,
    });
  }
  const resolved = resolveTreeRevision(record, revision);
  const { recipe } = findRecorded(record, revision);
  return rowsOf(record, recipe, {
    commits: chainTo(record, recipe, resolved.commit),
    wanted: request.wanted,
  });
}

/** What the tasks of a recipe left in a build, failures too; what stands on a state that is no longer in force is none of it. */
function standingChain(record: TheRecord, { build, recipe }: Standing): readonly CommitId[] {
  const history = record.history(recipe.arch, recipe.recipe);
  if (history === undefined) return [];
  const chain = new Set<CommitId>();
  for (const task of recipe.tasks()) {
    const commit = task.commit ?? failureOf(history, task, build.n);
    if (commit === undefined || !history.objects.has(commit)) continue;
    const { start } = history.applied(commit);
    if (start === undefined || chain.has(start) || history.readTask(start) === undefined) chain.add(commit);
  }
  return [...chain];
}

/** The state that a task without a result left when it failed with these inputs. */
function failureOf(history: History, { task, signature }: RecordedTask, build: number): CommitId | undefined {
  const candidates = [refs.failed(task), refs.build(build)].map(
    (ref) => history.refs.read(ref) as CommitId | undefined,
  );
  return candidates.find((commit) => {
    const left = commit === undefined || !history.objects.has(commit) ? undefined : history.readTask(commit);
    return left?.task.endsWith(`:${task}`) === true && left.signature === signature;
  });
}

/** The task commits that a commit stands on, oldest first, itself last. */
function chainTo(record: TheRecord, recipe: RecordedRecipe, last: CommitId | undefined): readonly CommitId[] {
  const history = record.history(recipe.arch, recipe.recipe);
  const chain: CommitId[] = [];
  if (history === undefined) return chain;
  for (let commit = last; commit !== undefined;) {
    if (commit === last || history.readTask(commit) !== undefined) chain.unshift(commit);
    commit = history.objects.readCommit(commit).parents[0];
  }
  return chain;
}

function rowsOf(
  record: TheRecord,
  recipe: RecordedRecipe,
  { commits, wanted }: { readonly commits: readonly CommitId[]; readonly wanted: Wanted },
): readonly LogRow[] {
  const history = record.history(recipe.arch, recipe.recipe);
  if (history === undefined) return [];
  const builds = buildsByCommit(record, recipe);
  // From the newest on, so that a file is followed to what it was copied from.
  let asked = wanted;
  const rows = commits.toReversed().flatMap((commit): readonly LogRow[] => {
    if (!history.objects.has(commit)) return [];
    const { tree } = history.objects.readCommit(commit);
    const { start } = history.applied(commit);
    const task = history.readTask(commit);
    const runs = runsOf(history, commit);
    const run = runs.at(-1);
    const before = start === undefined ? undefined : history.objects.readCommit(start).tree;
    const changed = countFiles(history.objects, { from: before, to: tree }, asked);
    const [path, ...others] = asked.paths;
    const isFollowed = path !== wanted.paths[0];
    const origin =
      path === undefined || others.length > 0
        ? undefined
        : cameFrom(history.objects, { from: before, to: tree }, path);
    if (origin !== undefined) asked = { ...asked, paths: [origin] };
    if (isNarrow(wanted) && isNone(changed)) return [];
    return [
      {
        task: task?.task.replace(/^.*:/, '') ?? 'edited',
        commit,
        tree,
        ...(task === undefined ? {} : { signature: task.signature }),
        builds: builds.get(commit) ?? [...new Set(runs.map(({ build }) => build))],
        // A crash leaves no run behind.
        ok: run?.ok ?? task?.trailers.has('Cut-Off') !== true,
        ...(run === undefined ? {} : { durationMs: run.durationMs }),
        ...changed,
        ...(isFollowed && path !== undefined && { path }),
      },
    ];
  });
  return rows.toReversed();
}

/** In which builds the recipe stood on which commit. */
function buildsByCommit(record: TheRecord, recipe: RecordedRecipe): ReadonlyMap<CommitId, readonly number[]> {
  const found = new Map<CommitId, number[]>();
  for (const standing of standings(record, recipe)) {
    for (const { commit } of standing.recipe.tasks()) {
      if (commit !== undefined) found.set(commit, [...(found.get(commit) ?? []), standing.build.n]);
    }
  }
  return found;
}

/** One result over builds: a row where its tree is another than in the build before. */
function acrossBuilds(
  record: TheRecord,
  named: RecordedRecipe,
  { task, wanted }: { readonly task: string | undefined; readonly wanted: Wanted },
): readonly LogRow[] {
  const rows: LogRow[] = [];
  // The paths of an artifact are those on the target.
  const inTree =
    task === undefined ? { ...wanted, paths: wanted.paths.map((path) => `image/${path}`) } : wanted;
  for (const { build, recipe } of standings(record, named)) {
    const point = task === undefined ? artifactPoint(record, recipe) : taskPoint(record, recipe, task);
    if (point === undefined) continue;
    const same = rows.findIndex((row) => row.tree === point.tree);
    const row = rows[same];
    if (row !== undefined) {
      rows[same] = { ...row, builds: [...row.builds, build.n] };
      continue;
    }
    const { objects, ...rest } = point;
    const changed = countFiles(objects, { from: rows.at(-1)?.tree, to: point.tree }, inTree);
    rows.push({ ...rest, builds: [build.n], ...changed });
  }
  return isNarrow(wanted) ? rows.filter((changed) => !isNone(changed)) : rows;
}

type Point = Omit<LogRow, 'builds' | 'files'> & { readonly objects: ObjectStore };

function artifactPoint(record: TheRecord, recipe: RecordedRecipe): Point | undefined {
  const artifact = recipe.artifact();
  if (artifact === undefined) return undefined;
  const { objects, tree, commit } = artifactTreeOf(record, recipe, artifact);
  return {
    task: 'do_install',
    tree,
    signature: artifact.signature,
    ok: true,
    objects,
    ...(commit === undefined ? {} : { commit }),
  };
}

function taskPoint(record: TheRecord, recipe: RecordedRecipe, task: string): Point | undefined {
  const found = recipe.tasks().find((each) => each.task === task);
  const history = record.history(recipe.arch, recipe.recipe);
  if (found?.commit === undefined || history?.objects.has(found.commit) !== true) return undefined;
  const run = runsOf(history, found.commit).at(-1);
  return {
    task,
    commit: found.commit,
    tree: history.objects.readCommit(found.commit).tree,
    signature: found.signature,
    ok: run?.ok ?? true,
    objects: history.objects,
    ...(run === undefined ? {} : { durationMs: run.durationMs }),
  };
}

const isNone = ({ files }: WantedChanges): boolean => files.added + files.modified + files.deleted === 0;
const isNarrow = ({ paths, text }: Wanted): boolean => paths.length > 0 || text !== undefined;
