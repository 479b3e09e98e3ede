import { resolve } from 'node:path';
import type { Datastore } from '../language/datastore.ts';
import type { LoadedRecipe, RecipeDirs } from './metadata.ts';

/** Reads where the work of a recipe goes on. */
export function recipeDirs(data: Datastore, buildDir: string): RecipeDirs {
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

/** The recipe as it would be if its WORKDIR were this directory. */
export function withWorkdir(recipe: LoadedRecipe, workdir: string): LoadedRecipe {
  const data = recipe.data.copy();
  data.set('WORKDIR', workdir);
  return { ...recipe, data, dirs: recipeDirs(data, workdir) };
}
