import type { TaskId } from '../terms/ids.ts';
import type { TaskGraph, TaskNode } from '../terms/task-graph.ts';

/**
 * Makes what tells, when a task has come to its end, of which recipes nobody needs the WORKDIR any more: of its own, and of those
 * that it looked into.
 */
export function idleRecipes(
  graph: TaskGraph,
  isAwaited: (task: TaskId) => boolean,
): (ended: TaskId) => readonly string[] {
  let users: ReadonlyMap<string, readonly TaskId[]> | undefined;
  return (ended) => {
    users ??= usersOf(graph);
    const node = graph.tasks.get(ended);
    const recipes = node === undefined ? [] : workdirsOf(graph, node);
    return recipes.filter((recipe) => users?.get(recipe)?.some(isAwaited) !== true);
  };
}

function usersOf(graph: TaskGraph): ReadonlyMap<string, readonly TaskId[]> {
  const users = new Map<string, TaskId[]>();
  for (const node of graph.tasks.values()) {
    for (const recipe of workdirsOf(graph, node)) {
      const known = users.get(recipe);
      if (known === undefined) users.set(recipe, [node.id]);
      else known.push(node.id);
    }
  }
  return users;
}

/** A task that depends on another recipe's artifact has it in its sysroot; on any other task, it may read what that left. */
function workdirsOf(graph: TaskGraph, node: TaskNode): readonly string[] {
  if (node.shape.noexec) return [];
  const lookedInto = node.across.flatMap((id) => {
    const other = graph.tasks.get(id);
    return other === undefined || other.shape.noexec || other.shape.artifact ? [] : [other.recipe];
  });
  return [...new Set([node.recipe, ...lookedInto])];
}
