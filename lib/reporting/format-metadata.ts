/** Recipes and tasks as tables. */
import { relative } from 'node:path';
import type { TaskRow } from '../operations/list-tasks.ts';
import type { RecipeRow } from '../operations/list-recipes.ts';
import { formatTable } from './format-table.ts';
import type { View } from './view.ts';

/** Lists recipes: name, version, layer and file, and why one cannot be built. */
export function formatRecipes(recipes: readonly RecipeRow[], { world }: View): string {
  if (recipes.length === 0) return 'the layers offer no recipes\n';
  return formatTable(
    recipes.map(({ name, version, layer, file, skipped }) => {
      const near = relative(world.cwd, file);
      return [
        name,
        version,
        layer,
        near.startsWith('..') ? file : near,
        skipped === undefined ? '' : `skipped: ${skipped}`,
      ];
    }),
  );
}

/** Lists tasks in order, with what each comes after. */
export function formatTasks(tasks: readonly TaskRow[], { verbose }: View): string {
  return formatTable(
    tasks.map(({ task, after, needs, noexec, nostamp, doc }) => {
      const marks = [...(noexec ? ['runs nothing'] : []), ...(nostamp ? ['always runs'] : [])];
      const parts = [
        ...(after.length > 0 ? [`after ${after.join(', ')}`] : []),
        ...needs.map((need) => `needs ${need}`),
        ...marks,
      ];
      return [task, parts.join('; '), verbose && doc !== undefined ? doc : ''];
    }),
  );
}
