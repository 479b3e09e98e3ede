/** Finds recipes by name: reads what a file's name promises first, and everything only where that fails. */
import type { Datastore } from '../language/datastore.ts';
import { featureThatNeeds } from '../language/package-config.ts';
import { closest } from '../terms/closest.ts';
import { groupBy } from '../terms/group-by.ts';
import { byCodeUnit } from '../terms/ids.ts';
import { VarveError, type Place } from '../terms/varve-error.ts';
import { chooseRecipe } from './choose-recipe.ts';
import { hasPackage } from './has-package.ts';
import type { RecipeReader } from './load-recipe.ts';
import type { LoadedRecipe, Metadata, RecipeFile, Survey, UnreadableRecipe } from './metadata.ts';
import { packageOwners, preferredProvider, preferredToRun } from './preferred-provider.ts';
import { splitWords } from './split-words.ts';

export type RecipeIndex = Pick<Metadata, 'recipe' | 'provider' | 'providerToRun' | 'recipes' | 'survey'>;

interface State {
  readonly config: Datastore;
  readonly files: ReadonlyMap<string, readonly RecipeFile[]>;
  readonly read: RecipeReader['read'];
  /** By the names that were asked for. */
  readonly found: Map<string, LoadedRecipe>;
  /** Undefined: not all are read yet. */
  all: Survey | undefined;
}

/** Makes the index of the recipes in `files`; reads none. */
export function createRecipeIndex(
  config: Datastore,
  files: readonly RecipeFile[],
  { read }: RecipeReader,
): RecipeIndex {
  const state: State = {
    config,
    files: groupBy(files, (file) => file.name),
    read,
    found: new Map(),
    all: undefined,
  };
  return {
    recipe(name, askedBy) {
      const recipe =
        state.found.get(name) ??
        sayingWhoAsks(state, { name, askedBy }, () => find(state, name)) ??
        unknown(state, name, askedBy);
      state.found.set(name, recipe);
      return askedBy !== undefined && recipe.skipped !== undefined
        ? refuseSkipped(state, recipe, { name, askedBy })
        : recipe;
    },
    provider: (name) => state.found.get(name) ?? find(state, name),
    providerToRun: (name) => findToRun(state, name),
    recipes: () => allRecipes(state),
    survey: () => survey(state),
  };
}

function find(state: State, name: string): LoadedRecipe | undefined {
  const preferred = preferredProvider(state.config, name, (other) => known(state, other));
  if (preferred !== undefined) return preferred;
  const own = named(state, name);
  if (own !== undefined && own.skipped === undefined) return own;
  return packageOwner(state, name) ?? provider(state, name) ?? own;
}

/** The recipe that has the package of this name: BitBake has a preference for it that DEPENDS does not know. */
function findToRun(state: State, name: string): LoadedRecipe | undefined {
  const preferred = preferredToRun(state.config, name, (other) => known(state, other));
  return preferred ?? state.found.get(name) ?? find(state, name);
}

/** The recipe of that PN. */
function known(state: State, name: string): LoadedRecipe | undefined {
  return named(state, name) ?? survey(state).recipes.find((one) => one.name === name);
}

/** The recipe of that PN, as far as names of files tell. */
function named(state: State, name: string): LoadedRecipe | undefined {
  const own = state.files.get(name) ?? [];
  const stem = name.endsWith('-native') ? name.slice(0, -'-native'.length) : undefined;
  const extended = stem === undefined ? [] : (state.files.get(stem) ?? []);
  const candidates = [
    ...own.map((file) => state.read(file, '')),
    ...extended.map((file) => state.read(file, 'native')),
  ];
  return chooseRecipe(
    state.config,
    name,
    candidates.filter((one) => one !== undefined).filter((one) => one.name === name),
  );
}

/** `zlib-dev` is most likely a package of `zlib`. */
function packageOwner(state: State, name: string): LoadedRecipe | undefined {
  for (let dash = name.lastIndexOf('-'); dash > 0; dash = name.lastIndexOf('-', dash - 1)) {
    const stem = name.slice(0, dash);
    const recipe = name.endsWith('-native') || !state.files.has(stem) ? undefined : named(state, stem);
    if (recipe !== undefined && (recipe.provides.includes(name) || hasPackage(recipe, name))) return recipe;
  }
  return undefined;
}

function provider(state: State, name: string): LoadedRecipe | undefined {
  const all = survey(state).recipes.filter((one) => one.skipped === undefined);
  const same = all.find((one) => one.name === name);
  if (same !== undefined) return same;
  const providing = all.filter((one) => one.provides.includes(name));
  const owners = providing.length > 0 ? providing : packageOwners(state.config, name, all);
  const names = owners.map((one) => one.name);
  if (names[0] !== undefined) refuseUnknownOthers(state, name, names[0]);
  if (owners.length < 2) return owners[0];
  // Whoever is preferred for anything else that it provides (virtual/kernel) is not thereby preferred for this.
  throw new VarveError('metadata', `${name} is provided by ${names.join(' and ')}`, {
    hints: [`choose one in conf/local.conf: PREFERRED_PROVIDER_${name} = "${names[0] ?? ''}"`],
  });
}

/** A recipe that cannot be read might be another provider, and nobody knows which of them is meant. */
function refuseUnknownOthers(state: State, name: string, owner: string): void {
  const { unreadable } = survey(state);
  const [first] = unreadable;
  if (first === undefined) return;
  const others =
    unreadable.length === 1
      ? `${first.name}, which cannot be read`
      : `one of ${unreadable.length} recipes that cannot be read`;
  throw new VarveError('metadata', `${name} is provided by ${owner}, and perhaps by ${others}`, {
    ...(unreadable.length === 1 && first.error.place !== undefined ? { place: first.error.place } : {}),
    hints: [
      ...(unreadable.length === 1 ? [first.error.message] : []),
      `PREFERRED_PROVIDER_${name} = "${owner}"   in conf/local.conf says which is meant`,
      'varve recipes   says why recipes cannot be read, and which BBMASK leaves them all out',
    ],
  });
}

/** What is wrong with a recipe is told with who needs it. */
function sayingWhoAsks<T>(
  state: State,
  { name, askedBy }: { readonly name: string; readonly askedBy: string | undefined },
  look: () => T,
): T {
  try {
    return look();
  } catch (error) {
    if (!(error instanceof VarveError) || askedBy === undefined) throw error;
    const asking = askingPlace(state, name, askedBy).place;
    if (asking === undefined) throw error;
    const { file, line } = asking;
    const step = { how: 'needed', file, ...(line === undefined ? {} : { line }) } as const;
    const place =
      error.place === undefined ? asking : { ...error.place, via: [...(error.place.via ?? []), step] };
    throw new VarveError(error.fault, error.message, { place, hints: error.hints, cause: error });
  }
}

/** Every recipe; where one cannot be read, its error: nobody knows what it would provide. */
function allRecipes(state: State): readonly LoadedRecipe[] {
  const { recipes, unreadable } = survey(state);
  if (unreadable[0] !== undefined) throw unreadable[0].error;
  return recipes;
}

function survey(state: State): Survey {
  if (state.all !== undefined) return state.all;
  const read: LoadedRecipe[] = [];
  const unreadable: UnreadableRecipe[] = [];
  for (const file of [...state.files.values()].flat()) {
    try {
      for (const variant of ['', 'native'] as const) read.push(...listOf(state.read(file, variant)));
    } catch (error) {
      unreadable.push({ ...file, error: expected(error, file.file) });
    }
  }
  const recipes = [...groupBy(read, (one) => one.name)]
    .toSorted(([a], [b]) => byCodeUnit(a, b))
    .flatMap(([name, candidates]) => listOf(chooseRecipe(state.config, name, candidates)));
  state.all = { recipes, unreadable };
  return state.all;
}

const listOf = <T>(value: T | undefined): readonly T[] => (value === undefined ? [] : [value]);

/** What a person can mend in the recipe, or of the file; anything else is a fault of varve's. */
function expected(error: unknown, file: string): VarveError {
  if (error instanceof VarveError) return error;
  if (!(error instanceof Error) || !('syscall' in error)) throw error;
  return new VarveError('metadata', error.message, { place: { file }, cause: error });
}

function unknown(state: State, name: string, askedBy: string | undefined): never {
  const { recipes, unreadable } = survey(state);
  const near = nearestName(
    name,
    recipes.flatMap((one) => one.provides),
  );
  const unset = name.includes('${') ? unsetIn(state, askedBy) : [];
  if (unset[0] !== undefined && askedBy !== undefined) refuseUnset(state, askedBy, unset);
  const hidden = unreadable.length === 0 ? '' : `, and says why ${unreadable.length} cannot be read`;
  const hints = [
    ...(near === undefined ? [] : [`did you mean "${near}"?`]),
    ...sdkHint(state, name),
    `varve recipes   lists what the layers offer${hidden}`,
  ];
  if (askedBy === undefined)
    throw new VarveError('usage', `no recipe is called "${name}" or provides it`, { hints });
  throw new VarveError('metadata', `${askedBy} needs "${name}", which no recipe provides`, {
    ...askingPlace(state, name, askedBy),
    hints: [
      ...hints,
      ...featureHint(state, name, askedBy),
      `where it is there without a recipe, say so in conf/local.conf: ASSUME_PROVIDED += "${name}"`,
    ],
  });
}

/** Text that names a variable without a value stays as it is, and so do its words. */
function refuseUnset(state: State, askedBy: string, unset: readonly string[]): never {
  const [name = ''] = unset;
  throw new VarveError(
    'metadata',
    `what ${askedBy} needs depends on ${unset.join(', ')}, which ${unset.length === 1 ? 'has no value' : 'have no values'}`,
    {
      ...askingPlace(state, `\${${name}}`, askedBy),
      hints: [`${name} = ""   in conf/local.conf or the distro says that it is nothing`],
    },
  );
}

/** The variables without a value that keep a recipe's dependencies from being names. */
function unsetIn(state: State, askedBy: string | undefined): readonly string[] {
  const data = askedBy === undefined ? undefined : asking(state, askedBy)?.data;
  if (data === undefined) return [];
  const packages = splitWords(data.get('PACKAGES')).map((name) => `RDEPENDS:${name}`);
  const texts = ['DEPENDS', 'RDEPENDS', ...packages].map((variable) => data.get(variable) ?? '');
  const named = texts.flatMap((text) =>
    [...text.matchAll(/\$\{([^{}@\s]+)\}/g)].flatMap(([, one]) => one ?? []),
  );
  return [...new Set(named)].filter((one) => data.get(one) === undefined);
}

/** Who types a file, or a name with its version, means the recipe. */
function nearestName(typed: string, names: readonly string[]): string | undefined {
  const stem = typed.replace(/^.*\/|\.bb(?:append)?$/g, '').replace(/[_-]\d.*$/, '');
  return names.includes(stem) ? stem : closest(typed, names);
}

/** `nativesdk-zlib` would be made of zlib by BBCLASSEXTEND. */
function sdkHint(state: State, name: string): readonly string[] {
  const stem = name.startsWith('nativesdk-') ? name.slice('nativesdk-'.length) : undefined;
  const recipe = stem === undefined ? undefined : named(state, stem);
  if (recipe === undefined || !splitWords(recipe.data.get('BBCLASSEXTEND')).includes('nativesdk')) return [];
  return [`varve makes no SDK yet: what BBCLASSEXTEND of ${recipe.name} says of nativesdk is passed over`];
}

function refuseSkipped(
  state: State,
  recipe: LoadedRecipe,
  asked: { readonly name: string; readonly askedBy: string },
): never {
  const what = recipe.name === asked.name ? recipe.name : `${recipe.name} (as ${asked.name})`;
  throw new VarveError(
    'metadata',
    `${asked.askedBy} needs ${what}, which is skipped: ${recipe.skipped ?? ''}`,
    askingPlace(state, asked.name, asked.askedBy),
  );
}

/** Whoever can do without a feature can do without what it needs. */
function featureHint(state: State, name: string, askedBy: string): readonly string[] {
  const recipe = asking(state, askedBy);
  const feature = recipe === undefined ? undefined : featureThatNeeds(recipe.data, name)?.name;
  if (recipe === undefined || feature === undefined) return [];
  return [
    `PACKAGECONFIG:remove:pn-${recipe.name} = "${feature}"   in conf/local.conf does without, if the feature is not needed`,
  ];
}

function asking(state: State, askedBy: string): LoadedRecipe | undefined {
  return state.found.get(askedBy.split(':')[0] ?? askedBy);
}

/** The statement that asks: the last one of DEPENDS that has the name, a feature's, else the recipe as a whole. */
function askingPlace(state: State, name: string, askedBy: string): { readonly place?: Place } {
  const recipe = asking(state, askedBy);
  if (recipe === undefined) return {};
  const origin = recipe.data.origins('DEPENDS').findLast((one) => one.detail.split(/\s+/).includes(name));
  if (origin !== undefined) return { place: { file: origin.file, line: origin.line } };
  return { place: featureThatNeeds(recipe.data, name)?.place ?? { file: recipe.file } };
}
