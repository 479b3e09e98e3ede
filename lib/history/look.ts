import type { ObjectStore } from '../ports/objects.ts';
import type { FileSystem } from '../ports/world.ts';
import type { XattrTools } from '../ports/xattr-tools.ts';
import type { ObjectId } from '../terms/ids.ts';
import { rawPath } from '../trees/raw-text.ts';
import type { WrittenTree } from '../trees/standing-tree.ts';
import { escapedName, isAttributesName, storedName } from '../trees/stored-name.ts';
import { inside, lastName, METADATA_DIR, parentOf } from '../trees/tree-metadata.ts';
import { accessDirectory } from './directory-access.ts';
import { glance } from './glance.ts';
import { checkTop } from './link-file.ts';
import type { Owners } from './owners.ts';
import {
  type Found,
  type Known,
  type Listings,
  type Present,
  presentOf,
  scanDirectory,
  type Unrecordable,
} from './scan-directory.ts';
import { dressed } from './seen-xattrs.ts';
import { type Standing, standingTree } from './standing.ts';
import { asSeen, cachedContent, type StatCache } from './stat-cache.ts';
import { takeContent } from './take-content.ts';

/** A directory as it is, and the tree that says so. */
export interface Look extends WrittenTree {
  readonly present: readonly Present[];
  readonly listings: Listings;
  /** What is not proven to be as it was at the last look: all, where that is not known. */
  readonly news: readonly Present[];
  /** What was there at the last look and is not. */
  readonly gone: readonly string[];
  /** The stored paths, at the last look, of what is gone or news. */
  readonly left: readonly string[];
  /** For the next look, where this one renews what is kept. */
  readonly standing: Standing | undefined;
  readonly special: readonly Unrecordable[];
  /** What of it is not recorded beside `special`. */
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
  /** Whether the tree that the cache keeps is brought up to this look; otherwise it stays as it is. */
  readonly renews: boolean;
  /** Relative paths left out, in the program's own strings. `.git` at the top always is. */
  readonly exclude: readonly string[];
  /** Where D is, relative. */
  readonly image: string;
  /** Owners, and extended attributes, that the disk does not show. */
  readonly owners: Owners;
  /** Where absent, extended attributes are not looked for. */
  readonly xattrs?: XattrTools;
}

/** Looks at a directory and writes its tree. Costs an lstat each, and reading what the cache does not prove. */
export function look(options: LookOptions): Look {
  const { fs, dir, objects, cache } = options;
  checkTop(fs, dir);
  const access = accessDirectory(fs, dir);
  const exclude = new Set(['.git', ...options.exclude].map(rawPath));
  try {
    return objects.batch(() => {
      const known = cache.seen.size > 0 && { known: knownSince(options) };
      const scan = scanDirectory(fs, access, { exclude, ...known });
      const { listings, special } = scan;
      const newcomers = dressed({ ...options, access }, scan.news);
      const { news, read } = withContents(options, newcomers.found, (item) =>
        takeContent(fs, { objects, access }, item),
      );
      const present = withNews(scan.found, news);
      const gone = goneSince(cache, { present, news });
      const left = [...gone, ...news.flatMap(({ path }) => (cache.seen.has(path) ? [path] : []))].map(
        (path) => cache.storedPaths.get(path) ?? path,
      );
      const { warnings } = newcomers;
      const sight = { present, news, read, listings, gone, left, special, warnings };
      const { renews, owners } = options;
      const { seen, standing } = cache;
      const image = rawPath(options.image);
      return { ...sight, ...standingTree({ objects, renews, owners, seen, standing, image }, sight) };
    });
  } finally {
    access.restore();
  }
}

function knownSince({ fs, dir, cache }: LookOptions): Known {
  const others = glance(fs, dir, cache);
  return {
    still: (path) => (others.has(path) ? undefined : cache.seen.get(path)),
    asSeen: (path, glimpse) => asSeen(cache, path, glimpse),
    listings: cache.listings,
  };
}

type Take = (found: Found) => { readonly oid: ObjectId; readonly found: Found };

function withContents(
  options: LookOptions,
  found: readonly Found[],
  take: Take,
): Pick<Look, 'news' | 'read'> {
  const { cache, objects } = options;
  const directories = new Map<string, string>([['', '']]);
  const storedDirectory = (path: string): string => {
    const stored = directories.get(path) ?? inside(storedDirectory(parentOf(path)), storedAs(path, 'dir'));
    directories.set(path, stored);
    return stored;
  };
  let read = 0;
  const withContent = (item: Found): Present => {
    if (item.kind === 'dir' || item.kind === 'fifo') return item;
    const { xattrs } = item;
    const name = lastName(item.path);
    const parent = storedDirectory(parentOf(item.path));
    const path = inside(parent, storedAs(item.path, item.kind));
    const escaped = isAttributesName(name) ? inside(parent, escapedName(name)) : path;
    const oid = cachedContent(cache, path, item) ?? cachedContent(cache, escaped, item);
    if (oid !== undefined && objects.has(oid)) return presentOf(item, { oid, xattrs });
    read++;
    const taken = take(item);
    return presentOf(taken.found, { oid: taken.oid, xattrs });
  };
  const news = found.map(withContent);
  return { news, read };
}

function withNews(found: readonly Present[], news: readonly Present[]): readonly Present[] {
  if (news.length === found.length) return news;
  const newsByPath = new Map(news.map((item) => [item.path, item]));
  return found.map((item) => newsByPath.get(item.path) ?? item);
}

function goneSince(
  { seen }: StatCache,
  { present, news }: Pick<Look, 'present' | 'news'>,
): readonly string[] {
  const stayed = present.length - news.filter(({ path }) => !seen.has(path)).length;
  if (stayed === seen.size) return [];
  const here = new Set(present.map(({ path }) => path));
  return [...seen.keys()].filter((path) => !here.has(path));
}

function storedAs(path: string, kind: Found['kind']): string {
  const name = lastName(path);
  return path === METADATA_DIR ? escapedName(name) : storedName(name, kind);
}
