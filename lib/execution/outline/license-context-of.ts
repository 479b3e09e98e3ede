import type { LoadedRecipe } from '../../layers/load-metadata.ts';
import type { World } from '../../ports/world.ts';
import type { LicenseContext } from '../../sources/check-licenses.ts';

/** Reads from a recipe's metadata what the check of its license texts needs to know. */
export function licenseContextOf(
  recipe: LoadedRecipe,
  { world, log }: { readonly world: World; readonly log: (line: string) => void },
): LicenseContext {
  const { data } = recipe;
  const variable = 'LIC_FILES_CHKSUM';
  const origin = data.origins(variable).at(-1);
  return {
    recipe: recipe.name,
    recipeFile: recipe.file,
    s: recipe.dirs.s,
    license: data.get('LICENSE') ?? '',
    licenseFiles: data.get(variable) ?? '',
    asWritten: data.getRaw(variable) ?? '',
    place: origin === undefined ? undefined : { file: origin.file, line: origin.line },
    log,
    world,
  };
}
