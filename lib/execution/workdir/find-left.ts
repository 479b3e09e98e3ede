/** What a WORKDIR holds beyond what tasks finished there. */
import { isSourceTask } from '../../graph/source-tasks.ts';
import type { TaskCommit } from '../../history/task-commits.ts';
import type { World } from '../../ports/world.ts';
import { splitTaskId, type CommitId, type TreeId } from '../../terms/ids.ts';
import { refs } from '../../terms/places.ts';
import { compareTrees } from '../../trees/compare-trees.ts';
import { resultsBelow } from '../edits/results-below.ts';
import type { Site } from './site.ts';
import { readMark } from './workdir-mark.ts';

export type Left =
  /** A person's edits of `commit`, in the WORKDIR only. */
  | { readonly kind: 'new-edits'; readonly tree: TreeId; readonly commit: CommitId | undefined }
  /** A person's edits, kept as `edited@<n>`. */
  | { readonly kind: 'edits'; readonly tree: TreeId; readonly commit: CommitId; readonly number: number }
  /** What a task left that did not come to its end, kept as its failure. */
  | {
      readonly kind: 'unfinished';
      readonly tree: TreeId;
      readonly commit: CommitId;
      readonly task: string;
      /** By Ctrl-C or a crash. */
      readonly cutOff: boolean;
      /** Sources are changed: by the task, or by a person while it ran. */
      readonly touched: boolean;
    };

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
  if (changed !== undefined) return { kind: 'new-edits', tree: changed, commit };
  if (commit === undefined) return undefined;
  const task = history.readTask(commit);
  if (task !== undefined) return unfinished(site, task);
  const number = keptEdits(site).get(commit);
  const { tree } = history.objects.readCommit(commit);
  // A person may have committed by themselves.
  return number === undefined ? { kind: 'new-edits', tree, commit } : { kind: 'edits', tree, commit, number };
}

/** All edits that were ever kept: their commits, with the number in `edited@<n>`. */
export function keptEdits(site: Site): ReadonlyMap<CommitId, number> {
  const prefix = refs.edited(0).slice(0, -1);
  const kept = site.history().refs.list(prefix);
  return new Map([...kept].map(([name, commit]) => [commit as CommitId, Number(name.slice(prefix.length))]));
}

function unfinished(site: Site, commit: TaskCommit): Left | undefined {
  const { task } = splitTaskId(commit.task);
  const { objects, applied } = site.history();
  if (site.failed(task)?.id !== commit.id) return undefined;
  const base = applied(commit.id).start;
  const changedSince = (from: TreeId): readonly string[] =>
    compareTrees(objects, { from, to: commit.tree })
      .filter(({ status }) => status !== 'A')
      .map(({ path }) => path);
  const sources = resultsBelow(site, base).find((one) => isSourceTask(splitTaskId(one.task).task));
  const ofSources = new Set(sources === undefined ? [] : changedSince(sources.tree));
  const touched =
    base !== undefined && changedSince(objects.readCommit(base).tree).some((path) => ofSources.has(path));
  return { kind: 'unfinished', tree: commit.tree, commit: commit.id, task, touched, cutOff: commit.cutOff };
}
