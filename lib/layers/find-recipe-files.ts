import { basename, resolve } from 'node:path';
import type { Datastore } from '../language/datastore.ts';
import { VarveError } from '../terms/varve-error.ts';
import type { Layer, RecipeFile } from './metadata.ts';
import { matchFiles } from './match-files.ts';
import { placeOf } from './place-of.ts';
import { splitWords } from './split-words.ts';

export interface FoundFiles {
  /** Each with the appends that apply to it. */
  readonly recipes: readonly RecipeFile[];
  /** Appends that apply to no recipe. */
  readonly dangling: readonly string[];
}

/** Finds the recipes and appends that BBFILES and BBFILES_DYNAMIC name. */
export function findRecipeFiles(config: Datastore, layers: readonly Layer[], buildDir: string): FoundFiles {
  const layerOf = layerFinder(config, layers, buildDir);
  const patterns = [...splitWords(config.get('BBFILES')), ...dynamicPatterns(config)];
  const { source } = config.environment;
  const found = new Set(patterns.flatMap((pattern) => matchFiles(source, resolve(buildDir, pattern))));
  const masked = mask(config);
  const files = [...found].filter((file) => !masked(file)).map((file) => ({ file, layer: layerOf(file) }));
  const appends = files
    .filter(({ file }) => file.endsWith('.bbappend'))
    // Of two layers' appends, those of the weightier one come last and prevail.
    .toSorted((a, b) => a.layer.priority - b.layer.priority)
    .map(({ file }) => file);
  const recipes = files.filter(({ file }) => file.endsWith('.bb'));
  return {
    recipes: recipes.map(({ file, layer }) => ({
      file,
      layer,
      appends: appends.filter((append) => applies(append, file)),
      ...nameAndVersion(file),
    })),
    dangling: appends.filter((append) => !recipes.some(({ file }) => applies(append, file))),
  };
}

/** `%` stands for whatever follows. */
function applies(append: string, recipe: string): boolean {
  const [name, stem] = [basename(recipe, '.bb'), basename(append, '.bbappend')];
  const percent = stem.indexOf('%');
  return percent < 0 ? name === stem : name.startsWith(stem.slice(0, percent));
}

function nameAndVersion(file: string): { readonly name: string; readonly version?: string } {
  const [name = '', version] = basename(file, '.bb').split('_');
  return { name, ...(version === undefined ? {} : { version }) };
}

/** BBFILES_DYNAMIC: `collection:pattern` where the collection is there, `!collection:pattern` where it is not. */
function dynamicPatterns(config: Datastore): readonly string[] {
  const variable = 'BBFILES_DYNAMIC';
  const collections = new Set(splitWords(config.get('BBFILE_COLLECTIONS')));
  return splitWords(config.get(variable)).flatMap((entry) => {
    const [, not, collection = '', pattern] = /^(!?)([^:!]+):(.+)$/.exec(entry) ?? [];
    if (pattern === undefined) {
      throw new VarveError(
        'metadata',
        `"${entry}" in ${variable} is not of the form LAYER:PATTERN or !LAYER:PATTERN`,
        placeOf(config, variable),
      );
    }
    return collections.has(collection) === (not === '') ? [pattern] : [];
  });
}

function mask(config: Datastore): (file: string) => boolean {
  const patterns = splitWords(config.get('BBMASK')).flatMap(
    (text) => patternOf(config, 'BBMASK', text) ?? [],
  );
  return (file) => patterns.some((pattern) => pattern.test(file));
}

/** The layer whose BBFILE_PATTERN fits a file, the weightiest first; else the one that it lies in. */
function layerFinder(config: Datastore, layers: readonly Layer[], buildDir: string): (file: string) => Layer {
  const weightiest = layers
    .toSorted((a, b) => b.priority - a.priority)
    .map((layer) => ({ layer, pattern: patternOf(config, `BBFILE_PATTERN_${layer.name}`) }));
  const outside: Layer = { name: basename(buildDir), path: buildDir, priority: 0 };
  return (file) =>
    weightiest.find(({ pattern }) => pattern?.test(file) === true)?.layer ??
    layers
      .toSorted((a, b) => b.path.length - a.path.length)
      .find((layer) => file.startsWith(`${layer.path}/`)) ??
    outside;
}

function patternOf(
  config: Datastore,
  variable: string,
  text = config.get(variable)?.trim() ?? '',
): RegExp | undefined {
  if (text === '') return undefined;
  try {
    return new RegExp(text);
  } catch {
    config.environment.warn(
      `${variable} has "${text}", which is not a pattern; it is passed over`,
      placeOf(config, variable).place,
    );
    return undefined;
  }
}
