/** What one layer has that stands before what another has under the same name. */
import { join } from 'node:path';
import type { Datastore } from '../language/datastore.ts';
import { byCodeUnit } from '../terms/ids.ts';
import type { Metadata, RecipeFile } from './metadata.ts';

export interface Overlay {
  readonly kind: 'recipe' | 'class';
  /** `zlib`, `autotools` */
  readonly name: string;
  readonly file: string;
  /** The files that it stands before. */
  readonly hides: readonly string[];
}

/**
 * Finds overlays by file names alone: recipes of a weightier layer (PREFERRED_VERSION may still choose another), and
 * classes that come earlier in BBPATH. By name; recipes first.
 */
export function findOverlays({
  config,
  recipeFiles,
}: Pick<Metadata, 'config' | 'recipeFiles'>): readonly Overlay[] {
  return [...recipeOverlays(recipeFiles), ...classOverlays(config)];
}

function recipeOverlays(files: readonly RecipeFile[]): readonly Overlay[] {
  return files
    .map(({ name, file, layer }): Overlay => {
      const hidden = files.filter((other) => other.name === name && other.layer.priority < layer.priority);
      return { kind: 'recipe', name, file, hides: hidden.map((other) => other.file) };
    })
    .filter(({ hides }) => hides.length > 0)
    .toSorted((a, b) => byCodeUnit(a.name, b.name));
}

/** A class is looked for in one of these in all of BBPATH, then in the next. */
const classFolders = ['classes-global', 'classes-recipe', 'classes'];

function classOverlays(config: Datastore): readonly Overlay[] {
  const dirs = (config.get('BBPATH') ?? '').split(':');
  const found = new Map<string, string[]>();
  for (const folder of classFolders) {
    for (const dir of dirs.map((each) => join(each, folder))) {
      for (const name of config.environment.source.list(dir).filter((each) => each.endsWith('.bbclass'))) {
        found.set(`${folder}/${name}`, [...(found.get(`${folder}/${name}`) ?? []), join(dir, name)]);
      }
    }
  }
  return [...found]
    .toSorted(([a], [b]) => byCodeUnit(a, b))
    .flatMap(([path, [file = '', ...hides]]) => {
      const name = path.slice(path.indexOf('/') + 1).replace(/\.bbclass$/, '');
      return hides.length === 0 ? [] : [{ kind: 'class' as const, name, file, hides }];
    });
}
