/** What the tasks of a recipe did: the chain of task commits, one task over builds, or the way of one file. */
import { installTask } from '../graph/arrange-tasks.ts';
import type { History } from '../history/history.ts';
import type { World } from '../ports/world.ts';
import type { CommitId, TreeId } from '../terms/ids.ts';
import { refs } from '../terms/places.ts';
import { formatRevision, parseRevision, type Revision } from '../terms/revision.ts';
import type { Say } from '../terms/say.ts';
import { VarveError } from '../terms/varve-error.ts';
import { entryAt } from '../trees/list-entries.ts';
import { below, DEFAULT_IMAGE, inside, isWithin, readMetadata } from '../trees/tree-metadata.ts';
import { findRecorded, findWithArtifact, type Standing, standings } from './record/find-recorded.ts';
import { notExported } from './record/not-exported.ts';
import { openNamed } from './record/open-named.ts';
import type { TheRecord } from './record/open-record.ts';
import type { RecordedTask } from '../execution/results/recorded-task.ts';
import { resolveTreeRevision, unknownTask } from './record/resolve-revision.ts';
import { wantedPaths } from './record/wanted-paths.ts';
import { artifactChain } from './lineage/artifact-chain.ts';
import { countFiles, isNarrow, isNone, type Wanted } from './lineage/count-files.ts';
import { fileAt } from './lineage/file-at.ts';
import { followFile } from './lineage/follow-file.ts';
import { logAcross } from './lineage/log-across.ts';
import { type LogRow, rowsOf } from './lineage/log-row.ts';
import { restoredArtifact, type RestoredArtifact } from './lineage/restored-artifact.ts';
import { type Chain, imageDir, taskChain, typedBefore } from './lineage/task-chain.ts';

export interface LogRequest {
  readonly buildDir: string;
  readonly rev: string;
  /** One task over builds, a row for each different tree, instead of the chain. */
  readonly across: boolean;
  /** Only rows that changed something there, as typed; a single file is followed. */
  readonly paths: readonly string[];
  /** Only rows by which this text came or went. */
  readonly text?: string | undefined;
}

/** Lists what a REV stands on, oldest first. */
export function logRevision(world: World, request: LogRequest, say: Say): readonly LogRow[] {
  const { record, rev } = openNamed(world, request.buildDir, request.rev);
  const rows = rowsIn(record, rev, request, say);
  for (const warning of record.unread()) say(`warning: ${warning}`);
  return datedBy(record, rows);
}

/** Rows with the time of the first build that they are told of. */
function datedBy(record: TheRecord, rows: readonly LogRow[]): readonly LogRow[] {
  const numbered = new Map(record.builds.map((build) => [build.n, build]));
  return rows.map((row) => {
    const first = numbered.get(Math.min(...row.builds));
    return first === undefined ? row : { ...row, since: new Date(record.timeOf(first)).toISOString() };
  });
}

function rowsIn(record: TheRecord, rev: string, request: LogRequest, say: Say): readonly LogRow[] {
  const revision = parseRevision(rev);
  if (revision.kind === 'build') {
    throw new VarveError('usage', `log is about a recipe, and "${request.rev}" is a build`, {
      hints: [`varve show ${request.rev}   shows the build`, 'varve builds   lists all builds'],
    });
  }
  const wanted: Wanted = { paths: wantedPaths(request.paths), text: request.text };
  if (request.across) return rowsAcross(record, revision, { wanted, say });
  if (revision.kind !== 'artifact') {
    return rowsAt(record, findRecorded(record, revision), {
      wanted,
      isWhole: false,
      restored: undefined,
      commitsIn: (history) => taskChain(history, resolveTreeRevision(record, revision).commit),
    });
  }
  const standing = findRecorded(record, revision, revision.build);
  const rows = wholeRowsAt(record, standing, { wanted, say });
  if (rows.length > 0 || !isNarrow(wanted)) return rows;
  // In a build that failed it may not have come to be: then the newest is meant that has an artifact.
  const before = findWithArtifact(record, revision, { build: revision.build });
  return before.build.n === standing.build.n ? rows : wholeRowsAt(record, before, { wanted, say });
}

/** Over all builds, or over those up to the one that is named. */
function rowsAcross(
  record: TheRecord,
  revision: Exclude<Revision, { kind: 'build' }>,
  { wanted, say }: { readonly wanted: Wanted; readonly say: Say },
): readonly LogRow[] {
  if (revision.kind === 'failed' || revision.kind === 'edited')
    throw new VarveError(
      'usage',
      `--across tells of a task over builds, and ${formatRevision(revision)} is one state`,
      {
        hints: [
          `varve log ${revision.recipe}:${revision.kind === 'failed' ? revision.task : 'TASK'} --across   has a row for each way in which it failed, too`,
        ],
      },
    );
  const { build, recipe } = findRecorded(record, revision, revision.build);
  const task = revision.kind === 'task' ? revision.task : undefined;
  const upTo = revision.build === undefined ? Infinity : build.n;
  const rows = logAcross(record, recipe, { task, wanted, upTo, say });
  const hasTask = ({ recipe: each }: Standing): boolean => each.task(task ?? '') !== undefined;
  if (rows.length === 0 && task !== undefined && !standings(record, recipe).some(hasTask))
    throw unknownTask(recipe.recipe, task, recipe.tasks());
  return rows;
}

function wholeRowsAt(
  record: TheRecord,
  standing: Standing,
  { wanted, say }: { readonly wanted: Wanted; readonly say: Say },
): readonly LogRow[] {
  return rowsAt(record, standing, {
    wanted,
    isWhole: true,
    restored: restoredArtifact(record, standing),
    commitsIn: (history) =>
      artifactChain(record, standing, { commits: standingChain(history, standing), say }),
  });
}

function rowsAt(record: TheRecord, standing: Standing, request: ChainRequest): readonly LogRow[] {
  const history = record.history(standing.recipe.arch, standing.recipe.recipe);
  if (history === undefined) return noneLeft(record, standing);
  const commits = request.commitsIn(history).filter((each) => history.objects.has(each));
  if (commits.length === 0 && request.restored === undefined) return noneLeft(record, standing);
  return logChain(record, { ...standing, history, commits }, request);
}

/** Nothing is to be listed: since no task left anything here, which is no error, or since that is gone. */
function noneLeft({ imported }: TheRecord, { build, recipe }: Standing): readonly LogRow[] {
  const left = recipe.tasks().filter(({ commit }) => commit !== undefined);
  if (left.length === 0) return [];
  const what = `what the tasks of ${recipe.recipe} did in build ${build.n}`;
  if (imported !== undefined) throw notExported(what, { build: build.n, imported });
  throw new VarveError('usage', `${what} is no longer in its history`, {
    hints: [
      `varve build -f -c install ${recipe.recipe}   makes it anew`,
      'varve fsck   tells what else is missing',
    ],
  });
}

interface ChainRequest {
  readonly wanted: Wanted;
  readonly isWhole: boolean;
  readonly restored: RestoredArtifact | undefined;
  commitsIn(history: History): readonly CommitId[];
}

function logChain(
  record: TheRecord,
  chain: Chain,
  { wanted, isWhole, restored }: ChainRequest,
): readonly LogRow[] {
  const trees = restored === undefined ? [] : [restored.row.tree];
  const paths = isWhole ? wanted.paths.map((path) => inWorkdir(chain, path, trees)) : wanted.paths;
  const made = { ...wanted, paths };
  const taken = restored === undefined ? [] : restoredRows(chain, restored, made);
  const [path = '', ...others] = paths;
  const isOne = path !== '' && others.length === 0 && wanted.text === undefined;
  if (isOne && (taken.length > 0 || isFile(chain, path)))
    return [...taken, ...followFile(record, chain, { path, onward: isWhole })];
  const { history } = chain;
  const rowOf = rowsOf(record, chain.recipe, history);
  const rows = chain.commits.map((commit): LogRow => {
    const { start } = history.applied(commit);
    const from = start === undefined ? undefined : history.objects.readCommit(start).tree;
    const bare = rowOf(commit);
    return { ...bare, ...countFiles(history.objects, { from, to: bare.tree }, made) };
  });
  const told = isNarrow(wanted) ? rows.filter(({ files }) => !isNone(files)) : rows;
  return among(told, chain, taken);
}

/** The artifact that no task made here, in the place of do_install; none where it has nothing of what is asked for. */
function restoredRows(chain: Chain, { row, objects }: RestoredArtifact, wanted: Wanted): readonly LogRow[] {
  const image = imageDir(chain);
  const paths = wanted.paths.map((path) =>
    isWithin(image, path) ? inside(DEFAULT_IMAGE, below(image, path)) : path,
  );
  const counted = countFiles(objects, { from: undefined, to: row.tree }, { ...wanted, paths });
  return isNarrow(wanted) && isNone(counted.files) ? [] : [{ ...row, ...counted }];
}

/** Puts the artifact among the rows of its recipe: before those of tasks that run after do_install. */
function among(rows: readonly LogRow[], { recipe }: Chain, taken: readonly LogRow[]): readonly LogRow[] {
  const order = recipe.tasks().map(({ task }) => task);
  const later = new Set(order.slice(order.indexOf(installTask) + 1));
  const at = rows.findIndex(({ task }) => later.has(task));
  return at === -1 ? [...rows, ...taken] : rows.toSpliced(at, 0, ...taken);
}

/** A path of a recipe's WORKDIR; one on the target is meant where only the image, or an artifact's, has such. */
function inWorkdir(chain: Chain, path: string, artifacts: readonly TreeId[]): string {
  const { objects } = chain.history;
  const isIn = (tree: TreeId, place: string): boolean =>
    entryAt(objects, { tree, metadata: readMetadata(objects, tree) }, place) !== undefined;
  const wasThere = (place: string): boolean =>
    chain.commits.some((commit) => isIn(objects.readCommit(commit).tree, place));
  const image = imageDir(chain);
  const onTarget = inside(image, path);
  if (path === '' || wasThere(path)) return path;
  const inArtifact = inside(DEFAULT_IMAGE, path);
  return wasThere(onTarget) || artifacts.some((tree) => isIn(tree, inArtifact)) ? onTarget : path;
}

/** Whether a file or link was ever there. */
function isFile({ history: { objects }, commits }: Chain, path: string): boolean {
  return commits.some((commit) => fileAt(objects, objects.readCommit(commit).tree, path) !== undefined);
}

/** What the tasks of a recipe left in a build, failures too; what stands on a state that is no longer in force is none of it. */
function standingChain(history: History, { build, recipe }: Standing): readonly CommitId[] {
  const chain = new Set<CommitId>();
  for (const task of recipe.tasks()) {
    const commit = task.commit ?? failureOf(history, task, build.n);
    if (commit === undefined || !history.objects.has(commit)) continue;
    const { start } = history.applied(commit);
    if (start === undefined || chain.has(start) || history.readTask(start) === undefined)
      for (const each of [...typedBefore(history, commit), commit]) chain.add(each);
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
