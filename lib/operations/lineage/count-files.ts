import type { ObjectStore } from '../../ports/objects.ts';
import { GIT_MODE } from '../../terms/git-mode.ts';
import type { ObjectId, TreeId } from '../../terms/ids.ts';
import { type Change, compareTrees, visitChanges } from '../../trees/compare-trees.ts';
import { findText, type TextFound } from './find-text.ts';

export interface FileCounts {
  readonly added: number;
  readonly modified: number;
  readonly deleted: number;
}

/** Which changes are asked for. */
export interface Wanted {
  /** Only at these raw paths or below, none of them below another; `['']`: everywhere. */
  readonly paths: readonly string[];
  /** Only those by which this text came or went. */
  readonly text?: string | undefined;
}

export interface WantedChanges {
  readonly files: FileCounts;
  /** Where the text came or went. */
  readonly found?: readonly TextFound[];
}

/** Counts what differs between two trees, of that which is asked for. */
export function countFiles(
  objects: ObjectStore,
  trees: { readonly from: TreeId | undefined; readonly to: TreeId },
  { paths, text }: Wanted,
): WantedChanges {
  if (text === undefined) {
    const counts = noChanges();
    // None of them is kept, or looked at where it can be counted: a first task may have made a hundred thousand.
    for (const under of paths) {
      visitChanges(
        objects,
        { ...trees, under },
        {
          change: (each) => count(counts, each),
          whole: (status, tree) => {
            counts[status] += filesBelow(objects, tree);
          },
        },
      );
    }
    return { files: fileCounts(counts) };
  }
  const changes = paths.flatMap((under) => compareTrees(objects, trees, { under }));
  const found = findText(objects, changes, text);
  const there = new Set(found.map(({ path }) => path));
  return { files: countChanges(changes.filter(({ path }) => there.has(path))), found };
}

/** Counts files and links; git's own submodules are directories to varve. */
function filesBelow(objects: ObjectStore, tree: ObjectId): number {
  let files = 0;
  for (const { mode, oid } of objects.readTree(tree, 'once'))
    if (mode === GIT_MODE.directory) files += filesBelow(objects, oid);
    else if (mode !== GIT_MODE.commit) files += 1;
  return files;
}

/** Counts changes by what became of the file. */
export function countChanges(changes: readonly Pick<Change, 'status'>[]): FileCounts {
  const counts = noChanges();
  for (const change of changes) count(counts, change);
  return fileCounts(counts);
}

type Counts = Record<Change['status'], number>;

const noChanges = (): Counts => ({ A: 0, M: 0, D: 0, T: 0 });

function count(counts: Counts, { status }: Pick<Change, 'status'>): void {
  counts[status] += 1;
}

const fileCounts = ({ A, M, D, T }: Counts): FileCounts => ({ added: A, modified: M + T, deleted: D });

/** Whether only some changes are asked for. */
export const isNarrow = ({ paths, text }: Wanted): boolean => paths[0] !== '' || text !== undefined;

/** Whether nothing differs. */
export const isNone = ({ added, modified, deleted }: FileCounts): boolean => added + modified + deleted === 0;
