import type { ObjectStore } from '../ports/objects.ts';
import type { TreeId } from '../terms/ids.ts';
import { compareTrees } from '../trees/compare-trees.ts';
import { wantedPaths } from './wanted-paths.ts';

export interface FileCounts {
  readonly added: number;
  readonly modified: number;
  readonly deleted: number;
}

/** Counts what differs between two trees, at the paths that are asked for (none: everywhere). */
export function countFiles(
  objects: ObjectStore,
  trees: { readonly from: TreeId | undefined; readonly to: TreeId },
  paths: readonly string[] = [],
): FileCounts {
  return countChanges(wantedPaths(paths).flatMap((under) => compareTrees(objects, trees, { under })));
}

/** Counts changes by what became of the file. */
export function countChanges(changes: readonly { readonly status: 'A' | 'M' | 'D' | 'T' }[]): FileCounts {
  const counts = { A: 0, M: 0, D: 0, T: 0 };
  for (const { status } of changes) counts[status] += 1;
  return { added: counts.A, modified: counts.M + counts.T, deleted: counts.D };
}
