import type { History } from '../../history/history.ts';
import { splitTaskId, type CommitId, type TreeId } from '../../terms/ids.ts';
import { compareTrees } from '../../trees/compare-trees.ts';
import { compareResolved } from './compare-resolved.ts';
import type { Difference } from './difference.ts';
import type { TheRecord } from '../record/open-record.ts';
import type { ResolvedTree } from '../record/resolved-revision.ts';
import { typedSteps } from '../editing/typed-steps.ts';

/**
 * Compares edits with the result that they were made on: all that was typed since, however often it was built in
 * between, and nothing that tasks made of it.
 */
export function diffEdits(record: TheRecord, given: ResolvedTree, paths: readonly string[]): Difference {
  const history = record.history(given.arch, given.recipe);
  if (history === undefined) return compareResolved({ from: undefined, to: given }, paths);
  const { base, typed, rewritten } = typedSteps(history, given.commit);
  const touched = new Set(typed.flatMap((commit) => changedPaths(history, commit, rewritten)));
  const rev = base === undefined ? '' : `${given.recipe}:${splitTaskId(base.task).task}`;
  const from = base === undefined ? undefined : { ...given, rev, tree: base.tree, commit: base.id };
  const difference = compareResolved({ from, to: given }, paths);
  return { ...difference, files: difference.files.filter(({ path }) => touched.has(path)) };
}

function changedPaths(
  { objects }: History,
  commit: CommitId,
  rewritten: ReadonlyMap<CommitId, TreeId>,
): readonly string[] {
  const { tree, parents } = objects.readCommit(commit);
  const parent = parents[0] === undefined ? undefined : objects.readCommit(parents[0]).tree;
  const from = rewritten.get(commit) ?? parent;
  return compareTrees(objects, { from, to: tree }).map(({ path }) => path);
}
