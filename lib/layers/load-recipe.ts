import { resolve } from 'node:path';
import type { Datastore } from '../language/datastore.ts';
import { readRecipe, type EvaluatedRecipe } from '../language/read-recipe.ts';
import { VarveError } from '../terms/varve-error.ts';
import type { LoadedRecipe, RecipeDirs, RecipeFacts, RecipeFile } from './metadata.ts';
import type { Observer } from './observe-reading.ts';
import type { RecipeCache } from './recipe-cache.ts';
import { factsOf } from './recipe-facts.ts';

export interface RecipeReader {
  /** Reads a recipe file, once; undefined where BBCLASSEXTEND does not make the variant. */
  read(file: RecipeFile, variant: Variant): LoadedRecipe | undefined;
}

/** The recipe as written, or what `BBCLASSEXTEND = "native"` makes of it. */
export type Variant = '' | 'native';

export interface ReaderOptions {
  readonly config: Datastore;
  readonly buildDir: string;
  readonly observer: Observer;
  readonly cache: RecipeCache;
}

/** Reads recipes on top of a configuration. */
export function createRecipeReader(options: ReaderOptions): RecipeReader {
  const known = new Map<string, LoadedRecipe>();
  function read(file: RecipeFile, variant: Variant): LoadedRecipe | undefined {
    const name = cacheName(file, variant);
    const before = known.get(name);
    if (before !== undefined) return before;
    if (variant !== '' && read(file, '')?.variants.includes(variant) !== true) return undefined;
    const loaded = loadedRecipe(options, file, variant);
    known.set(name, loaded);
    return loaded;
  }
  return { read };
}

/** What a recipe is kept as: it is another one with other appends, or in another layer. */
export function cacheName({ file, appends, layer }: RecipeFile, variant: Variant): string {
  return JSON.stringify([variant, file, layer.name, ...appends]);
}

function evaluateRecipe(
  { config, observer }: ReaderOptions,
  { file, appends, layer }: RecipeFile,
  variant: Variant,
): EvaluatedRecipe {
  const base = config.copy();
  base.set('FILE_LAYERNAME', layer.name);
  return readRecipe({ file, appends, base, ...(variant === '' ? {} : { variant }) }, observer.environment);
}

/** An error that stands elsewhere, in a class or in the configuration, says which recipe it came up in. */
function inRecipe<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof VarveError)) throw error;
    const { fault, message, hints, place = { file } } = error;
    const { via = [] } = place;
    if (place.file === file || via.some((step) => step.file === file)) throw error;
    throw new VarveError(fault, message, {
      place: { ...place, via: [...via, { how: 'needed', file }] },
      hints,
      cause: error,
    });
  }
}

function loadedRecipe(options: ReaderOptions, file: RecipeFile, variant: Variant): LoadedRecipe {
  const { cache, observer, buildDir } = options;
  const name = cacheName(file, variant);
  let evaluated: EvaluatedRecipe | undefined;
  const evaluate = (): EvaluatedRecipe => (evaluated ??= evaluateRecipe(options, file, variant));
  const found = cache.find(name);
  for (const { text, place } of found?.warnings ?? []) observer.environment.warn(text, place);
  const made = new Map<string, unknown>();
  const remember = <T>(what: string, find: (data: Datastore) => T): T => {
    if (!made.has(what)) made.set(what, found?.detail(what) ?? findOut(what, find));
    return made.get(what) as T;
  };
  const findOut = (what: string, find: (data: Datastore) => unknown): unknown => {
    const observed = observer.observe(() => find(evaluate().data));
    cache.keepDetail(name, what, observed);
    return observed.result;
  };
  const readNow = (): RecipeFacts => {
    const observed = observer.observe(() => inRecipe(file.file, () => factsOf(evaluate(), file)));
    cache.keep(name, observed);
    return observed.result;
  };
  return {
    ...(found?.facts ?? readNow()),
    file: file.file,
    layer: file.layer,
    remember,
    get data() {
      return evaluate().data;
    },
    get dirs() {
      return remember('dirs', (data) => dirsOf(data, buildDir));
    },
  };
}

function dirsOf(data: Datastore, buildDir: string): RecipeDirs {
  const path = (name: string): string => resolve(buildDir, data.get(name) ?? '');
  return {
    workdir: path('WORKDIR'),
    t: path('T'),
    d: path('D'),
    s: path('S'),
    b: path('B'),
    sysroot: path('RECIPE_SYSROOT'),
    sysrootNative: path('RECIPE_SYSROOT_NATIVE'),
  };
}
