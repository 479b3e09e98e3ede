/** Puts the tasks of one recipe in order, and says which state of the WORKDIR each starts from. */
import { VarveError } from '../terms/varve-error.ts';
import type { Arrangement, TaskShape } from '../terms/task-graph.ts';

/** The task whose output is the recipe's primary artifact. */
export const installTask = 'do_install';

/** Arranges the tasks of `recipe`. Throws where they depend on each other in a circle. */
export function arrangeTasks(recipe: string, tasks: readonly TaskShape[]): Arrangement {
  const names = new Set(tasks.map((task) => task.name));
  const after = new Map(
    tasks.map((task) => {
      const before = task.readsArtifacts ? [...task.after, installTask] : task.after;
      return [task.name, before.filter((name) => names.has(name))] as const;
    }),
  );
  const order = sortTasks(recipe, tasks, after);
  const place = new Map(order.map((name, index) => [name, index]));
  const inOrder = (set: Iterable<string>): string[] =>
    [...set].sort((a, b) => (place.get(a) ?? 0) - (place.get(b) ?? 0));

  const stands = new Map([...after].map(([name, before]) => [name, new Set(before)]));
  let ancestors = closeOver(order, stands);
  // What runs nothing, or reads artifacts, needs no one place where all that it depends on is.
  const apart = new Set(tasks.filter(({ readsArtifacts }) => readsArtifacts).map(({ name }) => name));
  const running = new Set(
    tasks.filter(({ name, noexec }) => !noexec && !apart.has(name)).map(({ name }) => name),
  );
  while (straighten(order, { stands, ancestors, running })) ancestors = closeOver(order, stands);

  const afterInstall = new Set(order.filter((name) => ancestors.get(name)?.has(installTask)));
  const parent = new Map(
    order.map((name) => {
      if (apart.has(name)) return [name, undefined] as const;
      const line = lineOf(name, inOrder(ancestors.get(name) ?? []), ancestors);
      return [name, line.at(-1)] as const;
    }),
  );
  const depended = closeOver(order, after);
  return {
    order,
    after: new Map([...after].map(([name, before]) => [name, inOrder(new Set(before))])),
    ancestors: new Map([...depended].map(([name, set]) => [name, inOrder(set)])),
    parent,
    afterInstall,
  };
}

/** The ancestors whose writes a task's directory holds: past do_install only those past it. */
function lineOf(
  name: string,
  ancestors: readonly string[],
  all: ReadonlyMap<string, ReadonlySet<string>>,
): string[] {
  const past = all.get(name)?.has(installTask) ?? false;
  return ancestors.filter((other) => (past ? all.get(other)?.has(installTask) : true));
}

function closeOver(
  order: readonly string[],
  after: ReadonlyMap<string, Iterable<string>>,
): ReadonlyMap<string, ReadonlySet<string>> {
  const closed = new Map<string, Set<string>>();
  for (const name of order) {
    const set = new Set<string>();
    for (const before of after.get(name) ?? []) {
      set.add(before);
      for (const further of closed.get(before) ?? []) set.add(further);
    }
    closed.set(name, set);
  }
  return closed;
}

interface Standing {
  readonly stands: ReadonlyMap<string, Set<string>>;
  readonly ancestors: ReadonlyMap<string, ReadonlySet<string>>;
  readonly running: ReadonlySet<string>;
}

/**
 * A WORKDIR holds one line of commits. Where a task that runs depends on two that do not stand on each other,
 * the later one is made to stand on the earlier. Answers whether anything changed.
 */
function straighten(order: readonly string[], { stands, ancestors, running }: Standing): boolean {
  let changed = false;
  for (const name of order.filter((each) => running.has(each))) {
    const sorted = order.filter((other) => ancestors.get(name)?.has(other));
    const line = lineOf(name, sorted, ancestors);
    for (let index = 1; index < line.length; index += 1) {
      const [earlier, later] = [line[index - 1] ?? '', line[index] ?? ''];
      if (ancestors.get(later)?.has(earlier)) continue;
      stands.get(later)?.add(earlier);
      changed = true;
    }
  }
  return changed;
}

function sortTasks(
  recipe: string,
  tasks: readonly TaskShape[],
  after: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  const order: string[] = [];
  const placed = new Set<string>();
  while (order.length < tasks.length) {
    const next = tasks.find(
      (task) => !placed.has(task.name) && (after.get(task.name) ?? []).every((name) => placed.has(name)),
    );
    if (next === undefined) throw circle(recipe, tasks, placed, after);
    placed.add(next.name);
    order.push(next.name);
  }
  return order;
}

function circle(
  recipe: string,
  tasks: readonly TaskShape[],
  placed: ReadonlySet<string>,
  after: ReadonlyMap<string, readonly string[]>,
): VarveError {
  const path: string[] = [];
  let name = tasks.find((task) => !placed.has(task.name))?.name ?? '';
  while (!path.includes(name)) {
    path.push(name);
    name = after.get(name)?.find((before) => !placed.has(before)) ?? '';
  }
  const ring = [...path.slice(path.indexOf(name)), name].map((task) => `${recipe}:${task}`);
  return new VarveError('metadata', `dependency cycle: ${ring.join(' needs ')}`, {
    hints: ['Take one of these out of an "addtask … after …" or "before …" line.'],
  });
}
