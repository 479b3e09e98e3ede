import { taskId } from '../terms/ids.ts';
import type { TaskGraph, TaskNode } from '../terms/task-graph.ts';

/** Answers which tasks of other recipes a task may count on, and those of its recipe that it goes on from. */
export type DependedOn = (node: TaskNode) => readonly TaskNode[];

/** Makes what answers that of a graph, of the dependencies that count. */
export function createDependedOn(
  graph: TaskGraph,
  counts: (on: TaskNode, by: TaskNode) => boolean,
): DependedOn {
  const recipes = new Map<string, ReadonlyMap<string, readonly TaskNode[]>>();
  return (node) => {
    if (node.shape.noexec) return [];
    const direct = recipes.get(node.recipe) ?? directOf(graph, node.recipe, counts);
    recipes.set(node.recipe, direct);
    if (direct.size === 0) return [];
    const before = graph.arrangements.get(node.recipe)?.ancestors.get(node.shape.name) ?? [];
    const goesOnFrom = before.filter(
      (name) => graph.tasks.get(taskId(node.recipe, name))?.afterInstall === node.afterInstall,
    );
    return [...new Set([...goesOnFrom, node.shape.name].flatMap((name) => direct.get(name) ?? []))];
  };
}

/** By task. */
function directOf(
  graph: TaskGraph,
  recipe: string,
  counts: (on: TaskNode, by: TaskNode) => boolean,
): ReadonlyMap<string, readonly TaskNode[]> {
  const found = new Map<string, readonly TaskNode[]>();
  for (const name of graph.arrangements.get(recipe)?.order ?? []) {
    const by = graph.tasks.get(taskId(recipe, name));
    if (by === undefined) continue;
    const on = by.across.flatMap((id) => {
      const other = graph.tasks.get(id);
      return other !== undefined && counts(other, by) ? [other] : [];
    });
    if (on.length > 0) found.set(name, on);
  }
  return found;
}
