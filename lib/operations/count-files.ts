import type { ObjectStore } from '../ports/objects.ts';
import type { TreeId } from '../terms/ids.ts';
import { compareTrees } from '../trees/compare-trees.ts';
import { rawPath } from '../trees/raw-text.ts';

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
  const wanted =
    paths.length === 0 ? [{}] : paths.map((path) => ({ under: rawPath(path).replace(/^\/+|\/+$/g, '') }));
  const changes = new Map(
    wanted
      .flatMap((options) => compareTrees(objects, trees, options))
      .map((change) => [change.path, change.status]),
  );
  const count = (...status: string[]): number =>
    [...changes.values()].filter((each) => status.includes(each)).length;
  return { added: count('A'), modified: count('M', 'T'), deleted: count('D') };
}
