import type { Entry, ObjectStore } from '../ports/objects.ts';
import type { FileSystem } from '../ports/world.ts';
import { byCodeUnit, type ObjectId, type TreeId } from '../terms/ids.ts';
import { rawPath } from '../trees/raw-text.ts';
import { escapedName, isAttributesName, storedName } from '../trees/stored-name.ts';
import { inside, isWithin, lastName, METADATA_DIR, parentOf } from '../trees/tree-metadata.ts';
import { writeEntries, type WrittenTree } from '../trees/write-entries.ts';
import { accessDirectory } from './directory-access.ts';
import { checkTop } from './link-file.ts';
import { type Owners, withOwner } from './owners.ts';
import { type Found, type Present, scanDirectory } from './scan-directory.ts';
import { asSeen, cachedContent, type StatCache } from './stat-cache.ts';
import { takeContent } from './take-content.ts';

/** A directory as it is, and the tree that says so. */
export interface Look extends WrittenTree {
  readonly tree: TreeId;
  readonly present: readonly Present[];
  readonly special: readonly string[];
  readonly warnings: readonly string[];
  /** Files that the cache did not prove and that were read. */
  readonly read: number;
}

export interface LookOptions {
  readonly fs: FileSystem;
  readonly dir: string;
  /** Takes what is new; {@link hashOnly} for a look that records nothing. */
  readonly objects: ObjectStore;
  readonly cache: StatCache;
  /** Relative paths left out, in the program's own strings. `.git` at the top always is. */
  readonly exclude: readonly string[];
  /** Where D is, relative. */
  readonly image: string;
  /** Owners that the disk does not show. */
  readonly owners: Owners;
}

/** Looks at a directory and writes its tree. Costs an lstat each, and reading what the cache does not prove. */
export function look(options: LookOptions): Look {
  const { fs, dir, objects } = options;
  checkTop(fs, dir);
  const access = accessDirectory(fs, dir);
  const exclude = new Set(['.git', ...options.exclude].map(rawPath));
  try {
    return objects.batch(() => {
      const { found, special, warnings } = scanDirectory(fs, access, exclude);
      const { present, read } = withContents(options, found, (item) =>
        takeContent(fs, { objects, access }, item),
      );
      const image = rawPath(options.image);
      const entries = entriesOf(present, image, options.owners);
      const written = writeEntries(objects, entries, { image, before: options.cache.directoryTrees });
      return { ...written, present, special, warnings, read };
    });
  } finally {
    access.restore();
  }
}

type Take = (found: Found) => { readonly oid: ObjectId; readonly found: Found };

function withContents(
  options: LookOptions,
  found: readonly Found[],
  take: Take,
): { readonly present: readonly Present[]; readonly read: number } {
  const { cache, objects } = options;
  const directories = new Map<string, string>([['', '']]);
  const storedDirectory = (path: string): string => {
    const stored = directories.get(path) ?? inside(storedDirectory(parentOf(path)), storedAs(path, 'dir'));
    directories.set(path, stored);
    return stored;
  };
  let read = 0;
  const present = found.map((item): Present => {
    const seen = asSeen(cache, item);
    if (seen !== undefined) return seen;
    if (item.kind === 'dir' || item.kind === 'fifo') return item;
    const name = lastName(item.path);
    const parent = storedDirectory(parentOf(item.path));
    const path = inside(parent, storedAs(item.path, item.kind));
    const escaped = isAttributesName(name) ? inside(parent, escapedName(name)) : path;
    const oid = cachedContent(cache, path, item) ?? cachedContent(cache, escaped, item);
    if (oid !== undefined && objects.has(oid)) return { ...item, oid };
    read++;
    const taken = take(item);
    return { ...taken.found, oid: taken.oid };
  });
  return { present, read };
}

function storedAs(path: string, kind: Found['kind']): string {
  const name = lastName(path);
  return path === METADATA_DIR ? escapedName(name) : storedName(name, kind);
}

/** Says in terms of trees what was found; names of one file are tied together. */
function entriesOf(present: readonly Present[], image: string, owners: Owners): readonly Entry[] {
  const leaders = leadersOf(present, image);
  return present.map(({ path, kind, mode, oid }): Entry => {
    const plain = oid === undefined ? { path, kind, mode } : { path, kind, mode, oid };
    const entry = owners.size === 0 ? plain : withOwner(plain, owners);
    const leader = leaders.get(path);
    return leader === undefined || leader === path ? entry : { ...entry, hardlinkTo: leader };
  });
}

/** By path the first name of the same file: one in the image if there is one, since the image must stand alone. */
function leadersOf(present: readonly Present[], image: string): ReadonlyMap<string, string> {
  const groups = new Map<string, string[]>();
  for (const { path, kind, nlink, dev, ino } of present) {
    if (kind === 'dir' || nlink < 2n) continue;
    const key = `${dev} ${ino}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [path]);
    else group.push(path);
  }
  const leaders = new Map<string, string>();
  for (const group of groups.values()) {
    const sorted = group.toSorted(byCodeUnit);
    const leader = sorted.find((path) => isWithin(image, path)) ?? sorted[0];
    if (leader !== undefined) for (const path of group) leaders.set(path, leader);
  }
  return leaders;
}
