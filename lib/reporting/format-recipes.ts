/** Recipes as a table, and as a document. */
import type { RecipeRow } from '../operations/list-recipes.ts';
import type { World } from '../ports/world.ts';
import { formatTable } from './format-table.ts';
import { nearPath } from './near-path.ts';
import { errorDocument } from './report-error.ts';
import type { View } from './view.ts';

/** Lists recipes: name, version, layer and file, and why one cannot be built or read. */
export function formatRecipes(recipes: readonly RecipeRow[], { world }: View): string {
  if (recipes.length === 0) return 'the layers offer no recipes\n';
  return formatTable(
    recipes.map(({ name, version = '', layer, file, skipped, error }) => [
      name,
      version,
      layer,
      nearPath(file, world.cwd),
      error !== undefined
        ? `cannot be read: ${error.message}`
        : skipped === undefined
          ? ''
          : `skipped: ${skipped}`,
    ]),
  );
}

/** Recipes as `--json` tells them. */
export function recipesDocument(recipes: readonly RecipeRow[], fs: World['fs']): readonly object[] {
  return recipes.map(({ error, ...row }) =>
    error === undefined ? row : { ...row, error: errorDocument(error, fs).error },
  );
}
