import { byCodeUnit } from '../terms/ids.ts';
import { inside, lastName, parentOf } from '../trees/tree-metadata.ts';
import {
  type Composing,
  composing,
  isSame,
  type Staged,
  stagedBy,
  type SysrootPart,
} from './compose-sysroot.ts';
import { type OpenManifest, whereReadable } from './manifest-sections.ts';
import type { ManifestEntry } from './sysroot-manifest.ts';

/** How a sysroot is to be otherwise than a manifest says. */
export interface Change extends Composing {
  /** What is to be at each path that a changed part has or had, sorted by bytes; undefined: nothing. */
  readonly entries: ReadonlyMap<string, Staged | undefined>;
  /** What the manifest has at those paths. */
  readonly standing: ReadonlyMap<string, ManifestEntry>;
}

/**
 * Computes what is otherwise in a composition than in the one that a manifest is of: of the trees only those of parts that
 * are new are listed, and of the manifest only directories that they have, or that those have which went.
 * Undefined where this does not tell: parts clash, or say different things of a directory; or the manifest cannot be read.
 */
export function composeChange(manifest: OpenManifest, parts: readonly SysrootPart[]): Change | undefined {
  const byRecipe = new Map(parts.map((part) => [part.recipe, part]));
  const made = composing(parts, (_, { recipes: [recipe = ''] }) => byRecipe.get(recipe));
  const [before, after] = [new Map(manifest.partWords), new Map(made.partWords)];
  // Of two parts of one recipe the manifest does not say whose a path is.
  if (before.size !== manifest.partWords?.length || after.size !== parts.length) return undefined;
  const gone = new Set([...before].flatMap(([recipe, word]) => (after.get(recipe) === word ? [] : [recipe])));
  const come = parts.filter(({ recipe }) => before.get(recipe) !== after.get(recipe));
  const paths = whereReadable(() => exchange(manifest, gone, come));
  if (paths === undefined) return undefined;
  const { standing, wanted } = paths;
  const isUnsure = [...wanted].some(([path, staged]) => staged !== undefined && standing.get(path)?.mixed);
  if (isUnsure) return undefined;
  return { ...made, standing, entries: new Map([...wanted].sort(([a], [b]) => byCodeUnit(a, b))) };
}

interface Exchanged {
  readonly standing: ReadonlyMap<string, ManifestEntry>;
  readonly wanted: ReadonlyMap<string, Staged | undefined>;
}

/** Takes these recipes out and puts these parts in; undefined where something else stands where one has something. */
function exchange(
  manifest: OpenManifest,
  gone: ReadonlySet<string>,
  come: readonly SysrootPart[],
): Exchanged | undefined {
  const standing = new Map(heldBy(manifest, gone));
  const wanted = new Map([...standing].map(([path, entry]) => [path, without(entry, gone)] as const));
  for (const [path, staged] of come.flatMap((part) => [...stagedBy(part)])) {
    const known = standing.get(path) ?? entryOf(manifest, path);
    if (known !== undefined) standing.set(path, known);
    const other = wanted.get(path) ?? (known && without(known, gone));
    if (other !== undefined && !isSame(other, staged)) return undefined;
    wanted.set(path, other === undefined ? staged : { ...staged, recipes: both(other, staged) });
  }
  return { standing, wanted };
}

/** All that one of these recipes has: with each path it has the directories above it. */
function* heldBy(
  manifest: OpenManifest,
  recipes: ReadonlySet<string>,
  directory = '',
): Iterable<readonly [string, ManifestEntry]> {
  if (recipes.size === 0) return;
  for (const [name, entry] of manifest.sections.get(directory)?.entries() ?? []) {
    if (!entry.recipes.some((each) => recipes.has(each))) continue;
    const path = inside(directory, name);
    yield [path, entry];
    if (entry.kind === 'dir') yield* heldBy(manifest, recipes, path);
  }
}

function entryOf({ sections }: OpenManifest, path: string): ManifestEntry | undefined {
  return sections.get(parentOf(path))?.entries().get(lastName(path));
}

/** What is there for other recipes than these. */
function without(entry: ManifestEntry, gone: ReadonlySet<string>): Staged | undefined {
  const { stat: _, ...staged } = entry;
  const recipes = staged.recipes.filter((each) => !gone.has(each));
  return recipes.length === 0 ? undefined : { ...staged, recipes };
}

function both(one: Staged, other: Staged): readonly string[] {
  return [...new Set([...one.recipes, ...other.recipes])].sort(byCodeUnit);
}
