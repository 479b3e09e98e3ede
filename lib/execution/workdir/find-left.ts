/** What a WORKDIR holds beyond what tasks finished there. */
import { isSourceTask } from '../../graph/source-tasks.ts';
import { fullPath } from '../../history/directory-access.ts';
import { firstParents } from '../../history/first-parents.ts';
import type { History } from '../../history/history.ts';
import { standsFor, timesOf } from '../../history/times.ts';
import type { TaskCommit } from '../../history/task-commits.ts';
import type { World } from '../../ports/world.ts';
import { splitTaskId, type CommitId, type TreeId } from '../../terms/ids.ts';
import { refs } from '../../terms/places.ts';
import { compareTrees } from '../../trees/compare-trees.ts';
import { changedMeanwhile } from './changed-meanwhile.ts';
import type { Site } from './site.ts';
import { readMark } from './workdir-mark.ts';

export type Left =
  /** A person's edits of `commit`, in the WORKDIR only. */
  | { readonly kind: 'new-edits'; readonly tree: TreeId; readonly commit: CommitId | undefined }
  /** What a task left, though not the one that HEAD is at: somebody put it there. */
  | { readonly kind: 'put-back'; readonly tree: TreeId; readonly commit: CommitId }
  /** A person's edits, kept as `edited@<n>`; or what a task made with edits that were dropped since. */
  | { readonly kind: 'edits'; readonly tree: TreeId; readonly commit: CommitId; readonly number: number }
  /** What a task left that did not come to its end, kept as its failure. */
  | {
      readonly kind: 'unfinished';
      readonly tree: TreeId;
      readonly commit: CommitId;
      readonly task: string;
      /** By Ctrl-C or a crash. */
      readonly cutOff: boolean;
      readonly typed: MaybeTyped;
    };

/**
 * Whether a person edited while a task ran that did not come to its end. Nobody can tell their changes from the task's:
 * it is `likely` where sources are changed, and a `maybe` where there are new files beside them.
 */
export type MaybeTyped = 'no' | 'maybe' | 'likely';

/**
 * Looks for what a person or an unfinished task left in the WORKDIR; undefined where it is as a task finished it.
 * Writes nothing; what a crash left is not seen before it was kept.
 */
export function findLeft(world: World, site: Site): Left | undefined {
  if (!site.hasHistory() || !world.fs.existsSync(site.workdir)) return undefined;
  if (readMark(world, site) !== undefined) return undefined;
  const history = site.history();
  const commit = history.refs.head();
  const changed = history.changed(site.scope);
  if (changed !== undefined) {
    const left = findResultOf(world, site, changed);
    return left === undefined
      ? { kind: 'new-edits', tree: changed, commit }
      : { kind: 'put-back', tree: changed, commit: left };
  }
  if (commit === undefined) return undefined;
  const unfinished = findUnfinished(site);
  if (unfinished !== undefined) return unfinished;
  const task = history.readTask(commit);
  const isDropped = task?.edited === true && history.refs.read(refs.editing) === undefined;
  if (task !== undefined && !isDropped && isResult(site, task)) return undefined;
  const number = isDropped ? editsNumber(site, commit) : keptEdits(site.history()).get(commit);
  const { tree } = history.objects.readCommit(commit);
  if (number !== undefined) return { kind: 'edits', tree, commit, number };
  // A person may have committed by themselves.
  return task === undefined ? { kind: 'new-edits', tree, commit } : undefined;
}

/**
 * The commit of a task that left just this: of those that HEAD stands on the newest, else any. None while edits are in force:
 * then it is an edit too to go back behind them. Nor where it was typed: who mends what a newer state broke has an older one again.
 */
function findResultOf(world: World, site: Site, tree: TreeId): CommitId | undefined {
  const history = site.history();
  if (history.refs.read(refs.editing) !== undefined) return undefined;
  const named = [...history.refs.list('refs/tags/do_').values()] as CommitId[];
  const isNamed = new Set(named);
  const below = firstParents(history.objects, history.refs.head()).filter((at) => isNamed.has(at));
  const found = [...below, ...named].find((at) => history.readTask(at)?.tree === tree);
  return found === undefined || isTyped(world, site, found) ? undefined : found;
}

/**
 * Whether the WORKDIR has come from HEAD to what a task left by a person's typing: that dates files anew, and removes sources.
 * Where nobody knows the times, too: an edit too many is only a word, one too few is lost.
 */
function isTyped(world: World, site: Site, found: CommitId): boolean {
  const { objects, notes, refs: names } = site.history();
  const treeOf = (commit: CommitId | undefined): TreeId | undefined =>
    commit && objects.readCommit(commit).tree;
  const come = compareTrees(objects, { from: treeOf(names.head()), to: treeOf(found) }).flatMap((change) =>
    change.status === 'D' || change.to.kind === 'dir' ? [] : [change.path],
  );
  if (come.length === 0) {
    const head = firstParents(objects, names.head());
    const above = head.slice(0, head.indexOf(found));
    return !head.includes(found) || above.some((at) => isOfSources(site, at));
  }
  const { times } = timesOf(objects, notes, found);
  return come.some((path) => {
    const recorded = times.get(path);
    return recorded === undefined || !standsFor(timeAt(world, site, path), recorded);
  });
}

function isOfSources(site: Site, commit: CommitId): boolean {
  const task = site.history().readTask(commit);
  return task !== undefined && isSourceTask(splitTaskId(task.task).task);
}

function timeAt(world: World, { workdir }: Site, path: string): bigint {
  return world.fs.lstatSync(fullPath(workdir, path), { bigint: true }).mtimeNs;
}

/** All edits that were ever kept: their commits, with the number in `edited@<n>`, the greatest of those typed again. */
export function keptEdits({ refs: names }: History): ReadonlyMap<CommitId, number> {
  const prefix = refs.allEdited;
  const kept = [...names.list(prefix)].map(
    ([name, commit]) => [commit as CommitId, Number(name.slice(prefix.length))] as const,
  );
  return new Map(kept.toSorted(([, a], [, b]) => a - b));
}

/** The number in `edited@<n>` of the newest edits that a commit stands on. */
export function editsNumber(site: Site, commit: CommitId | undefined): number | undefined {
  const kept = keptEdits(site.history());
  return firstParents(site.history().objects, commit)
    .map((at) => kept.get(at))
    .find((number) => number !== undefined);
}

/** Whether a task came to its end with this commit. */
export function isResult(site: Site, { id, task, signature }: TaskCommit): boolean {
  const { task: name } = splitTaskId(task);
  return [site.newest(name)?.id, site.stamped(name, signature)?.id].includes(id);
}

/** The task that HEAD stands at where it did not come to its end; what was typed since is not looked at. */
export function findUnfinished(site: Site): Extract<Left, { kind: 'unfinished' }> | undefined {
  const head = site.head();
  const commit = head === undefined ? undefined : site.history().readTask(head);
  if (commit === undefined) return undefined;
  const { id, tree, cutOff } = commit;
  const { task } = splitTaskId(commit.task);
  if (site.failed(task)?.id !== id) return undefined;
  return { kind: 'unfinished', tree, commit: id, task, typed: maybeTyped(site, commit), cutOff };
}

function maybeTyped(site: Site, commit: TaskCommit): MaybeTyped {
  const { sources, beside } = changedMeanwhile(site, commit);
  if (sources.length > 0) return 'likely';
  return beside.length > 0 ? 'maybe' : 'no';
}
