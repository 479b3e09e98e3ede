import type { Entry, ObjectStore } from '../ports/objects.ts';
import { byCodeUnit, type TreeId } from '../terms/ids.ts';
import { compareTrees } from '../trees/compare-trees.ts';
import { contradiction, entryAt } from '../trees/list-entries.ts';
import { type Facts, parentOf, readMetadata, type TreeMetadata } from '../trees/tree-metadata.ts';
import type { Look } from './look.ts';
import { hasTime } from './materialise.ts';
import type { Present } from './scan-directory.ts';
import type { Standing } from './standing.ts';
import type { Times } from './times.ts';

/** What a restore has to do with, and the directories above it; all else stays as it was found. */
export interface Part {
  /** What is to stand there. */
  readonly entries: readonly Entry[];
  /** What stands there. */
  readonly present: readonly Present[];
  /** The tree that is wanted, for the next look to go on from. */
  readonly standing: Standing;
}

export interface Wanted {
  readonly tree: TreeId;
  readonly times: Times;
  readonly look: Look;
  /** Holds the tree that was seen, beside all that is recorded. */
  readonly seenObjects: ObjectStore;
}

/** Of a larger part it costs less to go through all. */
const SMALL = 1 / 4;

/**
 * Where the directory that was seen is another than the one wanted. Undefined where all must be gone through: where owners
 * or names of a file in several places bear on what stands elsewhere, or nearly all differs.
 */
export function partToRestore(objects: ObjectStore, wanted: Wanted): Part | undefined {
  const { look, tree, times, seenObjects } = wanted;
  const { standing } = look;
  if (standing === undefined || look.special.length > 0) return undefined;
  const [here, there] = [readMetadata(seenObjects, look.tree), readMetadata(objects, tree)];
  if (!isPlain(here) || !isPlain(there)) return undefined;
  const paths = new Set<string>();
  const add = (path: string): void => {
    for (let at = path; at !== '' && !paths.has(at); at = parentOf(at)) paths.add(at);
  };
  for (const { path } of compareTrees(seenObjects, { from: look.tree, to: tree })) add(path);
  for (const item of look.present) if (!hasTime(item, times.get(item.path))) add(item.path);
  if (paths.size > look.present.length * SMALL) return undefined;
  const entries = [...paths]
    .toSorted(byCodeUnit)
    .flatMap((path) => entryAt(objects, { tree, metadata: there }, path) ?? []);
  checkDirectories(entries);
  const present = look.present.filter(({ path }) => paths.has(path));
  const moved = moveStanding(objects, standing, { entries, present });
  // Of a tree that is not what its entries say nothing is done before all of it was read.
  return moved.written.tree === tree ? { entries, present, standing: moved } : undefined;
}

/** Whether what stands at a path is told by the tree there, and by nothing that stands elsewhere. */
function isPlain({ facts, trueNames }: TreeMetadata): boolean {
  const isOdd = ({ type, uid, gid, xattrs, hardlink }: Facts): boolean =>
    type === 'fifo' || (uid ?? gid ?? xattrs ?? hardlink) !== undefined;
  return trueNames.size === 0 && ![...facts.values()].some(isOdd);
}

/** By way of a link in the place of a directory any file could be reached. */
function checkDirectories(entries: readonly Entry[]): void {
  const directories = new Set(['', ...entries.flatMap(({ kind, path }) => (kind === 'dir' ? [path] : []))]);
  const astray = entries.find(({ path }) => !directories.has(parentOf(path)));
  if (astray !== undefined) throw contradiction(astray.path);
}

function moveStanding(
  objects: ObjectStore,
  standing: Standing,
  { entries, present }: Pick<Part, 'entries' | 'present'>,
): Standing {
  const { tree } = standing;
  const wanted = new Set(entries.map(({ path }) => path));
  for (const { path } of present) if (!wanted.has(path)) tree.delete(path);
  for (const entry of entries) tree.set(objects, entry);
  return { ...standing, written: objects.batch(() => tree.write(objects)) };
}
