import { splitTaskId, type TaskId } from '../../terms/ids.ts';
import type { Standing } from '../record/find-recorded.ts';
import type { TheRecord } from '../record/open-record.ts';
import type { RecordedRecipe } from '../record/recorded-recipe.ts';

/** These recipes as they stood, and by what their tasks were made from, those that they need. */
export function neededRecipes(record: TheRecord, standings: readonly Standing[]): readonly RecordedRecipe[] {
  const found = new Map<string, RecordedRecipe>();
  const queue = [...standings];
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    const { build, recipe } = at;
    if (found.has(recipe.oid)) continue;
    found.set(recipe.oid, recipe);
    const names = new Set(
      recipe.tasks().flatMap(({ task }) => (recipe.inputs(task) ?? []).flatMap(recipeMeant)),
    );
    queue.push(
      ...record
        .recipes(build)
        .filter((each) => names.has(each.recipe))
        .map((each) => ({ build, recipe: each })),
    );
  }
  return [...found.values()];
}

function recipeMeant({ kind, name }: { readonly kind: string; readonly name: string }): readonly string[] {
  if (kind === 'artifact') return [name];
  return kind === 'produced' ? [splitTaskId(name as TaskId).recipe] : [];
}
