/** What changed between two builds: which recipes, then which files of their artifacts. */
import { DamagedRepository } from '../../history/damaged-repository.ts';
import type { Contents } from '../../ports/objects.ts';
import { byCodeUnit } from '../../terms/ids.ts';
import { buildNamed } from '../../terms/revision.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { compareResolved } from './compare-resolved.ts';
import type { Difference, FileDifference, RecipeDifference } from './difference.ts';
import { pathsInRecipe, WHOLE } from './paths-in-recipe.ts';
import type { BuildOf } from '../record/open-record.ts';
import type { RecordedRecipe } from '../record/recorded-recipe.ts';
import { resolveArtifact } from '../record/resolve-revision.ts';
import type { ResolvedTree } from '../record/resolved-revision.ts';
import { spokenIn } from '../record/spoken-in.ts';

interface Builds {
  readonly from: BuildOf;
  readonly to: BuildOf;
}

interface RecipePair {
  readonly from: RecordedRecipe | undefined;
  readonly to: RecordedRecipe | undefined;
}

/**
 * Compares two builds, which may be of two records. A path is one in an artifact, or has the recipe before it as in what
 * is told.
 */
export function diffBuilds(builds: Builds, paths: readonly string[]): Difference {
  const files: FileDifference[] = [];
  const recipes: RecipeDifference[] = [];
  const contents = new Map<string, Contents>();
  const found = new Set<string>();
  for (const [name, pair] of differingRecipes(builds)) {
    const compared = compareArtifacts(builds, pair);
    const meant = pathsInRecipe(name, paths);
    const difference = compared.ends && compareResolved(compared.ends, [...meant.keys()]);
    for (const [own, path] of meant)
      if (own === WHOLE || (difference !== undefined && !difference.absent?.includes(own))) found.add(path);
    // Who asks for paths does not ask for recipes that have nothing there.
    if (paths.length > 0 && !meant.has(WHOLE) && (difference?.files.length ?? 0) === 0) continue;
    recipes.push({ recipe: name, ...compared.recipe });
    if (difference === undefined) continue;
    files.push(...difference.files.map((file) => ({ recipe: name, ...file })));
    contents.set(name, difference.contents(undefined));
  }
  const end = ({ record, build }: BuildOf): Difference['from'] => ({
    rev: spokenIn(record, `@${build.n}`),
    commit: build.commit,
  });
  const contentsOf: Difference['contents'] = (recipe = '') => {
    const found = contents.get(recipe);
    if (found === undefined) throw new Error(`nothing of ${recipe} was compared`);
    return found;
  };
  const absent = paths.filter((path) => !found.has(path));
  return { from: end(builds.from), to: end(builds.to), files, recipes, absent, contents: contentsOf };
}

/** Recipes that do not stand the same in both builds, by name; without `from`, all of them. */
export function differingRecipes({
  from,
  to,
}: {
  readonly from: BuildOf | undefined;
  readonly to: BuildOf;
}): ReadonlyMap<string, RecipePair> {
  const key = ({ arch, recipe }: RecordedRecipe): string => `${arch}/${recipe}`;
  const old = new Map(
    (from === undefined ? [] : from.record.recipes(from.build)).map((recipe) => [key(recipe), recipe]),
  );
  const now = new Map(to.record.recipes(to.build).map((recipe) => [key(recipe), recipe]));
  const keys = [...new Set([...old.keys(), ...now.keys()])].sort(byCodeUnit);
  const pairs = keys
    .map((name) => ({ from: old.get(name), to: now.get(name) }))
    .filter((pair) => pair.from?.oid !== pair.to?.oid)
    .filter((pair) => !isSameWork(pair, { isOneRecord: from?.record === to.record }));
  const names = pairs.map(({ from: a, to: b }) => (b ?? a)?.recipe ?? '');
  const isTwice = (name: string): boolean => names.filter((other) => other === name).length > 1;
  return new Map(
    pairs.map((pair, i) => {
      const name = names[i] ?? '';
      return [isTwice(name) ? `${(pair.to ?? pair.from)?.arch}/${name}` : name, pair];
    }),
  );
}

/**
 * The same work is told of otherwise where it was covered in one of the builds. Two records have also commits of their own,
 * and the tasks that were asked for in each.
 */
function isSameWork({ from, to }: RecipePair, { isOneRecord }: { readonly isOneRecord: boolean }): boolean {
  if (from === undefined || to === undefined || from.artifact()?.tree !== to.artifact()?.tree) return false;
  const old = new Map(from.tasks().map((task) => [task.task, task]));
  return to.tasks().every(({ task, signature, commit }) => {
    const before = old.get(task);
    if (before === undefined) return !isOneRecord;
    if (before.signature !== signature) return false;
    return !isOneRecord || (before.commit ?? commit) === (commit ?? before.commit);
  });
}

interface Compared {
  readonly recipe: Omit<RecipeDifference, 'recipe'>;
  readonly ends?: { readonly from: ResolvedTree | undefined; readonly to: ResolvedTree };
}

function compareArtifacts(builds: Builds, { from, to }: RecipePair): Compared {
  if (to === undefined) return { recipe: { status: 'D', artifact: true } };
  const [old, now] = [from?.artifact(), to.artifact()];
  const status = from === undefined ? 'A' : 'M';
  if (now === undefined)
    return { recipe: { status, artifact: false, note: `it has no artifact in ${spoken(builds.to)}` } };
  if (old?.tree === now.tree) return { recipe: { status, artifact: false } };
  if (from !== undefined && old === undefined)
    return { recipe: { status, artifact: true, note: `it had no artifact in ${spoken(builds.from)}` } };
  // All files of a recipe that is new would drown what changed.
  if (from === undefined) return { recipe: { status, artifact: true } };
  try {
    const ends = {
      from: resolveArtifact(builds.from.record, { build: builds.from.build, recipe: from }),
      to: resolveArtifact(builds.to.record, { build: builds.to.build, recipe: to }),
    };
    return { recipe: { status, artifact: true }, ends };
  } catch (error) {
    if (!(error instanceof VarveError) || error instanceof DamagedRepository) throw error;
    return { recipe: { status, artifact: true, note: error.message } };
  }
}

const spoken = ({ record, build }: BuildOf): string => buildNamed(build.n, record.imported);
