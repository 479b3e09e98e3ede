import type { ObjectStore } from '../ports/objects.ts';
import type { FileSystem } from '../ports/world.ts';
import { GIT_MODE } from '../terms/git-mode.ts';
import { METADATA_DIR, metadataBlobs, type MetadataBlobs } from '../trees/tree-metadata.ts';
import {
  areSameEntries,
  countEntries,
  type EncodedEntries,
  encodeEntries,
  replaceEntries,
} from './index-entries.ts';
import type { IndexEntry } from './index-entry.ts';
import type { Look } from './look.ts';
import type { Present } from './scan-directory.ts';
import {
  type CachePaths,
  dateStatCache,
  hiddenEntry,
  indexEntryOf,
  type Remembered,
  type StatCache,
  writeDirectoryTimes,
  writeStatCache,
} from './stat-cache.ts';
import type { Times } from './times.ts';

/** Brings the stat cache on disk up to a look; the index is written again only where it says something else. */
export function saveLook(
  to: { readonly fs: FileSystem; readonly objects: ObjectStore; readonly cache: CachePaths },
  at: { readonly look: Look; readonly cache: StatCache; readonly bound: bigint },
): Remembered {
  const { look, cache } = at;
  const { listings, storedPaths, standing } = look;
  const metadata = metadataBlobs(to.objects, look.tree);
  const isIndexed = cache.ours && isAsBefore(look, cache, metadata);
  const isDated = isIndexed && areDirectoriesAsBefore(look, cache);
  const known = { seen: seenNow(look, cache), listings, storedPaths, standing, metadata };
  if (isIndexed) {
    const bound = look.read > 0 ? at.bound : cache.bound;
    if (look.read > 0) dateStatCache(to.fs, to.cache, bound);
    if (!isDated) writeDirectoryTimes(to.fs, to.cache, directoryTimes(look.present));
    return { ...known, index: cache.index, size: cache.size, bound };
  }
  const index = indexOf(look, cache, hiddenEntries(metadata));
  writeStatCache(to.fs, to.cache, { index, directories: directoryTimes(look.present), bound: at.bound });
  return { ...known, index, size: countEntries(index), bound: at.bound };
}

/** Whether the index says what the look found. */
export function isAsBefore(look: Look, cache: StatCache, metadata: MetadataBlobs): boolean {
  if (!isSameMetadata(metadata, cache.metadata)) return false;
  if (look.read > 0 && !areEntriesAsBefore(look, cache)) return false;
  const files = look.present.filter((item) => item.oid !== undefined).length;
  return files + Object.keys(metadata).length === cache.size;
}

/** Whether what was read again has the entries that it had. */
function areEntriesAsBefore(look: Look, cache: StatCache): boolean {
  const before = look.news.flatMap(({ path }) => cache.seen.get(path) ?? []);
  if (before.length < look.news.length) return false;
  return areSameEntries(entriesOf(before, cache), entriesOf(look.news, look));
}

/** Whether the times of directories are those that the last look of this process wrote. */
function areDirectoriesAsBefore({ news, gone }: Look, { seen }: StatCache): boolean {
  const timeOf = (item: Present | undefined): bigint | undefined =>
    item?.oid === undefined ? item?.mtimeNs : undefined;
  return (
    seen.size > 0 &&
    news.every((item) => timeOf(item) === timeOf(seen.get(item.path))) &&
    gone.every((path) => timeOf(seen.get(path)) === undefined)
  );
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
  if (cache.index === undefined) return encodeEntries([...entriesOf(look.present, look), ...hidden]);
  return replaceEntries(cache.index, [...look.left, ...HIDDEN], [...entriesOf(look.news, look), ...hidden]);
}

function entriesOf(
  items: readonly Present[],
  { storedPaths }: Pick<Remembered, 'storedPaths'>,
): readonly IndexEntry[] {
  return items.flatMap((item) => {
    if (item.oid === undefined) return [];
    const path = storedPaths.get(item.path) ?? item.path;
    return [indexEntryOf(item, { path, oid: item.oid })];
  });
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
