/** What changed between two builds: which recipes, then which files of their artifacts. */
import type { RecordedBuild } from '../../history/recorded-build.ts';
import type { Contents } from '../../ports/objects.ts';
import { byCodeUnit } from '../../terms/ids.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { compareResolved } from './compare-resolved.ts';
import type { Difference, FileDifference, RecipeDifference } from './difference.ts';
import type { TheRecord } from '../record/open-record.ts';
import type { RecordedRecipe } from '../record/recorded-recipe.ts';
import { resolveArtifact } from '../record/resolve-revision.ts';
import type { ResolvedTree } from '../record/resolved-revision.ts';

interface Builds {
  readonly from: RecordedBuild;
  readonly to: RecordedBuild;
}

interface RecipePair {
  readonly from: RecordedRecipe | undefined;
  readonly to: RecordedRecipe | undefined;
}

/** Compares two builds. */
export function diffBuilds(record: TheRecord, builds: Builds, paths: readonly string[]): Difference {
  const files: FileDifference[] = [];
  const recipes: RecipeDifference[] = [];
  const contents = new Map<string, Contents>();
  for (const [name, pair] of differingRecipes(record, builds)) {
    const compared = compareArtifacts(record, builds, pair);
    const difference = compared.ends && compareResolved(compared.ends, paths);
    // Who asks for paths does not ask for recipes that have nothing there.
    if (paths.length > 0 && (difference?.files.length ?? 0) === 0) continue;
    recipes.push({ recipe: name, ...compared.recipe });
    if (difference === undefined) continue;
    files.push(...difference.files.map((file) => ({ recipe: name, ...file })));
    contents.set(name, difference.contents(undefined));
  }
  const end = (build: RecordedBuild): Difference['from'] => ({ rev: `@${build.n}`, commit: build.commit });
  const contentsOf: Difference['contents'] = (recipe = '') => {
    const found = contents.get(recipe);
    if (found === undefined) throw new Error(`nothing of ${recipe} was compared`);
    return found;
  };
  return { from: end(builds.from), to: end(builds.to), files, recipes, contents: contentsOf };
}

/** Recipes that do not stand the same in both builds, by name; without `from`, all of them. */
export function differingRecipes(
  record: TheRecord,
  { from, to }: { readonly from: RecordedBuild | undefined; readonly to: RecordedBuild },
): ReadonlyMap<string, RecipePair> {
  const key = ({ arch, recipe }: RecordedRecipe): string => `${arch}/${recipe}`;
  const old = new Map(
    (from === undefined ? [] : record.recipes(from)).map((recipe) => [key(recipe), recipe]),
  );
  const now = new Map(record.recipes(to).map((recipe) => [key(recipe), recipe]));
  const keys = [...new Set([...old.keys(), ...now.keys()])].sort(byCodeUnit);
  const pairs = keys
    .map((name) => ({ from: old.get(name), to: now.get(name) }))
    .filter((pair) => pair.from?.oid !== pair.to?.oid);
  const names = pairs.map(({ from: a, to: b }) => (b ?? a)?.recipe ?? '');
  const isTwice = (name: string): boolean => names.filter((other) => other === name).length > 1;
  return new Map(
    pairs.map((pair, i) => {
      const name = names[i] ?? '';
      return [isTwice(name) ? `${(pair.to ?? pair.from)?.arch}/${name}` : name, pair];
    }),
  );
}

interface Compared {
  readonly recipe: Omit<RecipeDifference, 'recipe'>;
  readonly ends?: { readonly from: ResolvedTree | undefined; readonly to: ResolvedTree };
}

function compareArtifacts(record: TheRecord, builds: Builds, { from, to }: RecipePair): Compared {
  if (to === undefined) return { recipe: { status: 'D', artifact: true } };
  const [old, now] = [from?.artifact(), to.artifact()];
  const status = from === undefined ? 'A' : 'M';
  if (now === undefined)
    return { recipe: { status, artifact: false, note: `it has no artifact in build ${builds.to.n}` } };
  if (old?.tree === now.tree) return { recipe: { status, artifact: false } };
  if (from !== undefined && old === undefined)
    return { recipe: { status, artifact: true, note: `it had no artifact in build ${builds.from.n}` } };
  // All files of a recipe that is new would drown what changed.
  if (from === undefined) return { recipe: { status, artifact: true } };
  try {
    const ends = {
      from: resolveArtifact(record, { build: builds.from, recipe: from }),
      to: resolveArtifact(record, { build: builds.to, recipe: to }),
    };
    return { recipe: { status, artifact: true }, ends };
  } catch (error) {
    if (!(error instanceof VarveError)) throw error;
    return { recipe: { status, artifact: true, note: error.message } };
  }
}
