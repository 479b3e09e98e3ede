/** What was on disk at the last look, kept in a git index and, for directories, in a file beside it. */
import { dirname } from 'node:path';
import type { FileSystem } from '../ports/world.ts';
import type { ObjectId } from '../terms/ids.ts';
import { METADATA_DIR, type MetadataBlobs } from '../trees/tree-metadata.ts';
import { gitMode } from '../trees/git-mode.ts';
import { encodeGitIndex, parseGitIndex } from './git-index.ts';
import type { EncodedEntries } from './index-entries.ts';
import type { IndexEntry, IndexStat } from './index-entry.ts';
import { isAbsent, readIfThere, replaceFile } from './replace-file.ts';
import { type Found, type Glimpse, isAsFound, type Listings, type Present } from './scan-directory.ts';
import type { Standing } from './standing.ts';
import { formatTimes, nanosecondsOf, parseTimes, secondsOf, type Times, utimesArgument } from './times.ts';

/** Coarsest clock tick of a file system that has nanoseconds at all. */
const TICK = 20_000_000n;
/** For those that keep whole seconds (or two), and for indexes that git itself wrote. */
const COARSE = 2_000_000_000n;

export interface StatCache extends Remembered {
  /** By stored path. */
  readonly entries: ReadonlyMap<string, IndexEntry>;
  /** Times of directories. */
  readonly directories: Times;
  /** Whether varve wrote the index last, and not git. */
  readonly ours: boolean;
}

/** What a process knows of the last look that it took itself; `entries` and `directories` are not read then. */
export interface Remembered {
  /** What was seen, by path; the next look that renews it changes it in place. */
  readonly seen: Map<string, Present>;
  /** Of the directories in it: whose time is the same, nothing came into and nothing left. */
  readonly listings: Listings;
  /** Stored path by true path, of what has another. */
  readonly storedPaths: ReadonlyMap<string, string>;
  /** The tree that was written. */
  readonly standing: Standing | undefined;
  /** What the index holds; undefined: only the file says it. */
  readonly index: EncodedEntries | undefined;
  /** How many entries the index has. */
  readonly size: number;
  /** Which metadata of the tree the index holds. */
  readonly metadata: MetadataBlobs;
  /** Files touched at or after this moment may have changed again unseen. */
  readonly bound: bigint;
}

/** Where a cache is kept. */
export interface CachePaths {
  readonly index: string;
  readonly directories: string;
  /** Owners that the disk does not show. */
  readonly owners: string;
}

const EMPTY: Omit<StatCache, 'seen'> = {
  listings: new Map(),
  storedPaths: new Map(),
  standing: undefined,
  index: undefined,
  entries: new Map(),
  size: 0,
  metadata: {},
  directories: new Map(),
  bound: 0n,
  ours: false,
};

/** A cache that is read once, and again when another program wrote the index. */
export interface KeptStatCache {
  read(): StatCache;
  /** Reads it for a look that renews what is remembered: nothing is, until {@link keep} says what. */
  take(): StatCache;
  /** Remembers a look that the index on disk tells of. */
  keep(remembered: Remembered): void;
  /** The same, of an index that was only read for it: unless another program has written it since. */
  keepRead(remembered: Remembered): void;
}

/** Opens the cache. */
export function openStatCache(fs: FileSystem, paths: CachePaths): KeptStatCache {
  let kept: { readonly of: string; readonly cache: StatCache } | undefined;
  const standing = (): string | undefined => {
    const stat = fs.lstatSync(paths.index, { bigint: true, throwIfNoEntry: false });
    return stat && `${identity(stat)} ${stat.ctimeNs}`;
  };
  let readLast: string | undefined;
  const read = (): StatCache => {
    const of = standing();
    readLast = of;
    return of !== undefined && kept?.of === of ? kept.cache : readStatCache(fs, paths);
  };
  const keep = (remembered: Remembered, of = standing()): void => {
    kept = of === undefined ? undefined : { of, cache: { ...EMPTY, ...remembered, ours: true } };
  };
  return {
    read,
    take: () => {
      const cache = read();
      kept = undefined;
      return cache;
    },
    keep: (remembered) => keep(remembered),
    keepRead: (remembered) => keep(remembered, readLast),
  };
}

/** Reads the cache from disk; an empty one where it is missing or not understood. */
function readStatCache(fs: FileSystem, paths: CachePaths): StatCache {
  const stat = fs.lstatSync(paths.index, { bigint: true, throwIfNoEntry: false });
  const entries = stat === undefined ? undefined : parseGitIndex(fs.readFileSync(paths.index));
  if (stat === undefined || entries === undefined) return { ...EMPTY, seen: new Map() };
  const beside = readIfThere(fs, paths.directories) ?? '';
  const [first = '', ...lines] = beside.split('\n');
  const ours = first === identity(stat);
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  const hidden = (name: string): ObjectId | undefined => byPath.get(`${METADATA_DIR}/${name}`)?.oid;
  const [image, metadata] = [hidden('image'), hidden('metadata')];
  return {
    ...EMPTY,
    seen: new Map(),
    entries: byPath,
    size: byPath.size,
    metadata: { ...(image && { image }), ...(metadata && { metadata }) },
    directories: parseTimes(lines.join('\n')),
    // An index rewritten by git was not dated back to before the files were looked at.
    bound: ours ? stat.mtimeNs : stat.mtimeNs - COARSE,
    ours,
  };
}

/** The moment before which a file must have been touched last for its stat to prove its content. */
export function raceBound(fs: FileSystem, paths: CachePaths): bigint {
  // The file system's own clock: the one that dates the files. The file stays as long as it is: to make one, or to
  // cut one short, costs more than all else.
  const probe = `${paths.directories}.clock`;
  const fd = openProbe(fs, probe);
  try {
    fs.writeSync(fd, '.', 0);
    return fs.fstatSync(fd, { bigint: true }).mtimeNs - TICK;
  } finally {
    fs.closeSync(fd);
  }
}

function openProbe(fs: FileSystem, probe: string): number {
  try {
    return fs.openSync(probe, 'r+');
  } catch (error) {
    if (!isAbsent(error)) throw error;
    fs.mkdirSync(dirname(probe), { recursive: true });
    return fs.openSync(probe, 'w', 0o644);
  }
}

/** A cache that lies in the future was written before the clock was set back: the same times may come again. */
export function sinceSetBack(cache: StatCache, bound: bigint): StatCache {
  return bound < cache.bound ? { ...cache, bound: 0n } : cache;
}

/** Writes the cache; the index is dated to the bound, so that git's own check against races holds too. */
export function writeStatCache(
  fs: FileSystem,
  paths: CachePaths,
  cache: Pick<StatCache, 'directories' | 'bound'> & { readonly index: EncodedEntries },
): void {
  const temporary = `${paths.index}.varve`;
  fs.rmSync(temporary, { force: true });
  fs.writeFileSync(temporary, encodeGitIndex(cache.index));
  const date = utimesArgument(cache.bound);
  fs.utimesSync(temporary, date, date);
  fs.renameSync(temporary, paths.index);
  writeDirectoryTimes(fs, paths, cache.directories);
}

/** Dates a cache that varve wrote to another bound: what was read again since, and is the same, is proven by it too. */
export function dateStatCache(fs: FileSystem, paths: CachePaths, bound: bigint): void {
  const tied = readIfThere(fs, paths.directories) ?? '';
  const date = utimesArgument(bound);
  fs.utimesSync(paths.index, date, date);
  writeTied(fs, paths, tied.slice(tied.indexOf('\n') + 1));
}

/** Writes the times of directories, tied to the index as it is. */
export function writeDirectoryTimes(fs: FileSystem, paths: CachePaths, directories: Times): void {
  writeTied(fs, paths, formatTimes(directories));
}

function writeTied(fs: FileSystem, paths: CachePaths, directories: string): void {
  const text = `${identity(fs.lstatSync(paths.index, { bigint: true }))}\n${directories}`;
  if (readIfThere(fs, paths.directories) === text) return;
  replaceFile(fs, { path: paths.directories, temporary: `${paths.directories}.new` }, text);
}

function identity(stat: { readonly ino: bigint; readonly mtimeNs: bigint; readonly size: bigint }): string {
  return `index ${stat.ino} ${stat.mtimeNs} ${stat.size}`;
}

/** What was seen at this path at the last look, where it is proven to be the same still. */
export function asSeen(cache: StatCache, path: string, glimpse: Glimpse): Present | undefined {
  const seen = cache.seen.get(path);
  return seen !== undefined && isAsFound(seen, glimpse) && isPast(cache, seen) ? seen : undefined;
}

/** The content that the cache proves a file to have; undefined where it must be read. */
export function cachedContent(cache: StatCache, storedPath: string, found: Found): ObjectId | undefined {
  const entry = cache.entries.get(storedPath);
  if (entry === undefined || entry.mode !== gitMode(found) || !sameStat(entry, found)) return undefined;
  return isPast(cache, found) ? entry.oid : undefined;
}

/** Changed again within the same tick of the clock, a file could look as it did. */
export function isPast({ bound }: StatCache, { ctimeNs, mtimeNs }: Found): boolean {
  const last = ctimeNs > mtimeNs ? ctimeNs : mtimeNs;
  return last + COARSE < bound || (last < bound && nanosecondsOf(ctimeNs) !== 0n);
}

/** The same for many things: mostly what a glimpse tells of the times is enough to see it. */
export function whenPast(cache: StatCache): (seen: Found) => boolean {
  // A millisecond more than all that a glimpse leaves out.
  const longPast = Number((cache.bound - COARSE) / 1_000_000n) - 1;
  return (seen) => (seen.mtimeMs < longPast && seen.ctimeMs < longPast) || isPast(cache, seen);
}

/** Whether the time that something has is the one it had at the last look. */
export function isTimeKnown(cache: StatCache, storedPath: string, item: Present): boolean {
  const seen = cache.seen.get(item.path);
  if (seen !== undefined) return seen.mtimeNs === item.mtimeNs;
  if (item.kind === 'dir' || item.kind === 'fifo') return cache.directories.get(item.path) === item.mtimeNs;
  return sameTime(cache.entries.get(storedPath), item);
}

function sameTime(entry: IndexStat | undefined, found: Found): boolean {
  return (
    entry !== undefined &&
    entry.mtimeSeconds === low32(secondsOf(found.mtimeNs)) &&
    entry.mtimeNanoseconds === Number(nanosecondsOf(found.mtimeNs))
  );
}

function sameStat(entry: IndexEntry, found: Found): boolean {
  return (
    sameTime(entry, found) &&
    entry.ctimeSeconds === low32(secondsOf(found.ctimeNs)) &&
    entry.ctimeNanoseconds === Number(nanosecondsOf(found.ctimeNs)) &&
    entry.ino === low32(found.ino) &&
    entry.size === low32(found.size)
  );
}

/** The index entry of a file as it was found. */
export function indexEntryOf(
  found: Found,
  stored: { readonly path: string; readonly oid: ObjectId },
): IndexEntry {
  return {
    path: stored.path,
    oid: stored.oid,
    mode: gitMode(found),
    skipWorktree: stored.path !== found.path,
    ctimeSeconds: low32(secondsOf(found.ctimeNs)),
    ctimeNanoseconds: Number(nanosecondsOf(found.ctimeNs)),
    mtimeSeconds: low32(secondsOf(found.mtimeNs)),
    mtimeNanoseconds: Number(nanosecondsOf(found.mtimeNs)),
    dev: low32(found.dev),
    ino: low32(found.ino),
    uid: low32(found.uid),
    gid: low32(found.gid),
    size: low32(found.size),
  };
}

/** The index entry of what is in the tree only. */
export function hiddenEntry(
  path: string,
  content: { readonly oid: ObjectId; readonly mode: number },
): IndexEntry {
  const never = { ctimeSeconds: 0, ctimeNanoseconds: 0, mtimeSeconds: 0, mtimeNanoseconds: 0 };
  const nowhere = { dev: 0, ino: 0, uid: 0, gid: 0, size: 0 };
  return { path, ...content, skipWorktree: true, ...never, ...nowhere };
}

function low32(value: bigint | number): number {
  return typeof value === 'number' ? value >>> 0 : Number(BigInt.asUintN(32, value));
}
