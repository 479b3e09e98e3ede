import type { EvaluatedRecipe } from '../language/read-recipe.ts';
import { warnOfTaskNames } from '../language/warn-of-task-names.ts';

/** Tells of what is most likely meant otherwise in a recipe. It may be asked of the recipe as written, not of its variants. */
export function warnOfMistakes({ data, tasks, skipped }: EvaluatedRecipe): void {
  // A recipe that is skipped may be half read.
  if (skipped !== undefined) return;
  warnOfTaskNames(
    data,
    tasks.map(({ name }) => name),
  );
}
