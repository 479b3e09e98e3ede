import type { Entry, ObjectStore } from '../ports/objects.ts';
import type { FileSystem } from '../ports/world.ts';
import { byCodeUnit, type ObjectId, type TreeId } from '../terms/ids.ts';
import { rawPath } from '../trees/raw-text.ts';
import { escapedName, isAttributesName, storedName } from '../trees/stored-name.ts';
import { inside, isWithin, METADATA_DIR } from '../trees/tree-metadata.ts';
import { writeEntries, type WrittenTree } from '../trees/write-entries.ts';
import { accessDirectory } from './directory-access.ts';
import { checkTop } from './link-file.ts';
import { type Found, scanDirectory } from './scan-directory.ts';
import { cachedContent, type StatCache } from './stat-cache.ts';
import { takeContent } from './take-content.ts';

/** Something on disk with its content known. */
export interface Present extends Found {
  readonly oid?: ObjectId;
}

/** A directory as it is, and the tree that says so. */
export interface Look extends WrittenTree {
  readonly tree: TreeId;
  readonly present: readonly Present[];
  readonly entries: readonly Entry[];
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
      const entries = entriesOf(present, image);
      return { ...writeEntries(objects, entries, { image }), present, entries, special, warnings, read };
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
  const stored = new Map<string, string>([['', '']]);
  let read = 0;
  const present = found.map((item): Present => {
    const slash = item.path.lastIndexOf('/');
    const parent = stored.get(item.path.slice(0, Math.max(slash, 0))) ?? '';
    const name = item.path.slice(slash + 1);
    const path = inside(parent, item.path === METADATA_DIR ? escapedName(name) : storedName(name, item.kind));
    if (item.kind === 'dir') stored.set(item.path, path);
    if (item.kind === 'dir' || item.kind === 'fifo') return item;
    const escaped = isAttributesName(name) ? inside(parent, escapedName(name)) : path;
    const oid = cachedContent(cache, path, item) ?? cachedContent(cache, escaped, item);
    if (oid !== undefined && objects.has(oid)) return { ...item, oid };
    read++;
    const taken = take(item);
    return { ...taken.found, oid: taken.oid };
  });
  return { present, read };
}

/** Says in terms of trees what was found; names of one file are tied together. */
function entriesOf(present: readonly Present[], image: string): readonly Entry[] {
  const leaders = leadersOf(present, image);
  return present
    .map((item): Entry => {
      const leader = item.kind === 'dir' ? undefined : leaders.get(item.path);
      const { path, kind, mode, oid } = item;
      return {
        path,
        kind,
        mode,
        ...(oid && { oid }),
        ...(leader !== undefined && leader !== path && { hardlinkTo: leader }),
      };
    })
    .toSorted((a, b) => byCodeUnit(a.path, b.path));
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
