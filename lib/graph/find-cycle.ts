import type { TaskId } from '../terms/ids.ts';

interface Dependant {
  readonly inside: readonly TaskId[];
  readonly across: readonly TaskId[];
}

/** Finds a circle of dependencies, as the path that leads back to its start; linear, and without recursion. */
export function findCycle(tasks: ReadonlyMap<TaskId, Dependant>): readonly TaskId[] | undefined {
  const done = new Set<TaskId>();
  for (const start of tasks.keys()) {
    const path: TaskId[] = [];
    const onPath = new Set<TaskId>();
    const stack: { readonly id: TaskId; readonly rest: TaskId[] }[] = [];
    const enter = (id: TaskId): void => {
      const task = tasks.get(id);
      path.push(id);
      onPath.add(id);
      stack.push({ id, rest: task === undefined ? [] : [...task.inside, ...task.across] });
    };
    if (!done.has(start)) enter(start);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const next = top.rest.pop();
      if (next === undefined) {
        stack.pop();
        path.pop();
        onPath.delete(top.id);
        done.add(top.id);
      } else if (onPath.has(next)) {
        return [...path.slice(path.indexOf(next)), next];
      } else if (!done.has(next)) {
        enter(next);
      }
    }
  }
  return undefined;
}
