import { createHash } from 'node:crypto';
import type { BlobContent, ObjectStore } from '../ports/objects.ts';
import { byCodeUnit, type ObjectId, type TreeId } from '../terms/ids.ts';
import { listEntries } from '../trees/list-entries.ts';
import { below, DEFAULT_IMAGE } from '../trees/tree-metadata.ts';
import { type Clash, clashError } from './clash-error.ts';
import { stagingRule } from './staging-rule.ts';

/** One artifact that goes into a sysroot. */
export interface SysrootPart {
  readonly recipe: string;
  /** Where the tree's objects are. */
  readonly objects: ObjectStore;
  /** The artifact's tree. */
  readonly tree: TreeId;
  /** Its SYSROOT_DIRS, as on the target (`/usr/lib`): only what is at or below these. Absent: everything. */
  readonly dirs?: readonly string[];
  /**
   * The time that its files get, in seconds (SOURCE_DATE_EPOCH): older than what was ever compiled against
   * them, so that make finds nothing to do where a sysroot was made anew. Absent: the time of writing.
   */
  readonly time?: number;
}

/** What stands at one path of a sysroot. */
export interface Staged {
  /** Whose it is, in code-unit order; several where their content is the same, and for directories. */
  readonly recipes: readonly string[];
  readonly kind: 'file' | 'dir' | 'symlink';
  /** Permission bits. A directory's are those of all recipes together, and its owner may always write. */
  readonly mode: number;
  /** The file's content, or the link's target. */
  readonly oid?: ObjectId;
  /** Extended attributes, as `formatXattrs` writes them. */
  readonly xattrs?: string;
}

/** A sysroot as it is to be, before a single file is written. */
export interface Composition {
  /** Changes exactly when a part changes. */
  readonly id: string;
  /** By raw path, sorted by bytes; with every path all directories above it. */
  readonly entries: ReadonlyMap<string, Staged>;
  /** Opens the content of a file, or a link's target. */
  content(staged: Staged): BlobContent;
  /** The time that a file gets; undefined: that of writing. */
  time(staged: Staged): number | undefined;
}

/** Computes a composition's id without looking into any tree. */
export function compositionId(parts: readonly SysrootPart[]): string {
  const known = ids.get(parts);
  if (known !== undefined) return known;
  const hash = createHash('sha256');
  for (const { recipe, tree, dirs, time } of inOrder(parts)) {
    hash.update(`${JSON.stringify([recipe, tree, dirs ?? null, time ?? null])}\n`);
  }
  const id = hash.digest('hex');
  ids.set(parts, id);
  return id;
}

/** All tasks of a recipe ask for the same one. */
const ids = new WeakMap<readonly SysrootPart[], string>();

/**
 * Lays artifacts over one another. Left out are `.la` files, which hold paths of the build, and fifos.
 * Directories merge and equal files are one; any other meeting at a path is an error that names both
 * recipes. So no path ever leads through another artifact's link.
 *
 * @param recipe whose sysroot it is, for the error
 */
export function composeSysroot(parts: readonly SysrootPart[], recipe?: string): Composition {
  const sorted = inOrder(parts);
  const entries = new Map<string, Staged>();
  const clashes: Clash[] = [];
  for (const part of sorted) {
    for (const [path, staged] of stagedBy(part)) {
      const standing = entries.get(path);
      const merged = standing === undefined ? staged : merge(standing, staged);
      if (merged !== undefined) entries.set(path, merged);
      else if (standing !== undefined) clashes.push({ path, standing, other: staged });
    }
  }
  if (clashes.length > 0) throw clashError(clashes, recipe);
  const byRecipe = new Map(sorted.map((part) => [part.recipe, part]));
  const partOf = (staged: Staged): SysrootPart | undefined => byRecipe.get(staged.recipes[0] ?? '');
  return {
    id: compositionId(parts),
    entries: new Map([...entries].sort(([a], [b]) => byCodeUnit(a, b))),
    content: (staged) => contentOf(partOf(staged), staged),
    time: (staged) => partOf(staged)?.time,
  };
}

function inOrder(parts: readonly SysrootPart[]): readonly SysrootPart[] {
  return [...parts].sort((a, b) => byCodeUnit(a.recipe, b.recipe));
}

/** What of one artifact goes into the sysroot. */
function stagedBy(part: SysrootPart): ReadonlyMap<string, Staged> {
  const staged = new Map<string, Staged>();
  const isWanted = stagingRule(part.dirs);
  for (const entry of listEntries(part.objects, part.tree, { under: DEFAULT_IMAGE })) {
    const path = below(DEFAULT_IMAGE, entry.path);
    if (path === '' || entry.kind === 'fifo' || !isWanted(path, entry.kind)) continue;
    const mode = entry.kind === 'dir' ? entry.mode | 0o700 : entry.mode;
    const { kind, oid, xattrs } = entry;
    const common = { recipes: [part.recipe], kind, mode, ...(xattrs !== undefined && { xattrs }) };
    staged.set(path, oid === undefined ? common : { ...common, oid });
  }
  return staged;
}

/** The two as one; undefined where they clash. */
function merge(one: Staged, other: Staged): Staged | undefined {
  const recipes = [...new Set([...one.recipes, ...other.recipes])];
  if (one.kind === 'dir' && other.kind === 'dir')
    return { ...other, ...one, recipes, mode: one.mode | other.mode };
  const same =
    one.kind === other.kind &&
    one.oid === other.oid &&
    one.mode === other.mode &&
    one.xattrs === other.xattrs;
  return same ? { ...one, recipes } : undefined;
}

function contentOf(part: SysrootPart | undefined, { oid }: Staged): BlobContent {
  if (part === undefined || oid === undefined) throw new Error('a directory has no content');
  return part.objects.openBlob(oid);
}
