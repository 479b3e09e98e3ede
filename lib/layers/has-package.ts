import type { Datastore } from '../language/datastore.ts';
import type { LoadedRecipe } from './metadata.ts';
import { dependencyNames, splitWords } from './split-words.ts';

/** Tells whether a package of the recipe has the name, or stands for it by RPROVIDES. */
export function hasPackage(recipe: LoadedRecipe, name: string): boolean {
  if (recipe.skipped !== undefined) return false;
  return recipe.remember('packages', packageNames).includes(name);
}

function packageNames(data: Datastore): readonly string[] {
  return splitWords(data.get('PACKAGES')).flatMap((one) => [
    one,
    ...dependencyNames(data.get(`RPROVIDES:${one}`)),
  ]);
}
