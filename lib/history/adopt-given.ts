import type { Entry } from '../ports/objects.ts';
import type { FileSystem } from '../ports/world.ts';
import { rawPath, shownPath } from '../trees/raw-text.ts';
import { accessDirectory } from './directory-access.ts';
import { writeOwners } from './owners.ts';
import { type Found, scanDirectory } from './scan-directory.ts';

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
export const TYPES: Readonly<Record<Entry['kind'], number>> = {
  file: 0o100000,
  dir: 0o040000,
  symlink: 0o120000,
  fifo: 0o010000,
};
const DEVICES: readonly number[] = [0o020000, 0o060000];

/** A directory, and where owners are kept that its disk does not show. */
export interface OwnedPlace {
  readonly dir: string;
  /** Relative paths that are left alone, in the program's own strings. */
  readonly exclude: readonly string[];
  /** The file that keeps owners. */
  readonly owners: string;
}

/**
 * Makes a directory what a program under fakeroot took it for, as far as the record holds that: owners are kept beside it,
 * modes set, and what stands for a device is removed and told.
 */
export function adoptGiven(fs: FileSystem, place: OwnedPlace, given: GivenByInode): readonly string[] {
  const access = accessDirectory(fs, place.dir);
  const warnings: string[] = [];
  const owned: Entry[] = [];
  try {
    const { found } = scanDirectory(fs, access, { exclude: new Set(place.exclude.map(rawPath)) });
    for (const item of found) {
      const is = given.get(inodeOf(item));
      if (is === undefined) continue;
      if (DEVICES.includes(is.mode & TYPE)) {
        access.reach(item.path, (full) => fs.unlinkSync(full));
        warnings.push(`${shownPath(item.path)} is a device and is not recorded`);
      } else if ((is.mode & TYPE) === TYPES[item.kind]) owned.push(adopted(item, is));
    }
    // Inner ones first: a closed directory hides what it holds.
    for (const { path, kind, mode } of owned.toReversed())
      if (kind !== 'symlink') access.reach(path, (full) => fs.chmodSync(full, mode));
  } finally {
    access.restore();
  }
  writeOwners(fs, place.owners, owned);
  return warnings;
}

/** The key of a file in what is given. */
export function inodeOf({ dev, ino }: Pick<Found, 'dev' | 'ino'>): string {
  return `${dev} ${ino}`;
}

function adopted({ path, kind }: Found, { mode, uid, gid }: Given): Entry {
  return { path, kind, mode: mode & 0o7777, ...(uid !== 0 && { uid }), ...(gid !== 0 && { gid }) };
}
