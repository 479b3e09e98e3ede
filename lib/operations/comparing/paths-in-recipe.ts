/** Paths that are asked for where files are told with the recipe before them. */

/** All of the recipe. */
export const WHOLE = '.';

/** What each of these, as typed, may mean in the artifact of a recipe: the path in it, and what was typed. */
export function pathsInRecipe(recipe: string, typed: readonly string[]): ReadonlyMap<string, string> {
  return new Map(typed.flatMap((path) => meanings(recipe, path).map((own) => [own, path] as const)));
}

function meanings(recipe: string, path: string): readonly string[] {
  const bare = path.replace(/\/+$/, '');
  if (bare === recipe) return [WHOLE, path];
  return bare.startsWith(`${recipe}/`) ? [bare.slice(recipe.length + 1), path] : [path];
}
