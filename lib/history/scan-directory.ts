import type { BigIntStats, Stats } from 'node:fs';
import type { Entry } from '../ports/objects.ts';
import type { FileSystem } from '../ports/world.ts';
import { byCodeUnit, type ObjectId } from '../terms/ids.ts';
import { inside } from '../trees/tree-metadata.ts';
import { shownPath } from '../trees/raw-text.ts';
import type { DirectoryAccess } from './directory-access.ts';
import { hasCode } from './replace-file.ts';

/** One thing found on disk, as lstat tells of it. */
export interface Found {
  /** Raw, relative to the scanned directory. */
  readonly path: string;
  readonly kind: Entry['kind'];
  readonly mode: number;
  readonly size: number;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  /** As a plain lstat tells the times: exact to a quarter of a microsecond. */
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly ino: bigint;
  readonly dev: number;
  readonly nlink: number;
  readonly uid: number;
  readonly gid: number;
  /** Extended attributes, as `formatXattrs` writes them; lstat does not tell of them. */
  readonly xattrs?: string;
}

/**
 * What a plain lstat tells, which costs half. Its times are exact enough to see that a file was touched, since nothing is
 * touched twice in so short a while.
 */
export type Glimpse = Readonly<
  Pick<Stats, 'mode' | 'size' | 'mtimeMs' | 'ctimeMs' | 'ino' | 'dev' | 'nlink' | 'uid' | 'gid'>
>;

const IS: Readonly<Record<Unrecordable['kind'], string>> = {
  socket: 'a socket',
  device: 'a device',
  'too-deep': 'deeper than paths may be long',
};

/** Something on disk with its content known. */
export interface Present extends Found {
  readonly oid?: ObjectId;
}

/** By directory the paths of what was in it when it was last listed. */
export type Listings = ReadonlyMap<string, readonly string[]>;

export interface Scan {
  readonly found: readonly Found[];
  /** What of it was not known. */
  readonly news: readonly Found[];
  readonly listings: Listings;
  readonly special: readonly Unrecordable[];
}

/** A socket or device, or what no path reaches: no tree can hold it. */
export interface Unrecordable {
  readonly path: string;
  readonly kind: 'socket' | 'device' | 'too-deep';
}

/** The warning that the record leaves it out. */
export function leftOut({ path, kind }: Unrecordable): string {
  return `${shortened(shownPath(path))} is ${IS[kind]} and is not recorded`;
}

/** Warnings of what goes, a sentence each: nobody can bring it back. Of a tree too deep the upper part is in the record. */
export function removed(special: readonly Unrecordable[]): readonly string[] {
  return special
    .filter(({ kind }) => kind !== 'too-deep')
    .map(
      ({ path, kind }) => `${shownPath(path)} is removed: it was ${IS[kind]}, which the record cannot hold`,
    );
}

/** What is known already. */
export interface Known {
  /** What is known of a path that was found to be the same still. */
  readonly still: (path: string) => Found | undefined;
  /** What is known of another, where a glimpse shows that it is the same after all. */
  readonly asSeen: (path: string, glimpse: Glimpse) => Found | undefined;
  /** They hold for directories that are the same still. */
  readonly listings: Listings;
}

export interface ScanOptions {
  /** Raw relative paths that are passed over, with all below them. */
  readonly exclude: ReadonlySet<string>;
  readonly known?: Known;
}

/** Looks at everything below a directory, in order, a directory before what it holds. Costs an lstat of all that is not known. */
export function scanDirectory(
  fs: FileSystem,
  access: DirectoryAccess,
  { exclude, known }: ScanOptions,
): Scan {
  const found: Found[] = [];
  const news: Found[] = [];
  const listings = new Map<string, readonly string[]>();
  const special: Unrecordable[] = [];
  const list = (dir: string): readonly string[] =>
    access
      .list(dir)
      .toSorted(byCodeUnit)
      .map((name) => inside(dir, name));
  const glimpsed = (path: string, asSeen: Known['asSeen']): Found | undefined => {
    const glimpse = within(access, path, (full) => fs.lstatSync(full));
    return glimpse && asSeen(path, glimpse);
  };
  const visit = (dir: string, paths = list(dir)): void => {
    listings.set(dir, paths);
    for (const path of paths) {
      if (exclude.has(path)) continue;
      const same = known && (known.still(path) ?? glimpsed(path, known.asSeen));
      if (same !== undefined) {
        found.push(same);
        if (same.kind === 'dir') visit(path, known?.listings.get(path));
        continue;
      }
      const stat = within(access, path, (full) => fs.lstatSync(full, { bigint: true }));
      if (stat === undefined) {
        special.push({ path, kind: 'too-deep' });
        continue;
      }
      const kind = kindOf(stat);
      if (kind === undefined) {
        special.push({ path, kind: stat.isSocket() ? 'socket' : 'device' });
        continue;
      }
      const item = foundOf(path, kind, stat);
      found.push(item);
      news.push(item);
      if (kind === 'dir') visit(path);
    }
  };
  visit('');
  return { found, news, listings, special };
}

/** Undefined where the path is longer than the system takes one. */
function within<T>(access: DirectoryAccess, path: string, lstat: (full: Buffer) => T): T | undefined {
  try {
    return access.reach(path, lstat);
  } catch (error) {
    if (hasCode(error, 'ENAMETOOLONG')) return undefined;
    throw error;
  }
}

function shortened(path: string): string {
  return path.length <= 120 ? path : `${path.slice(0, 60)}…${path.slice(-40)}`;
}

/** Whether extended attributes of it are recorded. */
export function canHaveXattrs({ kind }: Found): boolean {
  return kind === 'file' || kind === 'dir';
}

/** What lstat tells, in our words. */
export function foundOf(path: string, kind: Entry['kind'], stat: BigIntStats): Found {
  const { mtimeNs, ctimeNs, ino } = stat;
  return {
    path,
    kind,
    mode: kind === 'symlink' ? 0o777 : Number(stat.mode & 0o7777n),
    size: Number(stat.size),
    mtimeNs,
    ctimeNs,
    mtimeMs: milliseconds(mtimeNs),
    ctimeMs: milliseconds(ctimeNs),
    ino,
    dev: Number(stat.dev),
    nlink: Number(stat.nlink),
    uid: Number(stat.uid),
    gid: Number(stat.gid),
  };
}

/**
 * What was found, with what lstat does not tell of it. Member by member: V8 gives each copy that is made by spreading a shape
 * of its own, and all that reads one of thousands is slow then.
 */
export function presentOf(found: Found, { oid, xattrs }: Told): Present {
  const { path, kind, mode, size, mtimeNs, ctimeNs, mtimeMs, ctimeMs, ino, dev, nlink, uid, gid } = found;
  const plain = { path, kind, mode, size, mtimeNs, ctimeNs, mtimeMs, ctimeMs, ino, dev, nlink, uid, gid };
  const present: { -readonly [Key in keyof Present]: Present[Key] } = plain;
  if (oid !== undefined) present.oid = oid;
  if (xattrs !== undefined) present.xattrs = xattrs;
  return present;
}

interface Told {
  readonly oid: ObjectId | undefined;
  readonly xattrs: string | undefined;
}

/** Rounded as Node rounds them; another way would only mean that nothing is taken for known. */
function milliseconds(ns: bigint): number {
  return Number(ns / 1_000_000_000n) * 1e3 + Number(ns % 1_000_000_000n) / 1e6;
}

/** The type bits of st_mode. */
export const TYPES: Readonly<Record<Entry['kind'], number>> = {
  file: 0o100000,
  dir: 0o040000,
  symlink: 0o120000,
  fifo: 0o010000,
};

/** Whether a glimpse shows the state in which something was found. */
export function isAsFound(found: Found, now: Glimpse): boolean {
  return (
    found.mtimeMs === now.mtimeMs &&
    found.ctimeMs === now.ctimeMs &&
    found.size === now.size &&
    (TYPES[found.kind] | found.mode) === now.mode &&
    Number(found.ino) === now.ino &&
    found.nlink === now.nlink &&
    found.dev === now.dev &&
    found.uid === now.uid &&
    found.gid === now.gid
  );
}

function kindOf(stat: BigIntStats): Entry['kind'] | undefined {
  if (stat.isFile()) return 'file';
  if (stat.isDirectory()) return 'dir';
  if (stat.isSymbolicLink()) return 'symlink';
  return stat.isFIFO() ? 'fifo' : undefined;
}
