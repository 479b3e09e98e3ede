/** Metadata in which one recipe is made from recorded inputs, and those that it needs stand as they are recorded. */
import { installTask } from '../../graph/arrange-tasks.ts';
import type { Datastore } from '../../language/datastore.ts';
import { setInputs } from '../../language/set-inputs.ts';
import type { LoadedRecipe, Metadata } from '../../layers/load-metadata.ts';
import { recipeDirs } from '../../layers/recipe-dirs.ts';
import { parseSrcUri, type SourceUri } from '../../sources/parse-src-uri.ts';
import { splitTaskId, type TaskId } from '../../terms/ids.ts';
import type { Mixture } from '../../terms/mixture.ts';
import { outlineOf } from '../outline/recipe-outline.ts';
import { fetchedAs } from './fetched-as.ts';
import { mixedSrcUri } from './mixed-src-uri.ts';

/** Mixes; what is known of recipes is neither taken from the cache nor kept for it. */
export function mixMetadata(metadata: Metadata, mixture: Mixture): Metadata {
  const standing = new Set([...mixture.standing.keys()].map((task) => splitTaskId(task).recipe));
  const known = new Map<string, LoadedRecipe>();
  const mixed = (recipe: LoadedRecipe): LoadedRecipe => {
    const before = known.get(recipe.name);
    if (before !== undefined) return before;
    const after =
      recipe.name === mixture.recipe
        ? mixRecipe(recipe, { mixture, standing, buildDir: metadata.places.buildDir })
        : standing.has(recipe.name)
          ? standingRecipe(recipe)
          : recipe;
    known.set(recipe.name, after);
    return after;
  };
  const mixedOrNone = (found: LoadedRecipe | undefined): LoadedRecipe | undefined => found && mixed(found);
  return {
    ...metadata,
    recipe: (name, askedBy) => mixed(metadata.recipe(name, askedBy)),
    provider: (name) => mixedOrNone(metadata.provider(name)),
    providerToRun: (name) => mixedOrNone(metadata.providerToRun(name)),
    recipes: () => metadata.recipes().map(mixed),
    standing: (task) => mixture.standing.get(task),
  };
}

interface Mixing {
  readonly mixture: Mixture;
  /** Recipes that are not made. */
  readonly standing: ReadonlySet<string>;
  readonly buildDir: string;
}

function mixRecipe(recipe: LoadedRecipe, { mixture, standing, buildDir }: Mixing): LoadedRecipe {
  const data = recipe.data.copy();
  const { inputs, filesDir } = mixture;
  setInputs(data, inputs);
  const uris = (): readonly SourceUri[] =>
    parseSrcUri(data.get('SRC_URI') ?? '', { recipe: recipe.name, recipeFile: recipe.file });
  for (const { variable, flag, value } of fetchedAs(uris(), inputs.get('do_fetch') ?? [])) {
    if (flag === undefined) data.set(variable, value);
    else data.setFlag(variable, flag, value);
  }
  const sources = { unpack: inputs.get('do_unpack') ?? [], patch: inputs.get('do_patch') ?? [] };
  data.set('SRC_URI', mixedSrcUri(uris(), sources));
  data.set('FILESPATH', `${filesDir}:${data.get('FILESPATH') ?? ''}`);
  const needs = [...inputs.values()].flat();
  const artifacts = needs.filter(({ kind }) => kind === 'artifact');
  // What an image has of recipes that its packages need: from these, which stand, nothing leads there.
  const behind = needs
    .filter(({ kind }) => kind === 'produced')
    .map(({ name }) => splitTaskId(name as TaskId).recipe);
  return {
    ...recipe,
    version: data.get('PV') ?? recipe.version,
    revision: data.get('PR') ?? recipe.revision,
    depends: [...new Set(artifacts.map(({ name }) => name))],
    rdepends: [...new Set([...recipe.rdepends, ...behind])].filter((name) => standing.has(name)),
    data,
    dirs: recipeDirs(data, buildDir),
    remember: rememberHere(data),
  };
}

function rememberHere(data: Datastore): LoadedRecipe['remember'] {
  const known = new Map<string, unknown>();
  return <T>(what: string, find: (data: Datastore) => T): T => {
    if (!known.has(what)) known.set(what, find(data));
    return known.get(what) as T;
  };
}

/** Its do_install has its result, so what that was made from is of no interest. */
function standingRecipe(recipe: LoadedRecipe): LoadedRecipe {
  const after = new Set([installTask]);
  let size = 0;
  while (size !== after.size) {
    size = after.size;
    for (const { name, deps } of recipe.tasks) if (deps.some((dep) => after.has(dep))) after.add(name);
  }
  const tasks = recipe.tasks
    .filter(({ name }) => after.has(name))
    .map(({ name, deps }) => ({
      name,
      deps: name === installTask ? [] : deps.filter((dep) => after.has(dep)),
    }));
  const outline = outlineOf(recipe);
  const alone = {
    ...outline,
    tasks: outline.tasks
      .filter(({ name }) => after.has(name))
      .map((task) => ({ ...task, depends: [], deptask: [], rdeptask: [], recrdeptask: [] })),
  };
  return {
    ...recipe,
    tasks,
    depends: [],
    rdepends: [],
    remember: <T>(what: string, find: (data: Datastore) => T): T =>
      what === 'outline' ? (alone as T) : recipe.remember(what, find),
  };
}
