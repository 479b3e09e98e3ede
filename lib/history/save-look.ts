import type { ObjectStore } from '../ports/objects.ts';
import type { FileSystem } from '../ports/world.ts';
import { GIT_MODE } from '../terms/git-mode.ts';
import { METADATA_DIR, metadataBlobs, type MetadataBlobs } from '../trees/tree-metadata.ts';
import { type EncodedEntries, encodeEntries, type IndexEntry, replaceEntries } from './git-index.ts';
import type { Look } from './look.ts';
import type { Present } from './scan-directory.ts';
import {
  type CachePaths,
  hiddenEntry,
  indexEntryOf,
  type Remembered,
  type StatCache,
  writeDirectoryTimes,
  writeStatCache,
} from './stat-cache.ts';
import type { Times } from './times.ts';

/** Brings the stat cache on disk up to a look; the index is rewritten only where it says something else. */
export function saveLook(
  to: { readonly fs: FileSystem; readonly objects: ObjectStore; readonly cache: CachePaths },
  at: { readonly look: Look; readonly cache: StatCache; readonly bound: bigint },
): Remembered {
  const { look, cache } = at;
  const { listings, storedPaths, standing } = look;
  const metadata = metadataBlobs(to.objects, look.tree);
  const isStill = cache.seen.size > 0 && look.news.length + look.gone.length === 0;
  const known = { seen: seenNow(look, cache), listings, storedPaths, standing, metadata };
  if (cache.ours && isAsBefore(look, cache, metadata)) {
    if (!isStill) writeDirectoryTimes(to.fs, to.cache, directoryTimes(look.present));
    return { ...known, index: cache.index, size: cache.size, bound: cache.bound };
  }
  const index = indexOf(look, cache, hiddenEntries(metadata));
  writeStatCache(to.fs, to.cache, { index, directories: directoryTimes(look.present), bound: at.bound });
  return { ...known, index, size: index.count, bound: at.bound };
}

/** Whether the index says what the look found. */
export function isAsBefore(look: Look, cache: StatCache, metadata: MetadataBlobs): boolean {
  if (look.read > 0 || !isSameMetadata(metadata, cache.metadata)) return false;
  const files = look.present.filter((item) => item.oid !== undefined).length;
  return files + Object.keys(metadata).length === cache.size;
}

/** Whether two trees have the same metadata. */
export function isSameMetadata(a: MetadataBlobs, b: MetadataBlobs): boolean {
  return a.image === b.image && a.metadata === b.metadata;
}

/** What was seen goes on from what was seen before: to write it all anew would cost as much as the look. */
export function seenNow({ present, news, gone }: Look, cache: StatCache): Map<string, Present> {
  if (cache.standing === undefined) return new Map(present.map((item) => [item.path, item]));
  const { seen } = cache;
  for (const path of gone) seen.delete(path);
  for (const item of news) seen.set(item.path, item);
  return seen;
}

/** What the index is to hold after a look, with these entries of the tree's metadata. */
export function indexOf(look: Look, cache: StatCache, hidden: readonly IndexEntry[]): EncodedEntries {
  const entriesOf = (items: readonly Present[]): readonly IndexEntry[] =>
    items.flatMap((item) => {
      if (item.oid === undefined) return [];
      const path = look.storedPaths.get(item.path) ?? item.path;
      return [indexEntryOf(item, { path, oid: item.oid })];
    });
  if (cache.index === undefined) return encodeEntries([...entriesOf(look.present), ...hidden]);
  return replaceEntries(cache.index, [...look.left, ...HIDDEN], [...entriesOf(look.news), ...hidden]);
}

/** Times of what the index has no place for. */
export function directoryTimes(present: readonly Present[]): Times {
  return new Map(present.filter((item) => item.oid === undefined).map((item) => [item.path, item.mtimeNs]));
}

const [IMAGE, METADATA] = [`${METADATA_DIR}/image`, `${METADATA_DIR}/metadata`];
const HIDDEN = [IMAGE, METADATA];

/** The index entries of a tree's metadata. */
export function hiddenEntries({ image, metadata }: MetadataBlobs): readonly IndexEntry[] {
  return [
    ...(image === undefined ? [] : [hiddenEntry(IMAGE, { oid: image, mode: GIT_MODE.file })]),
    ...(metadata === undefined ? [] : [hiddenEntry(METADATA, { oid: metadata, mode: GIT_MODE.file })]),
  ];
}
