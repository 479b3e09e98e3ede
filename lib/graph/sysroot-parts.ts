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
  readonly name: string;
  readonly native: boolean;
  /** A name for several recipes has nothing of its own to bring. */
  readonly isMade: boolean;
  /** The recipes that come with it, by number. */
  readonly brings: readonly number[];
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
  // Each of a thousand recipes has some hundred others in it: they go by numbers, in the order of their names.
  const names = [...graph.recipes.keys()].sort();
  const numbers = new Map(names.map((name, number) => [name, number]));
  const parts = names.map((): Part | undefined => undefined);
  /** The search that came by a recipe last. */
  const searches = new Uint32Array(names.length);
  let search = 0;
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

  function numbersOf(recipes: readonly string[]): readonly number[] {
    return recipes.map((name) => numbers.get(name) ?? unknown(name));
  }

  function partOf(number: number): Part {
    const known = parts[number];
    if (known !== undefined) return known;
    const name = names[number] ?? unknown(String(number));
    const native = isNative(name);
    const install = taskId(name, installTask);
    const part = {
      name,
      native,
      isMade: graph.tasks.get(install)?.shape.noexec !== true,
      // A target library's own build tools are no business of who links with it.
      brings: numbersOf(direct(install).filter((other) => isNative(other) === native)),
    };
    parts[number] = part;
    return part;
  }

  function close(asked: readonly string[]): SysrootParts {
    search += 1;
    const found: number[] = [];
    const queue = [...numbersOf(asked)];
    for (let number = queue.pop(); number !== undefined; number = queue.pop()) {
      if (searches[number] === search) continue;
      searches[number] = search;
      found.push(number);
      for (const other of partOf(number).brings) if (searches[other] !== search) queue.push(other);
    }
    const all = Array.from(Uint32Array.from(found).sort(), partOf);
    const of = (native: boolean): readonly string[] =>
      all.filter((part) => part.isMade && part.native === native).map(({ name }) => name);
    return { target: of(false), native: of(true) };
  }

  return (id) => {
    const recipes = direct(id);
    const key = recipes.join(' ');
    const made = closed.get(key) ?? close(recipes);
    closed.set(key, made);
    return made;
  };
}

function unknown(recipe: string): never {
  throw new Error(`the graph has no ${recipe}`);
}
