import type { TaskId } from '../terms/ids.ts';
import type { TaskNode } from '../terms/task-graph.ts';

/**
 * Finds the tasks whose content stands for `task` before others: itself if it has an artifact, else the nearest tasks with one
 * that it stands after in its recipe, and itself by its tree where there are none, or where it runs in every build.
 */
export function producersOf(tasks: ReadonlyMap<TaskId, TaskNode>, task: TaskNode): readonly TaskId[] {
  if (task.shape.artifact) return [task.id];
  const always = task.shape.nostamp && !task.shape.noexec ? [task.id] : [];
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
  return found.size + always.length === 0 ? [task.id] : [...always, ...found].sort();
}
