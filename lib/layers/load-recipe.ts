import type { Datastore } from '../language/datastore.ts';
import { readRecipe, type EvaluatedRecipe } from '../language/read-recipe.ts';
import { VarveError } from '../terms/varve-error.ts';
import type { Layer, LoadedRecipe, RecipeFacts, RecipeFile } from './metadata.ts';
import type { Observed, Observer } from './observe-reading.ts';
import type { RecipeCache } from './recipe-cache.ts';
import { recipeDirs } from './recipe-dirs.ts';
import { factsOf } from './recipe-facts.ts';
import type { Sharing } from './share-parts.ts';
import { warnOfMistakes } from './warn-of-mistakes.ts';

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
  readonly sharing: Sharing;
}

/** Reads recipes on top of a configuration. */
export function createRecipeReader(options: ReaderOptions): RecipeReader {
  const known = new Map<string, LoadedRecipe>();
  const baseOf = createBases(options.config);
  const held = holdRecent<EvaluatedRecipe>(HELD);
  function read(file: RecipeFile, variant: Variant): LoadedRecipe | undefined {
    const name = cacheName(file, variant);
    const before = known.get(name);
    if (before !== undefined) return before;
    if (variant !== '' && read(file, '')?.variants.includes(variant) !== true) return undefined;
    const loaded = loadedRecipe(options, file, {
      name,
      variant,
      evaluated: () => held(name, () => evaluateRecipe(baseOf(file.layer), file, variant)),
    });
    known.set(name, loaded);
    return loaded;
  }
  return { read };
}

/** Variables take most of the memory that a recipe needs: those of so many are held, which tasks go on in. */
const HELD = 64;

/** Holds what was asked for last. */
function holdRecent<T>(most: number): (name: string, make: () => T) => T {
  const held = new Map<string, T>();
  return (name, make) => {
    const value = held.get(name) ?? make();
    held.delete(name);
    held.set(name, value);
    for (const oldest of held.keys()) {
      if (held.size <= most) break;
      held.delete(oldest);
    }
    return value;
  };
}

/** What a recipe is kept as: it is another one with other appends, or in another layer. */
export function cacheName({ file, appends, layer }: RecipeFile, variant: Variant): string {
  return JSON.stringify([variant, file, layer.name, ...appends]);
}

/** The configuration as recipes of a layer find it. */
function createBases(config: Datastore): (layer: Layer) => Datastore {
  const known = new Map<string, Datastore>();
  return ({ name }) => {
    const base = known.get(name) ?? config.copy();
    if (!known.has(name)) base.set('FILE_LAYERNAME', name);
    known.set(name, base);
    return base;
  };
}

function evaluateRecipe(base: Datastore, { file, appends }: RecipeFile, variant: Variant): EvaluatedRecipe {
  return readRecipe({ file, appends, base, ...(variant === '' ? {} : { variant }) }, base.environment);
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

interface Evaluation {
  readonly name: string;
  readonly variant: Variant;
  /** Evaluates it, if it is not held. */
  readonly evaluated: () => EvaluatedRecipe;
}

function loadedRecipe(
  options: ReaderOptions,
  file: RecipeFile,
  { name, variant, evaluated: evaluatedAnew }: Evaluation,
): LoadedRecipe {
  const { cache, observer, buildDir, sharing } = options;
  let python = false;
  // What Python had a part in might come out otherwise another time, so that it is kept.
  let kept: EvaluatedRecipe | undefined;
  const evaluated = (): EvaluatedRecipe => kept ?? evaluatedAnew();
  const noted = <T>(observed: Observed<T>): T => {
    python ||= observed.python;
    if (python) kept = evaluated();
    return observed.result;
  };
  const found = cache.find(name);
  for (const { text, place } of found?.warnings ?? []) observer.environment.warn(text, place);
  const made = new Map<string, unknown>();
  const remember = <T>(what: string, find: (data: Datastore) => T): T => {
    if (!made.has(what)) made.set(what, sharing.share(found?.detail(what) ?? findOut(what, find)));
    return made.get(what) as T;
  };
  const findOut = (what: string, find: (data: Datastore) => unknown): unknown => {
    const observed = observer.observe(() => find(evaluated().data));
    cache.keepDetail(name, what, observed);
    return noted(observed);
  };
  const readNow = (): RecipeFacts => {
    const observed = observer.observe(() =>
      inRecipe(file.file, () => {
        // What its text is wrong in is told once, not of each recipe that is made of it.
        if (variant === '') warnOfMistakes(evaluated());
        return factsOf(evaluated(), file);
      }),
    );
    cache.keep(name, observed);
    return noted(observed);
  };
  const facts = sharing.share(found?.facts ?? readNow());
  return {
    file: file.file,
    layer: file.layer,
    remember,
    usedPython: () => python,
    get data() {
      return evaluated().data;
    },
    get dirs() {
      return remember('dirs', (data) => recipeDirs(data, buildDir));
    },
    ...facts,
  };
}
