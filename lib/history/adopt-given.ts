import type { Entry } from '../ports/objects.ts';
import type { FileSystem } from '../ports/world.ts';
import type { XattrTools } from '../ports/xattr-tools.ts';
import { rawPath, shownPath } from '../trees/raw-text.ts';
import { accessDirectory } from './directory-access.ts';
import { readOwners, xattrsIn, writeOwners } from './owners.ts';
import { canHaveXattrs, type Found, scanDirectory, TYPES } from './scan-directory.ts';

/** What a program under fakeroot believes of a file. */
export interface Given {
  /** The whole st_mode. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** By device and inode: `64768 1234`. */
export type GivenByInode = ReadonlyMap<string, Given>;

const TYPE = 0o170000;
const DEVICES: readonly number[] = [0o020000, 0o060000];

/** A directory, and where owners are kept that its disk does not show. */
export interface OwnedPlace {
  readonly dir: string;
  /** Relative paths that are left alone, in the program's own strings. */
  readonly exclude: readonly string[];
  /** The file that keeps owners. */
  readonly owners: string;
  readonly xattrs?: XattrTools;
  readonly mkfifo?: (path: Buffer, mode: number) => void;
}

/** What was told when the program had ended. */
export interface GivenBack {
  readonly byInode: GivenByInode;
  /** Extended attributes by path; undefined: it was not asked of any. */
  readonly xattrs: ReadonlyMap<string, string> | undefined;
}

/**
 * Makes a directory what a program under fakeroot took it for, as far as the record holds that: owners are kept beside it,
 * modes set, a fifo made where a file stands for one, and what stands for a device is removed and told.
 */
export function adoptGiven(fs: FileSystem, place: OwnedPlace, given: GivenBack): readonly string[] {
  const access = accessDirectory(fs, place.dir);
  const warnings: string[] = [];
  const owned: Entry[] = [];
  let refused = xattrsIn(readOwners(fs, place.owners));
  try {
    const { found } = scanDirectory(fs, access, { exclude: new Set(place.exclude.map(rawPath)) });
    for (const item of found) {
      const is = given.byInode.get(inodeOf(item));
      if (is === undefined) continue;
      if (item.kind === 'file' && (is.mode & TYPE) === TYPES.fifo && place.mkfifo !== undefined) {
        access.reach(item.path, (full) => makeFifo(fs, place, full));
        owned.push(adopted({ path: item.path, kind: 'fifo' }, is));
      } else if (DEVICES.includes(is.mode & TYPE)) {
        access.reach(item.path, (full) => fs.unlinkSync(full));
        warnings.push(`${shownPath(item.path)} is a device and is not recorded`);
      } else if ((is.mode & TYPE) === TYPES[item.kind])
        owned.push(adopted(item, isOwnMistake(item, is, given) ? { ...is, uid: 0, gid: 0 } : is));
    }
    if (given.xattrs !== undefined) refused = dressAs(place, found, given.xattrs);
    // Inner ones first: a closed directory hides what it holds.
    for (const { path, kind, mode } of owned.toReversed())
      if (kind !== 'symlink') access.reach(path, (full) => fs.chmodSync(full, mode));
  } finally {
    access.restore();
  }
  writeOwners(fs, place.owners, { entries: owned, refused });
  return warnings;
}

/** mknod under fakeroot, as of `cp -a`, makes a file that stands for the fifo. */
function makeFifo(fs: FileSystem, { mkfifo }: OwnedPlace, full: Buffer): void {
  fs.unlinkSync(full);
  mkfifo?.(full, 0o600);
}

/** fakeroot takes a file that it knows nothing of for root's, until it is given an attribute: then for its user's. */
function isOwnMistake({ path, uid, gid }: Found, is: Given, { xattrs }: GivenBack): boolean {
  return xattrs?.has(path) === true && is.uid === uid && is.gid === gid;
}

/** Gives what is there just the attributes that were told; answers what the disk refused. */
function dressAs(
  { dir, xattrs: tools }: OwnedPlace,
  found: readonly Found[],
  told: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const paths = found.filter(canHaveXattrs).map(({ path }) => path);
  const before = tools?.read(dir, paths);
  const others = paths.filter((path) => told.get(path) !== before?.words.get(path));
  const wanted = new Map(others.map((path) => [path, told.get(path) ?? '']));
  return others.length === 0 ? new Map() : (tools?.write(dir, wanted) ?? new Map());
}

/** The key of a file in what is given. */
export function inodeOf({ dev, ino }: { readonly dev: bigint | number; readonly ino: bigint }): string {
  return `${dev} ${ino}`;
}

function adopted({ path, kind }: Pick<Found, 'path' | 'kind'>, { mode, uid, gid }: Given): Entry {
  return { path, kind, mode: mode & 0o7777, ...(uid !== 0 && { uid }), ...(gid !== 0 && { gid }) };
}
