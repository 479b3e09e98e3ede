/** Extended attributes of what is in a directory: asked of the disk only where they may have changed since the last look. */
import type { Entry, ObjectStore } from '../ports/objects.ts';
import type { XattrsThere, XattrTools } from '../ports/xattr-tools.ts';
import { andMore } from '../terms/and-more.ts';
import { shownPath } from '../trees/raw-text.ts';
import { metadataIn } from '../trees/tree-metadata.ts';
import { formatXattrs, parseXattrs } from '../trees/xattrs.ts';
import type { DirectoryAccess } from './directory-access.ts';
import { type Owners, xattrsIn } from './owners.ts';
import { canHaveXattrs, type Found } from './scan-directory.ts';
import { isPast, type StatCache } from './stat-cache.ts';

type ByPath = ReadonlyMap<string, string>;

export interface Wardrobe {
  readonly dir: string;
  readonly access: DirectoryAccess;
  readonly objects: ObjectStore;
  readonly cache: StatCache;
  readonly owners: Owners;
  readonly xattrs?: XattrTools;
}

export interface Dressed {
  readonly found: readonly Found[];
  readonly warnings: readonly string[];
}

/**
 * Says of what this process has not seen as it is which attributes it has. A change of any dates ctime: what is older than
 * the last look has those of the last tree; of the rest, one program is asked.
 */
export function dressed(wardrobe: Wardrobe, found: readonly Found[]): Dressed {
  const { cache, owners } = wardrobe;
  if (found.length === 0) return { found, warnings: [] };
  const known = knownXattrs(wardrobe);
  const asked = known === undefined ? found : found.filter((item) => !isPast(cache, item));
  const { words: told, acls } = readXattrs(wardrobe, asked);
  const warnings = aboutAcls(acls);
  const refused = xattrsIn(owners);
  if (told.size === 0 && refused.size === 0 && (known?.size ?? 0) === 0) return { found, warnings };
  const isAsked = new Set(asked);
  const withXattrs = found.map((item) => {
    const seen = isAsked.has(item) ? told.get(item.path) : known?.get(item.path);
    const xattrs = joined(seen, refused.get(item.path));
    return xattrs === undefined || !canHaveXattrs(item) ? item : { ...item, xattrs };
  });
  return { found: withXattrs, warnings };
}

function aboutAcls([first, ...others]: readonly string[]): readonly string[] {
  if (first === undefined) return [];
  return [
    `${shownPath(first)} has an access control list, which is not recorded: its group gets what the list's mask allows${andMore(others.length)}`,
  ];
}

/** Reads those of files and directories; nothing else has any that are recorded. */
export function readXattrs(
  { dir, access, xattrs }: Pick<Wardrobe, 'dir' | 'access' | 'xattrs'>,
  found: readonly Found[],
): XattrsThere {
  const asked = found.filter(canHaveXattrs);
  if (xattrs === undefined || asked.length === 0) return { words: new Map(), acls: [] };
  const closed = asked.filter(({ kind, mode }) => kind === 'file' && (mode & 0o400) === 0);
  return access.whileOpen(
    closed.map(({ path }) => path),
    () =>
      xattrs.read(
        dir,
        asked.map(({ path }) => path),
      ),
  );
}

/** What was refused before and stays as it is. */
export function refusedStill(
  { entries, refused }: { readonly entries: readonly Entry[]; readonly refused?: ByPath },
  dressed: readonly Entry[],
): [string, string][] {
  if (refused === undefined || refused.size === 0) return [];
  const others = new Set(dressed.map(({ path }) => path));
  const paths = entries.flatMap(({ path, xattrs }) =>
    xattrs === undefined || others.has(path) ? [] : [path],
  );
  return paths.flatMap((path) => {
    const words = refused.get(path);
    return words === undefined ? [] : [[path, words]];
  });
}

/** Those of the tree that the index tells of; undefined where another program wrote the index, or none. */
function knownXattrs({ objects, cache }: Wardrobe): ByPath | undefined {
  const blobs = Object.values(cache.metadata);
  if (!cache.ours || !blobs.every((oid) => objects.has(oid))) return undefined;
  if (blobs.length === 0) return new Map();
  return xattrsIn(metadataIn(objects, cache.metadata).facts);
}

/** Attributes of both, those of the disk where both have one. */
function joined(disk: string | undefined, refused: string | undefined): string | undefined {
  if (disk === undefined || refused === undefined) return disk ?? refused;
  return formatXattrs(new Map([...parseXattrs(refused), ...parseXattrs(disk)]));
}
