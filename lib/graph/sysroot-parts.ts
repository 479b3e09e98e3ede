import { splitTaskId, taskId, type TaskId } from '../terms/ids.ts';
import type { TaskGraph } from '../terms/task-graph.ts';
import { installTask } from './arrange-tasks.ts';

/** Recipes whose artifacts a task finds in its sysroots, each list in code-unit order. */
export interface SysrootParts {
  readonly target: readonly string[];
  readonly native: readonly string[];
}

/** What one recipe adds to a sysroot. */
interface Part {
  readonly native: boolean;
  /** A name for several recipes has nothing of its own to bring. */
  readonly isMade: boolean;
  /** The recipes that come with it. */
  readonly brings: readonly string[];
}

/**
 * Makes the function that says what a task's sysroots hold: the artifacts that it, or a task of its recipe that it
 * depends on, asked for, and those that these were built with in turn. Native ones bring only native ones along. A task that
 * makes packages has only what it asks for itself.
 */
export function sysrootPartsOf(graph: TaskGraph): (id: TaskId) => SysrootParts {
  const asked = new Map<TaskId, readonly string[]>();
  const own = new Map<TaskId, readonly string[]>();
  const installed = new Map<TaskId, string | undefined>();
  /** By what is asked for: mostly the same for all tasks of a recipe. */
  const closed = new Map<string, SysrootParts>();
  const parts = new Map<string, Part>();
  const isNative = (name: string): boolean => graph.recipes.get(name)?.native ?? false;

  /** Recipes asked for by the task and the tasks of its recipe before it. */
  function direct(id: TaskId): readonly string[] {
    const known = asked.get(id);
    if (known !== undefined) return known;
    const { recipe, task } = splitTaskId(id);
    const isPackaging = graph.tasks.get(id)?.shape.packaging ?? false;
    const before = isPackaging ? [] : (graph.arrangements.get(recipe)?.ancestors.get(task) ?? []);
    const lists = [task, ...before]
      .map((name) => ownOf(taskId(recipe, name)))
      .filter((one) => one.length > 0);
    const [only = []] = lists;
    const all = lists.length < 2 ? only : [...new Set(lists.flat())].sort();
    asked.set(id, all);
    return all;
  }

  /** Recipes asked for by the task itself. */
  function ownOf(id: TaskId): readonly string[] {
    const known = own.get(id);
    if (known !== undefined) return known;
    const found = new Set<string>();
    for (const other of graph.tasks.get(id)?.across ?? []) {
      const recipe = installedBy(other);
      if (recipe !== undefined) found.add(recipe);
    }
    const sorted = [...found].sort();
    own.set(id, sorted);
    return sorted;
  }

  /** The recipe whose artifact stands for the task, if one does. */
  function installedBy(id: TaskId): string | undefined {
    if (installed.has(id)) return installed.get(id);
    const recipe = graph.tasks.get(id)?.recipe;
    const isSo =
      recipe !== undefined && graph.producers.get(id)?.includes(taskId(recipe, installTask)) === true;
    installed.set(id, isSo ? recipe : undefined);
    return isSo ? recipe : undefined;
  }

  function partOf(name: string): Part {
    const known = parts.get(name);
    if (known !== undefined) return known;
    const native = isNative(name);
    const install = taskId(name, installTask);
    const part = {
      native,
      isMade: graph.tasks.get(install)?.shape.noexec !== true,
      // A target library's own build tools are no business of who links with it.
      brings: direct(install).filter((other) => isNative(other) === native),
    };
    parts.set(name, part);
    return part;
  }

  return (id) => {
    const names = direct(id);
    const key = names.join(' ');
    const known = closed.get(key);
    if (known !== undefined) return known;
    const found = new Map<string, Part>();
    const queue = [...names];
    for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
      if (found.has(name)) continue;
      const part = partOf(name);
      found.set(name, part);
      queue.push(...part.brings);
    }
    const all = [...found].filter(([, { isMade }]) => isMade);
    const of = (native: boolean): readonly string[] =>
      all.flatMap(([name, part]) => (part.native === native ? [name] : [])).sort();
    const made = { target: of(false), native: of(true) };
    closed.set(key, made);
    return made;
  };
}
