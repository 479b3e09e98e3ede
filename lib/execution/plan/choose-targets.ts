/** What the words of a build request mean in this metadata. */
import type { LoadedRecipe, Metadata } from '../../layers/load-metadata.ts';
import type { BuildRequest } from '../../terms/build-request.ts';
import { closest } from '../../terms/closest.ts';
import { taskId, taskName, type TaskId } from '../../terms/ids.ts';
import type { TaskGraph } from '../../terms/task-graph.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { outlineOf } from '../outline/recipe-outline.ts';
import { recipeShapeOf } from '../outline/recipe-shape-of.ts';

/** What of a request says which tasks are meant. */
export type TargetRequest = Pick<BuildRequest, 'targets' | 'task' | 'runall'>;

/** Finds the tasks that are asked for; an unknown recipe or task is an error with the nearest name. */
export function chooseTargets(metadata: Metadata, request: TargetRequest): readonly TaskId[] {
  const named = request.targets.map((target) => parseTarget(metadata, request, target));
  if (request.runall === undefined) return named;
  const wanted = request.runall;
  const reached = reachedRecipes(
    metadata,
    named.map((id) => metadata.recipe(id.slice(0, id.lastIndexOf(':')))),
  );
  const having = reached.filter((recipe) => recipe.tasks.some((task) => task.name === wanted));
  if (having.length === 0) {
    const near = closest(
      wanted,
      reached.flatMap((recipe) => recipe.tasks.map((task) => task.name)),
    );
    throw new VarveError('usage', `no recipe within reach has a task ${wanted}`, {
      hints: near === undefined ? [] : [`did you mean "${near.replace(/^do_/, '')}"?`],
    });
  }
  return having.map((recipe) => taskId(recipe.name, wanted));
}

function parseTarget(metadata: Metadata, request: TargetRequest, target: string): TaskId {
  const [, name, spoken] = /^([^:@\s]+)(?::([^:@\s]+))?$/.exec(target) ?? [];
  if (name === undefined) {
    throw new VarveError('usage', `"${target}" is neither a recipe nor RECIPE:TASK`, {
      hints: ['varve recipes   lists what the layers offer', 'varve tasks RECIPE   lists its tasks'],
    });
  }
  const recipe = metadata.recipe(name);
  if (recipe.skipped !== undefined) {
    throw new VarveError('usage', `${recipe.name} is skipped: ${recipe.skipped}`, {
      place: { file: recipe.file },
    });
  }
  const task = taskName(spoken ?? request.task ?? outlineOf(recipe).defaultTask);
  const names = recipe.tasks.map((candidate) => candidate.name);
  if (names.includes(task)) return taskId(recipe.name, task);
  const near = closest(task, names);
  throw new VarveError('usage', `${recipe.name} has no task ${task}`, {
    hints: [
      ...(near === undefined ? [] : [`did you mean "${near.replace(/^do_/, '')}"?`]),
      `varve tasks ${recipe.name}   lists its tasks`,
    ],
  });
}

function reachedRecipes(metadata: Metadata, from: readonly LoadedRecipe[]): readonly LoadedRecipe[] {
  const seen = new Map<string, LoadedRecipe>();
  const queue = [...from];
  for (let recipe = queue.pop(); recipe !== undefined; recipe = queue.pop()) {
    if (seen.has(recipe.name)) continue;
    seen.set(recipe.name, recipe);
    const asked = recipe.name;
    queue.push(...recipeShapeOf(recipe).depends.map((name) => metadata.recipe(name, asked)));
  }
  return [...seen.values()];
}

/** `-f`: the named tasks; where none is named, all of the named recipes but fetching. */
export function forcedTasks(graph: TaskGraph, request: BuildRequest): ReadonlySet<TaskId> {
  if (!request.force) return new Set();
  const isNamed = request.task !== undefined || request.runall !== undefined;
  return new Set(
    graph.targets.flatMap((target, index) => {
      if (isNamed || request.targets[index]?.includes(':')) return [target];
      const recipe = target.slice(0, target.lastIndexOf(':'));
      const order = graph.arrangements.get(recipe)?.order ?? [];
      return order.filter((task) => task !== 'do_fetch').map((task) => taskId(recipe, task));
    }),
  );
}
