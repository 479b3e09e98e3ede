import { recipeShapeOf } from '../execution/outline/recipe-shape-of.ts';
import { arrangeTasks } from '../graph/arrange-tasks.ts';
import { loadMetadata } from '../layers/load-metadata.ts';
import type { World } from '../ports/world.ts';
import { warnThrough, type Say } from '../terms/say.ts';

export interface TaskRow {
  readonly task: string;
  /** Tasks of the recipe that it comes after. */
  readonly after: readonly string[];
  /** What it needs of other recipes, as its flags say it. */
  readonly needs: readonly string[];
  readonly noexec: boolean;
  readonly nostamp: boolean;
  readonly doc?: string;
}

/** Lists the tasks of a recipe in the order in which they run. */
export function listTasks(
  world: World,
  request: { readonly buildDir: string; readonly recipe: string },
  say: Say,
): readonly TaskRow[] {
  const metadata = loadMetadata(world, {
    buildDir: request.buildDir,
    python: world.python,
    warn: warnThrough(say),
  });
  const recipe = metadata.recipe(request.recipe);
  const shape = recipeShapeOf(recipe);
  const { order, after } = arrangeTasks(shape.name, shape.tasks);
  return order.flatMap((name) => {
    const task = shape.tasks.find((candidate) => candidate.name === name);
    if (task === undefined) return [];
    const doc = recipe.data.flag(name, 'doc');
    const needs = [
      ...task.depends,
      ...task.deptask.map((other) => `${other} of DEPENDS`),
      ...task.rdeptask.map((other) => `${other} of RDEPENDS`),
      ...task.recrdeptask.map((other) => `${other} of all within reach`),
    ];
    return [
      {
        task: name,
        after: after.get(name) ?? [],
        needs,
        noexec: task.noexec,
        nostamp: task.nostamp,
        ...(doc === undefined ? {} : { doc }),
      },
    ];
  });
}
