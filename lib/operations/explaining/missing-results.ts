import type { RecordedBuild } from '../../history/recorded-build.ts';
import { taskId, type TaskId } from '../../terms/ids.ts';
import type { TheRecord } from '../record/open-record.ts';
import type { RecordedRecipe } from '../record/recorded-recipe.ts';

/** A task that ran although nothing that it depends on had changed. */
export interface MissingResult {
  readonly task: TaskId;
  /** What had become of its result: a sentence. */
  readonly what: string;
}

/**
 * Finds the tasks with an artifact that a build ran because their results were gone, or did not count any more: of all
 * recipes, or of these.
 */
export function missingResults(
  record: TheRecord,
  build: RecordedBuild,
  recipes: readonly RecordedRecipe[] = record.recipes(build),
): readonly MissingResult[] {
  if ((build.counts?.run ?? 0) === 0) return [];
  return recipes.flatMap((recipe) => {
    const history = record.history(recipe.arch, recipe.recipe);
    const made = new Set(recipe.artifacts().map(({ signature }) => signature));
    return recipe.tasks().flatMap(({ task, signature, commit }) => {
      if (!made.has(signature) || commit === undefined || history?.objects.has(commit) !== true) return [];
      const run = history.runs.of(commit).findLast((each) => each.build === build.n);
      return run?.reason?.kind === 'missing'
        ? [{ task: taskId(recipe.recipe, task), what: run.reason.what }]
        : [];
    });
  });
}
