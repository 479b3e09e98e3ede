/** Which tasks the end of a build waits for longest: those go first. */
import { splitTaskId, type TaskId } from '../terms/ids.ts';
import type { TaskGraph } from '../terms/task-graph.ts';

/** What a task that nobody has a time of, nor of another of its name, is taken to need; milliseconds. */
const GUESS = 1000;

/**
 * Tells for each task how long, in milliseconds, the longest line of tasks takes that begins with it, each waiting for the
 * one before. `timeOf` tells how long a task took the last time; one that never ran is taken for an average one of its name.
 */
export function urgencies(
  graph: TaskGraph,
  timeOf: (task: TaskId) => number | undefined,
): ReadonlyMap<TaskId, number> {
  const expected = expectedTimes(graph, timeOf);
  const waiting = waitingFor(graph);
  const found = new Map<TaskId, number>();
  for (const first of graph.tasks.keys()) {
    // Not by recursion: a line of tasks may be longer than the stack.
    const open = [first];
    for (let id = open.at(-1); id !== undefined; id = open.at(-1)) {
      const dependants = waiting.get(id) ?? [];
      const missing = found.has(id) ? [] : dependants.filter((one) => !found.has(one));
      open.push(...missing);
      if (missing.length > 0) continue;
      const longest = Math.max(0, ...dependants.map((one) => found.get(one) ?? 0));
      found.set(id, expected(id) + longest);
      open.pop();
    }
  }
  return found;
}

function waitingFor(graph: TaskGraph): ReadonlyMap<TaskId, readonly TaskId[]> {
  const waiting = new Map<TaskId, TaskId[]>();
  for (const { id, inside, parent, across } of graph.tasks.values()) {
    for (const before of new Set([...inside, ...across, ...(parent === undefined ? [] : [parent])])) {
      const known = waiting.get(before);
      if (known === undefined) waiting.set(before, [id]);
      else known.push(id);
    }
  }
  return waiting;
}

function expectedTimes(
  graph: TaskGraph,
  timeOf: (task: TaskId) => number | undefined,
): (task: TaskId) => number {
  const sums = new Map<string, { readonly total: number; readonly count: number }>();
  for (const id of graph.tasks.keys()) {
    const time = timeOf(id);
    if (time === undefined) continue;
    const { task } = splitTaskId(id);
    const { total, count } = sums.get(task) ?? { total: 0, count: 0 };
    sums.set(task, { total: total + time, count: count + 1 });
  }
  return (id) => {
    if (graph.tasks.get(id)?.shape.noexec === true) return 0;
    const sum = sums.get(splitTaskId(id).task);
    return timeOf(id) ?? (sum === undefined ? GUESS : sum.total / sum.count);
  };
}
