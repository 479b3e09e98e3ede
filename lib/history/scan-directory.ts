import type { BigIntStats } from 'node:fs';
import type { Entry } from '../ports/objects.ts';
import type { FileSystem } from '../ports/world.ts';
import type { ObjectId } from '../terms/ids.ts';
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
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  readonly ino: bigint;
  readonly dev: bigint;
  readonly nlink: bigint;
  readonly uid: bigint;
  readonly gid: bigint;
}

/** Something on disk with its content known. */
export interface Present extends Found {
  readonly oid?: ObjectId;
}

export interface Scan {
  readonly found: readonly Found[];
  /** Sockets and devices, and what no path reaches, which cannot be recorded. */
  readonly special: readonly string[];
  /** A sentence for each of them. */
  readonly warnings: readonly string[];
}

/**
 * Looks at everything below a directory, a directory before what it holds. Costs an lstat each.
 *
 * @param exclude raw relative paths that are passed over, with all below them
 */
export function scanDirectory(fs: FileSystem, access: DirectoryAccess, exclude: ReadonlySet<string>): Scan {
  const found: Found[] = [];
  const special: string[] = [];
  const warnings: string[] = [];
  const visit = (dir: string): void => {
    for (const name of access.list(dir)) {
      const path = inside(dir, name);
      if (exclude.has(path)) continue;
      const stat = lstatWithin(fs, access, path);
      if (stat === undefined) {
        special.push(path);
        warnings.push(`${shortened(shownPath(path))} is deeper than paths may be long and is not recorded`);
        continue;
      }
      const kind = kindOf(stat);
      if (kind === undefined) {
        special.push(path);
        warnings.push(`${shownPath(path)} is a ${specialName(stat)} and is not recorded`);
        continue;
      }
      found.push(foundOf(path, kind, stat));
      if (kind === 'dir') visit(path);
    }
  };
  visit('');
  return { found, special, warnings };
}

/** Undefined where the path is longer than the system takes one. */
function lstatWithin(fs: FileSystem, access: DirectoryAccess, path: string): BigIntStats | undefined {
  try {
    return access.reach(path, (full) => fs.lstatSync(full, { bigint: true }));
  } catch (error) {
    if (hasCode(error, 'ENAMETOOLONG')) return undefined;
    throw error;
  }
}

function shortened(path: string): string {
  return path.length <= 120 ? path : `${path.slice(0, 60)}…${path.slice(-40)}`;
}

/** What lstat tells, in our words. */
export function foundOf(path: string, kind: Entry['kind'], stat: BigIntStats): Found {
  const { size, mtimeNs, ctimeNs, ino, dev, nlink, uid, gid } = stat;
  const mode = kind === 'symlink' ? 0o777 : Number(stat.mode & 0o7777n);
  return { path, kind, mode, size, mtimeNs, ctimeNs, ino, dev, nlink, uid, gid };
}

function kindOf(stat: BigIntStats): Entry['kind'] | undefined {
  if (stat.isFile()) return 'file';
  if (stat.isDirectory()) return 'dir';
  if (stat.isSymbolicLink()) return 'symlink';
  return stat.isFIFO() ? 'fifo' : undefined;
}

function specialName(stat: BigIntStats): string {
  return stat.isSocket() ? 'socket' : 'device';
}
