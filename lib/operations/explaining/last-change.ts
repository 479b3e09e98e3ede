/** When the inputs of a task, or of what is made of a recipe's artifact, last became what they are. */
import type { RecordedTask } from '../../execution/results/recorded-task.ts';
import { installTask } from '../../graph/arrange-tasks.ts';
import type { RecordedBuild } from '../../history/recorded-build.ts';
import { recipeIn, type Standing } from '../record/find-recorded.ts';
import type { TheRecord } from '../record/open-record.ts';
import type { RecordedRecipe } from '../record/recorded-recipe.ts';

/** Where the inputs of a task last became what they are, and the newest build before; no `from` where there is none. */
export function lastChange(
  record: TheRecord,
  standing: Standing,
  task: string,
): { readonly from?: RecordedBuild; readonly to: Standing } {
  const wanted = standing.recipe.task(task)?.signature;
  let to = standing;
  for (const { build, recipe } of before(record, standing)) {
    const earlier = recipe.task(task)?.signature;
    if (earlier === undefined) continue;
    if (earlier !== wanted) return { from: build, to };
    to = { build, recipe };
  }
  return { to };
}

/** do_install; where that is older than the last change of a task that is made of what it left, the first such task. */
export function lastChanged(record: TheRecord, standing: Standing): string {
  const tasks = installAndAfter(standing.recipe);
  for (const { recipe } of before(record, standing)) {
    const changed = firstOtherwise(tasks, recipe);
    if (changed !== undefined) return changed;
  }
  return installTask;
}

/** The first of do_install and what is made of it that is otherwise than it was; do_install where none is. */
export function firstChanged(from: RecordedRecipe, to: RecordedRecipe): string {
  return firstOtherwise(installAndAfter(to), from) ?? installTask;
}

function firstOtherwise(tasks: readonly RecordedTask[], earlier: RecordedRecipe): string | undefined {
  return tasks.find(({ task, signature }) => {
    const was = earlier.task(task)?.signature;
    return was !== undefined && was !== signature && hadWork(earlier, task);
  })?.task;
}

/** Tasks that have something to run, in the order in which they do. */
function installAndAfter(recipe: RecordedRecipe): readonly RecordedTask[] {
  const tasks = recipe.tasks();
  const install = tasks.findIndex(({ task }) => task === installTask);
  return tasks.filter(({ task }, at) => at >= install && hadWork(recipe, task));
}

/** Whether a task had something to run. */
export function hadWork(recipe: RecordedRecipe, task: string): boolean {
  return recipe.inputs(task, 'task')?.length !== 0;
}

/** How the recipe stood in the builds before, the newest first. */
function* before(record: TheRecord, standing: Standing): Iterable<Standing> {
  for (const build of record.builds.filter(({ n }) => n < standing.build.n).toReversed()) {
    const recipe = recipeIn(record, build, standing.recipe);
    if (recipe !== undefined) yield { build, recipe };
  }
}
