/** What the tasks of a recipe did: the chain of task commits, one task over builds, or the way of one file. */
import type { History } from '../history/history.ts';
import type { World } from '../ports/world.ts';
import type { CommitId } from '../terms/ids.ts';
import { refs } from '../terms/places.ts';
import { parseRevision } from '../terms/revision.ts';
import type { Say } from '../terms/say.ts';
import { VarveError } from '../terms/varve-error.ts';
import { entryAt } from '../trees/list-entries.ts';
import { inside, readMetadata } from '../trees/tree-metadata.ts';
import { findRecorded, type Standing } from './record/find-recorded.ts';
import { openNamed } from './record/open-named.ts';
import type { TheRecord } from './record/open-record.ts';
import type { RecordedTask } from './record/recorded-recipe.ts';
import { resolveTreeRevision } from './record/resolve-revision.ts';
import { wantedPaths } from './record/wanted-paths.ts';
import { countFiles, isNarrow, isNone, type Wanted } from './lineage/count-files.ts';
import { fileAt } from './lineage/file-at.ts';
import { followFile } from './lineage/follow-file.ts';
import { logAcross } from './lineage/log-across.ts';
import { type LogRow, rowsOf } from './lineage/log-row.ts';
import { type Chain, imageDir, taskChain } from './lineage/task-chain.ts';

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
  const rows = rowsIn(record, rev, request);
  for (const warning of record.unread()) say(`warning: ${warning}`);
  return rows;
}

function rowsIn(record: TheRecord, rev: string, request: LogRequest): readonly LogRow[] {
  const revision = parseRevision(rev);
  if (revision.kind === 'build') {
    throw new VarveError('usage', `log is about a recipe, and "${request.rev}" is a build`, {
      hints: [`varve show @${revision.build}   shows the build`, 'varve builds   lists all builds'],
    });
  }
  const wanted: Wanted = { paths: wantedPaths(request.paths), text: request.text };
  if (request.across) {
    const named = findRecorded(record, revision).recipe;
    const task = revision.kind === 'task' || revision.kind === 'failed' ? revision.task : undefined;
    return logAcross(record, named, { task, wanted });
  }
  const isWhole = revision.kind === 'artifact';
  const standing = findRecorded(record, revision, isWhole ? revision.build : undefined);
  const history = record.history(standing.recipe.arch, standing.recipe.recipe);
  if (history === undefined) return noneLeft(standing);
  const commits = isWhole
    ? standingChain(history, standing)
    : taskChain(history, resolveTreeRevision(record, revision).commit);
  const chain: Chain = { ...standing, history, commits: commits.filter((each) => history.objects.has(each)) };
  if (chain.commits.length === 0) return noneLeft(standing);
  return logChain(record, chain, { wanted, isWhole });
}

/** Nothing is to be listed: since no task left anything here, which is no error, or since that is gone. */
function noneLeft({ build, recipe }: Standing): readonly LogRow[] {
  const left = recipe.tasks().filter(({ commit }) => commit !== undefined);
  if (left.length === 0) return [];
  throw new VarveError(
    'usage',
    `what the tasks of ${recipe.recipe} did in build ${build.n} is no longer in its history`,
    {
      hints: [
        `varve build -f -c install ${recipe.recipe}   makes it anew`,
        'varve fsck   tells what else is missing',
      ],
    },
  );
}

function logChain(
  record: TheRecord,
  chain: Chain,
  { wanted, isWhole }: { readonly wanted: Wanted; readonly isWhole: boolean },
): readonly LogRow[] {
  const paths = isWhole ? wanted.paths.map((path) => inWorkdir(chain, path)) : wanted.paths;
  const { text } = wanted;
  const [path = '', ...others] = paths;
  if (path !== '' && others.length === 0 && text === undefined && isFile(chain, path))
    return followFile(record, chain, { path, onward: isWhole });
  const { history } = chain;
  const rowOf = rowsOf(record, chain.recipe, history);
  const rows = chain.commits.map((commit): LogRow => {
    const { start } = history.applied(commit);
    const from = start === undefined ? undefined : history.objects.readCommit(start).tree;
    const bare = rowOf(commit);
    return { ...bare, ...countFiles(history.objects, { from, to: bare.tree }, { paths, text }) };
  });
  return isNarrow(wanted) ? rows.filter(({ files }) => !isNone(files)) : rows;
}

/** A path of a recipe's WORKDIR; one on the target is meant where only the image has such. */
function inWorkdir(chain: Chain, path: string): string {
  const { objects } = chain.history;
  const wasThere = (place: string): boolean =>
    chain.commits.some((commit) => {
      const { tree } = objects.readCommit(commit);
      return entryAt(objects, { tree, metadata: readMetadata(objects, tree) }, place) !== undefined;
    });
  const onTarget = inside(imageDir(chain), path);
  return path !== '' && !wasThere(path) && wasThere(onTarget) ? onTarget : path;
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
