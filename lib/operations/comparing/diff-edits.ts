import type { History } from '../../history/history.ts';
import { splitTaskId, type CommitId } from '../../terms/ids.ts';
import { compareTrees } from '../../trees/compare-trees.ts';
import { compareResolved } from './compare-resolved.ts';
import type { Difference } from './difference.ts';
import type { TheRecord } from '../record/open-record.ts';
import type { ResolvedTree } from '../record/resolved-revision.ts';
import { treeBefore, typedSteps, type TypedSteps } from '../editing/typed-steps.ts';

/**
 * Compares edits with the result that they were made on: all that was typed since, however often it was built in
 * between, and nothing that tasks made of it.
 */
export function diffEdits(record: TheRecord, given: ResolvedTree, paths: readonly string[]): Difference {
  const history = record.history(given.arch, given.recipe);
  if (history === undefined) return compareResolved({ from: undefined, to: given }, paths);
  const steps = typedSteps(history, given.commit);
  const { base } = steps;
  const touched = new Set(steps.typed.flatMap((commit) => changedPaths(history, commit, steps)));
  const rev = base === undefined ? '' : `${given.recipe}:${splitTaskId(base.task).task}`;
  const from = base === undefined ? undefined : { ...given, rev, tree: base.tree, commit: base.id };
  const difference = compareResolved({ from, to: given }, paths);
  return { ...difference, files: difference.files.filter(({ path }) => touched.has(path)) };
}

function changedPaths(history: History, commit: CommitId, steps: TypedSteps): readonly string[] {
  const { objects } = history;
  const [from, to] = [treeBefore(history, commit, steps), objects.readCommit(commit).tree];
  return compareTrees(objects, { from, to }).map(({ path }) => path);
}
