import type { TaskId } from '../terms/ids.ts';
import type { TaskNode } from '../terms/task-graph.ts';

/**
 * Finds the tasks whose content stands for `task` before others: itself if it has an artifact, or runs in every build; else the
 * nearest tasks with one that it stands after in its recipe, else itself by its tree.
 */
export function producersOf(tasks: ReadonlyMap<TaskId, TaskNode>, task: TaskNode): readonly TaskId[] {
  if (task.shape.artifact || task.shape.nostamp) return [task.id];
  const found = new Set<TaskId>();
  const seen = new Set<TaskId>();
  const queue = [...task.inside];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    const node = tasks.get(id);
    if (node === undefined || seen.has(id)) continue;
    seen.add(id);
    if (node.shape.artifact) found.add(id);
    else queue.push(...node.inside);
  }
  return found.size === 0 ? [task.id] : [...found].sort();
}
