import type { TaskId } from '../terms/ids.ts';
import type { TaskGraph } from '../terms/task-graph.ts';

/** Lists the tasks recipe by recipe, what is depended on first, and within a recipe in its own order. */
export function tasksInOrder(graph: TaskGraph): readonly TaskId[] {
  const recipes = new Set<string>();
  const entered = new Set<string>();
  const stack = graph.targets.map((id) => graph.tasks.get(id)?.recipe ?? '').toReversed();
  for (let name = stack.at(-1); name !== undefined; name = stack.at(-1)) {
    const needs = entered.has(name) ? [] : neededBy(graph, name).filter((other) => !entered.has(other));
    entered.add(name);
    stack.push(...needs.toReversed());
    if (needs.length > 0) continue;
    stack.pop();
    recipes.add(name);
  }
  const byRecipe = new Map([...recipes].map((name) => [name, [] as TaskId[]]));
  for (const node of [...graph.tasks.values()].toSorted((a, b) => a.position - b.position))
    byRecipe.get(node.recipe)?.push(node.id);
  return [...byRecipe.values()].flat();
}

function neededBy(graph: TaskGraph, recipe: string): readonly string[] {
  const found = new Set<string>();
  for (const task of graph.arrangements.get(recipe)?.order ?? []) {
    for (const id of graph.tasks.get(`${recipe}:${task}` as TaskId)?.across ?? []) {
      const other = graph.tasks.get(id)?.recipe;
      if (other !== undefined) found.add(other);
    }
  }
  return [...found];
}
