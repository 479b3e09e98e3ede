import type { TaskId } from '../terms/ids.ts';
import type { TaskGraph, TaskNode } from '../terms/task-graph.ts';
import type { DependedOn } from './depended-on.ts';
import { createLookedInto } from './looked-into.ts';

/**
 * Makes what tells, when a task has come to its end, of which recipes nobody needs the WORKDIR any more: of its own, and of those
 * that it looked into.
 */
export function idleRecipes(
  graph: TaskGraph,
  isAwaited: (task: TaskId) => boolean,
): (ended: TaskId) => readonly string[] {
  const lookedInto = createLookedInto(graph);
  let users: ReadonlyMap<string, readonly TaskId[]> | undefined;
  return (ended) => {
    users ??= usersOf(graph, lookedInto);
    const node = graph.tasks.get(ended);
    const recipes = node === undefined ? [] : workdirsOf(node, lookedInto);
    return recipes.filter((recipe) => users?.get(recipe)?.some(isAwaited) !== true);
  };
}

function usersOf(graph: TaskGraph, lookedInto: DependedOn): ReadonlyMap<string, readonly TaskId[]> {
  const users = new Map<string, TaskId[]>();
  for (const node of graph.tasks.values()) {
    for (const recipe of workdirsOf(node, lookedInto)) {
      const known = users.get(recipe);
      if (known === undefined) users.set(recipe, [node.id]);
      else known.push(node.id);
    }
  }
  return users;
}

function workdirsOf(node: TaskNode, lookedInto: DependedOn): readonly string[] {
  if (node.shape.noexec) return [];
  return [...new Set([node.recipe, ...lookedInto(node).map(({ recipe }) => recipe)])];
}
