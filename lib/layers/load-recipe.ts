import { basename, resolve } from 'node:path';
import type { Datastore } from '../language/datastore.ts';
import { readRecipe, type EvaluatedRecipe } from '../language/read-recipe.ts';
import { VarveError } from '../terms/varve-error.ts';
import type { LoadedRecipe, RecipeFile } from './metadata.ts';
import { dependencyNames, splitWords } from './split-words.ts';

export interface RecipeReader {
  /** Reads a recipe file, once; undefined where BBCLASSEXTEND does not make the variant. */
  read(file: RecipeFile, variant: Variant): LoadedRecipe | undefined;
}

/** The recipe as written, or what `BBCLASSEXTEND = "native"` makes of it. */
export type Variant = '' | 'native';

/** Reads recipes on top of a configuration. */
export function createRecipeReader(config: Datastore, buildDir: string): RecipeReader {
  const known = new Map<string, LoadedRecipe>();
  const variants = new Map<string, readonly string[]>();
  function read(file: RecipeFile, variant: Variant): LoadedRecipe | undefined {
    const key = `${variant}:${file.file}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    if (variant !== '') {
      read(file, '');
      if (variants.get(file.file)?.includes(variant) !== true) return undefined;
    }
    const base = config.copy();
    base.set('FILE_LAYERNAME', file.layer.name);
    const { environment } = config;
    const recipe = { file: file.file, appends: file.appends, base, ...(variant === '' ? {} : { variant }) };
    const loaded = inRecipe(file.file, () => {
      const evaluated = readRecipe(recipe, environment);
      variants.set(file.file, evaluated.variants);
      return loadedRecipe(file, evaluated, buildDir);
    });
    known.set(key, loaded);
    return loaded;
  }
  return { read };
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

function loadedRecipe(file: RecipeFile, evaluated: EvaluatedRecipe, buildDir: string): LoadedRecipe {
  const { data, tasks, files, skipped, inherited } = evaluated;
  const text = (name: string): string => data.get(name) ?? '';
  const path = (name: string): string => resolve(buildDir, text(name));
  const name = data.get('PN') ?? file.name;
  if (/[\s:@/]/.test(name)) throw unspeakable(file.file, name);
  return {
    name,
    version: text('PV'),
    revision: text('PR'),
    packageArch: text('PACKAGE_ARCH'),
    file: file.file,
    layer: file.layer,
    data,
    tasks,
    // A recipe that is skipped may be half read: its texts are not to be looked at.
    ...(skipped === undefined
      ? namesOf(data, name)
      : { provides: [name], depends: [], rdepends: [], skipped }),
    native: inherited.some((one) => basename(one) === 'native.bbclass'),
    files,
    dirs: {
      workdir: path('WORKDIR'),
      t: path('T'),
      d: path('D'),
      s: path('S'),
      b: path('B'),
      sysroot: path('RECIPE_SYSROOT'),
      sysrootNative: path('RECIPE_SYSROOT_NATIVE'),
    },
  };
}

/** RECIPE@BUILD:TASK and ARCH/RECIPE are how a recipe's states are named, and lists split at blanks. */
function unspeakable(file: string, name: string): VarveError {
  return new VarveError(
    'metadata',
    `"${name}" cannot be a recipe's name: it holds a blank, "/", ":" or "@"`,
    {
      place: { file },
      hints: ['a file is called NAME_VERSION.bb; PN = "…" gives another name'],
    },
  );
}

function namesOf(data: Datastore, name: string): Pick<LoadedRecipe, 'provides' | 'depends' | 'rdepends'> {
  const assumed = new Set(splitWords(data.get('ASSUME_PROVIDED')));
  const packages = packagesOf(data);
  const needed = dependencyNames(
    [...packages.map((one) => data.get(`RDEPENDS:${one}`) ?? ''), data.get('RDEPENDS') ?? ''].join(' '),
  );
  return {
    provides: [...new Set([name, ...splitWords(data.get('PROVIDES'))])],
    depends: dependencyNames(data.get('DEPENDS')).filter((one) => !assumed.has(one)),
    rdepends: needed.filter((one) => !assumed.has(one) && one !== name && !packages.includes(one)),
  };
}

function packagesOf(data: Datastore): readonly string[] {
  return splitWords(data.get('PACKAGES'));
}

/** Tells whether a package of the recipe has the name, or stands for it by RPROVIDES. */
export function hasPackage(recipe: LoadedRecipe, name: string): boolean {
  if (recipe.skipped !== undefined) return false;
  const { data } = recipe;
  return packagesOf(data).some(
    (one) => one === name || dependencyNames(data.get(`RPROVIDES:${one}`)).includes(name),
  );
}
