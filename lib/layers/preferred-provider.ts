/** Which recipe the configuration prefers where several provide a name. */
import type { Datastore } from '../language/datastore.ts';
import { hasPackage } from './has-package.ts';
import type { LoadedRecipe } from './metadata.ts';
import { placeOf } from './place-of.ts';

/** Finds a recipe by its PN. */
type Find = (name: string) => LoadedRecipe | undefined;

/** The recipe that PREFERRED_PROVIDER names; one that cannot be it is warned of. */
export function preferredProvider(config: Datastore, name: string, find: Find): LoadedRecipe | undefined {
  // A recipe is what its own name means in any case.
  if (config.get(`PREFERRED_PROVIDER_${name}`)?.trim() === name) return undefined;
  const isOf = (recipe: LoadedRecipe): boolean => recipe.provides.includes(name) || hasPackage(recipe, name);
  return preferred(config, `PREFERRED_PROVIDER_${name}`, { find, isOf });
}

/** The recipe that PREFERRED_RPROVIDER names, of which BitBake asks only for what is needed to run. */
export function preferredToRun(config: Datastore, name: string, find: Find): LoadedRecipe | undefined {
  const isOf = (recipe: LoadedRecipe): boolean => hasPackage(recipe, name);
  return preferred(config, `PREFERRED_RPROVIDER_${name}`, { find, isOf });
}

function preferred(
  config: Datastore,
  variable: string,
  { find, isOf }: { readonly find: Find; isOf(recipe: LoadedRecipe): boolean },
): LoadedRecipe | undefined {
  const wanted = config.get(variable)?.trim() ?? '';
  if (wanted === '') return undefined;
  const recipe = find(wanted);
  if (recipe !== undefined && recipe.skipped === undefined && isOf(recipe)) return recipe;
  const what =
    recipe === undefined
      ? 'which is no recipe'
      : `which ${recipe.skipped === undefined ? 'does not provide it' : 'is skipped'}`;
  config.environment.warn(`${variable} names ${wanted}, ${what}`, placeOf(config, variable).place);
  return undefined;
}

/** The recipes with a package of this name; as in BitBake only those, if any, that are preferred for what they provide. */
export function packageOwners(
  config: Datastore,
  name: string,
  all: readonly LoadedRecipe[],
): readonly LoadedRecipe[] {
  const owners = all.filter((one) => hasPackage(one, name));
  if (owners.length < 2) return owners;
  const toRun = config.get(`PREFERRED_RPROVIDER_${name}`)?.trim();
  const chosen = owners.find((one) => one.name === toRun);
  if (chosen !== undefined) return [chosen];
  const preferred = owners.filter((one) =>
    one.provides.some((each) => config.get(`PREFERRED_PROVIDER_${each}`)?.trim() === one.name),
  );
  return preferred.length > 0 ? preferred : owners;
}
