/** What a person may have typed while a task ran: nobody can tell it from what the task did. */
import { relative } from 'node:path';
import { isSourceTask } from '../../graph/source-tasks.ts';
import type { TaskCommit } from '../../history/task-commits.ts';
import { splitTaskId } from '../../terms/ids.ts';
import { compareTrees } from '../../trees/compare-trees.ts';
import { rawPath } from '../../trees/raw-text.ts';
import { isWithin } from '../../trees/tree-metadata.ts';
import { resultsBelow } from '../edits/results-below.ts';
import type { Site } from './site.ts';

/** Raw paths below WORKDIR. */
export interface ChangedMeanwhile {
  /** Sources that are others now, or gone. */
  readonly sources: readonly string[];
  /** New files where sources are and products are not. */
  readonly beside: readonly string[];
}

/** Lists what is otherwise in the sources than when the task began. */
export function changedMeanwhile(site: Site, commit: TaskCommit): ChangedMeanwhile {
  const { objects, applied } = site.history();
  const base = applied(commit.id).start;
  // What makes the sources changes them.
  if (base === undefined || isSourceTask(splitTaskId(commit.task).task)) return { sources: [], beside: [] };
  const changes = compareTrees(objects, { from: objects.readCommit(base).tree, to: commit.tree });
  const sources = resultsBelow(site, base).find((one) => isSourceTask(splitTaskId(one.task).task));
  const ofSources = new Set(
    sources === undefined
      ? []
      : compareTrees(objects, { from: sources.tree, to: commit.tree })
          .filter(({ status }) => status !== 'A')
          .map(({ path }) => path),
  );
  const added = changes.flatMap((change) =>
    change.status === 'A' && change.to.kind !== 'dir' ? change.path : [],
  );
  return {
    sources: changes.flatMap(({ status, path }) => (status !== 'A' && ofSources.has(path) ? [path] : [])),
    beside: added.filter((path) => isBesideSources(site, commit, path)),
  };
}

/** Where B is S, a task that fails leaves what it made so far there; one that is cut off may have left anything. */
function isBesideSources({ recipe, workdir }: Site, { cutOff }: TaskCommit, path: string): boolean {
  const isIn = (dir: string): boolean => isWithin(rawPath(relative(workdir, dir)), path);
  const { s, b, d } = recipe.dirs;
  return isIn(s) && !isIn(d) && (s === b ? cutOff : !isIn(b));
}
