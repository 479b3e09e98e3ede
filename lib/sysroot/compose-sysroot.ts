import { createHash } from 'node:crypto';
import type { BlobContent, ObjectStore } from '../ports/objects.ts';
import { byCodeUnit, type ObjectId, type TreeId } from '../terms/ids.ts';
import { listEntries } from '../trees/list-entries.ts';
import { rawPath } from '../trees/raw-text.ts';
import { below, DEFAULT_IMAGE, inside } from '../trees/tree-metadata.ts';
import { type Clash, clashError, type Target } from './clash-error.ts';
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
  /** It is put below this directory, whole; absent: at the top, and what has no use in a sysroot is left out. */
  readonly at?: string;
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
  /** Of a directory: not all of its recipes say the same of it. */
  readonly mixed?: true;
}

/** One that goes into a directory where others keep files too, with what is needed to find it again. */
export interface SharedPart extends SysrootPart {
  readonly packageArch: string;
  /** The task whose artifact it is. */
  readonly task: string;
  readonly at: string;
}

/** Parts laid over one another. */
export interface Composing {
  /** Changes exactly when a part changes. */
  readonly id: string;
  /** Says of each part what it is. */
  readonly partWords: readonly PartWord[];
  /** Opens the content of a file, or a link's target. */
  content(path: string, staged: Staged): BlobContent;
  /** The time that a file gets; undefined: that of writing. */
  time(path: string, staged: Staged): number | undefined;
}

/** A sysroot as it is to be, before a single file is written. */
export interface Composition extends Composing {
  /** By raw path, sorted by bytes; with every path all directories above it. */
  readonly entries: ReadonlyMap<string, Staged>;
}

/** A recipe, and all that tells its part from another. */
export type PartWord = readonly [recipe: string, word: string];

/** Computes a composition's id without looking into any tree. */
export function compositionId(parts: readonly SysrootPart[]): string {
  const known = ids.get(parts);
  if (known !== undefined) return known;
  const id = createHash('sha256')
    .update(JSON.stringify(wordsOf(parts)))
    .digest('hex');
  ids.set(parts, id);
  return id;
}

/** All tasks of a recipe ask for the same one. */
const ids = new WeakMap<readonly SysrootPart[], string>();

function wordsOf(parts: readonly SysrootPart[]): readonly PartWord[] {
  return inOrder(parts).map(({ recipe, tree, dirs, at, time }) => {
    return [recipe, JSON.stringify([tree, dirs ?? null, at ?? null, time ?? null])];
  });
}

/**
 * Lays artifacts over one another. Left out are fifos and, in sysroots, `.la` files, which hold paths of the build.
 * Directories merge and equal files are one; any other meeting at a path is an error that names both
 * recipes. So no path ever leads through another artifact's link.
 *
 * @param target what is made of them, for the error
 */
export function composeSysroot(parts: readonly SysrootPart[], target?: Target): Composition {
  const sorted = inOrder(parts);
  const entries = new Map<string, Staged>();
  // A recipe may have several parts, each in a history of its own.
  const partAt = new Map<string, SysrootPart>();
  const clashes: Clash[] = [];
  for (const part of sorted) {
    for (const [path, staged] of stagedBy(part)) {
      const standing = entries.get(path);
      const merged = standing === undefined ? staged : merge(standing, staged);
      if (standing === undefined) partAt.set(path, part);
      if (merged !== undefined) entries.set(path, merged);
      else if (standing !== undefined) clashes.push({ path, standing, other: staged });
    }
  }
  if (clashes.length > 0) throw clashError(clashes, target);
  return {
    ...composing(parts, (path) => partAt.get(path)),
    entries: new Map([...entries].sort(([a], [b]) => byCodeUnit(a, b))),
  };
}

/**
 * What is known of a composition before all its entries are.
 *
 * @param partOf whose content lies at a path
 */
export function composing(
  parts: readonly SysrootPart[],
  partOf: (path: string, staged: Staged) => SysrootPart | undefined,
): Composing {
  return {
    id: compositionId(parts),
    partWords: wordsOf(parts),
    content: (path, staged) => contentOf(partOf(path, staged), staged),
    time: (path, staged) => partOf(path, staged)?.time,
  };
}

/** Whether two of the same path are the same, whoever they belong to. */
export function isSame(one: Staged | undefined, other: Staged): boolean {
  if (one === undefined) return false;
  return (
    one.kind === other.kind && one.oid === other.oid && one.mode === other.mode && one.xattrs === other.xattrs
  );
}

/** Whether what stands can stay where `wanted` is to be; a directory can whatever its rights are. */
export function canStay(standing: Staged, wanted: Staged | undefined): boolean {
  if (wanted === undefined) return false;
  return (standing.kind === 'dir' && wanted.kind === 'dir') || isSame(standing, wanted);
}

function inOrder(parts: readonly SysrootPart[]): readonly SysrootPart[] {
  return [...parts].sort(
    (a, b) =>
      byCodeUnit(a.recipe, b.recipe) || byCodeUnit(a.at ?? '', b.at ?? '') || byCodeUnit(a.tree, b.tree),
  );
}

/** Tells what of one artifact goes into the sysroot. */
export function stagedBy(part: SysrootPart): ReadonlyMap<string, Staged> {
  const at = rawPath(part.at ?? '');
  const staged = new Map<string, Staged>(directoriesTo(at, part.recipe));
  const isWanted = part.at === undefined ? stagingRule(part.dirs) : () => true;
  for (const entry of listEntries(part.objects, part.tree, { under: DEFAULT_IMAGE })) {
    const path = inside(at, below(DEFAULT_IMAGE, entry.path));
    if (path === at || entry.kind === 'fifo' || !isWanted(path, entry.kind)) continue;
    const mode = entry.kind === 'dir' ? entry.mode | 0o700 : entry.mode;
    const { kind, oid, xattrs } = entry;
    const common = { recipes: [part.recipe], kind, mode, ...(xattrs !== undefined && { xattrs }) };
    staged.set(path, oid === undefined ? common : { ...common, oid });
  }
  return staged;
}

/** A directory, with those that it is in. */
function directoriesTo(path: string, recipe: string): readonly (readonly [string, Staged])[] {
  const names = path === '' ? [] : path.split('/');
  return names.map((_, index) => [
    names.slice(0, index + 1).join('/'),
    { recipes: [recipe], kind: 'dir', mode: 0o755 },
  ]);
}

/** The two as one; undefined where they clash. */
function merge(one: Staged, other: Staged): Staged | undefined {
  const recipes = [...new Set([...one.recipes, ...other.recipes])];
  if (one.kind === 'dir' && other.kind === 'dir') {
    const mixed = isSame(one, other) ? {} : ({ mixed: true } as const);
    return { ...other, ...one, recipes, mode: one.mode | other.mode, ...mixed };
  }
  return isSame(one, other) ? { ...one, recipes } : undefined;
}

function contentOf(part: SysrootPart | undefined, { oid }: Staged): BlobContent {
  if (part === undefined || oid === undefined) throw new Error('a directory has no content');
  return part.objects.openBlob(oid);
}
