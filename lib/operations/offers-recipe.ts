import { loadMetadata } from '../layers/load-metadata.ts';
import type { World } from '../ports/world.ts';
import { VarveError } from '../terms/varve-error.ts';

/** Whether a recipe file of the layers promises that name; no, where the metadata cannot be read. */
export function offersRecipe(
  world: World,
  { buildDir, name }: { readonly buildDir: string; readonly name: string },
): boolean {
  try {
    const metadata = loadMetadata(world, { buildDir, python: world.python, warn: () => {} });
    return metadata.recipeFiles.some((file) => file.name === name);
  } catch (error) {
    if (error instanceof VarveError) return false;
    throw error;
  }
}
