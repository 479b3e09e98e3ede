import type { Entry, ObjectStore } from '../ports/objects.ts';
import type { FileSystem } from '../ports/world.ts';
import type { CommitId, TreeId } from '../terms/ids.ts';
import { gitMode } from '../trees/git-mode.ts';
import { listEntries } from '../trees/list-entries.ts';
import { metadataBlobs } from '../trees/tree-metadata.ts';
import { countEntries, type EncodedEntries, encodeEntries, replaceEntries } from './index-entries.ts';
import type { IndexEntry } from './index-entry.ts';
import type { Look } from './look.ts';
import { applyEntries, type Hands, handsOf, type Materialised } from './materialise.ts';
import type { Notes } from './notes.ts';
import { readOwners, writeOwners, xattrsIn } from './owners.ts';
import { type Part, partToRestore } from './part-to-restore.ts';
import { presentAfter } from './present-after.ts';
import { directoryTimes, hiddenEntries, indexOf, seenNow } from './save-look.ts';
import type { Present } from './scan-directory.ts';
import {
  type CachePaths,
  hiddenEntry,
  indexEntryOf,
  raceBound,
  type Remembered,
  type StatCache,
  writeStatCache,
} from './stat-cache.ts';
import { storedPaths } from './stored-paths.ts';
import { type Times, timesOf } from './times.ts';
import { unreadNotes } from './unread-notes.ts';

/** A directory whose states are recorded, and where they are. */
export interface RecordedPlace extends Hands {
  readonly fs: FileSystem;
  readonly objects: ObjectStore;
  readonly notes: Notes;
  /** Where they are. */
  readonly gitDir: string;
  readonly dir: string;
  readonly cache: CachePaths;
}

export interface Restoring {
  readonly commit: CommitId;
  readonly tree: TreeId;
  /** What the directory was found to be just now, by a look that renews what the cache keeps. */
  readonly look: Look;
  /** Holds the tree that was seen, beside all that is recorded. */
  readonly seenObjects: ObjectStore;
  /** What the look went on from. */
  readonly cache: StatCache;
}

export interface Restored extends Materialised {
  readonly kept: Remembered;
}

/** Makes a directory what a commit says, times included; where little differs, only that is gone through. */
export function restore(place: RecordedPlace, what: Restoring): Restored {
  const { objects } = place;
  const { times, unread } = timesOf(objects, place.notes, what.commit);
  const metadata = metadataBlobs(objects, what.tree);
  const hidden = hiddenEntries(metadata);
  const part = partToRestore(objects, { ...what, times });
  const { index, warnings, refused, ...after } =
    part === undefined
      ? restoreAll(place, { ...what, times, hidden })
      : restorePart(place, part, { ...what, times, hidden });
  const bound = raceBound(place.fs, place.cache);
  const directories = directoryTimes([...after.seen.values()]);
  writeStatCache(place.fs, place.cache, { index, directories, bound });
  const kept = { ...after, metadata, index, size: countEntries(index), bound };
  return { warnings: [...warnings, ...unreadNotes(place.gitDir, 'times', unread)], refused, kept };
}

/** What was done, and what is there and in the index since. */
interface Aftermath extends Materialised, Pick<Remembered, 'seen' | 'listings' | 'storedPaths' | 'standing'> {
  readonly index: EncodedEntries;
}

interface Way extends Restoring {
  readonly times: Times;
  /** What the index holds of the tree's metadata. */
  readonly hidden: readonly IndexEntry[];
}

function restoreAll(place: RecordedPlace, { tree, look, times, hidden }: Way): Aftermath {
  const { fs, dir, objects, cache } = place;
  const entries = listEntries(objects, tree);
  const { present, special } = look;
  const { warnings, refused, changed } = applyEntries(
    fs,
    { objects, entries, present, special, refused: xattrsIn(readOwners(fs, cache.owners)) },
    { dir, options: { times, ...handsOf(place) } },
  );
  writeOwners(fs, cache.owners, { entries, refused });
  const stored = storedPaths(entries, objects, tree);
  const seen = presentAfter({ fs, dir }, { entries, before: present, changed });
  const index = encodeEntries([...indexEntries(entries, seen, stored), ...hidden]);
  return { seen, listings: new Map(), storedPaths: stored, standing: undefined, index, warnings, refused };
}

function restorePart(place: RecordedPlace, part: Part, { look, cache, times, hidden }: Way): Aftermath {
  const { fs, dir, objects } = place;
  const { entries, present } = part;
  const { warnings, refused, changed } = applyEntries(
    fs,
    { objects, entries, present, special: [] },
    { dir, options: { times, ...handsOf(place) } },
  );
  const now = presentAfter({ fs, dir }, { entries, before: present, changed });
  const before = present.map(({ path }) => path);
  const index = replaceEntries(indexOf(look, cache, hidden), before, indexEntries(entries, now, NONE));
  const seen = seenNow(look, cache);
  for (const path of before) if (!now.has(path)) seen.delete(path);
  for (const [path, item] of now) seen.set(path, item);
  const listings = new Map([...look.listings].filter(([path]) => !changed.has(path)));
  // What is closed to its owner was not seen, and would not be missed by the next look either.
  const standing = now.size === entries.length ? part.standing : undefined;
  return { seen, listings, storedPaths: NONE, standing, index, warnings, refused };
}

const NONE: ReadonlyMap<string, string> = new Map();

/** In the order of the entries. */
function indexEntries(
  entries: readonly Entry[],
  now: ReadonlyMap<string, Present>,
  stored: ReadonlyMap<string, string>,
): readonly IndexEntry[] {
  return entries.flatMap((entry) => {
    if (entry.oid === undefined) return [];
    const path = stored.get(entry.path) ?? entry.path;
    const found = now.get(entry.path);
    // What lies in a directory that is closed to its owner cannot be seen; the next look opens it.
    return [
      found === undefined
        ? hiddenEntry(path, { oid: entry.oid, mode: gitMode(entry) })
        : indexEntryOf(found, { path, oid: entry.oid }),
    ];
  });
}
