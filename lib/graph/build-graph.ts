/** Makes the graph of tasks that the targets of a build reach, across recipes. */
import { splitTaskId, taskId, type TaskId } from '../terms/ids.ts';
import { VarveError } from '../terms/varve-error.ts';
import type { Arrangement, RecipeShape, TaskGraph, TaskNode, TaskShape } from '../terms/task-graph.ts';
import { arrangeTasks, installTask } from './arrange-tasks.ts';
import { findCycle } from './find-cycle.ts';
import { producersOf } from './producers.ts';

/** Finds the providers of names. */
export interface Providers {
  /** `askedBy` is named in the error when there is none. */
  toBuild(name: string, askedBy: string): RecipeShape;
  /** Of a name in RDEPENDS: where there is none, the target has it from elsewhere, or lacks it. */
  toRun(name: string, askedBy: string): RecipeShape | undefined;
  /** Where the recipe of a task asks for another one, `file:line`; undefined where no statement of it does. */
  askedAt(task: TaskNode, needed: string): string | undefined;
}

/** Builds the graph; throws on a name nobody provides, a task that does not exist, or a cycle. */
export function buildGraph(targets: readonly TaskId[], providers: Providers): TaskGraph {
  const builder = graphBuilder(providers);
  for (const target of targets) builder.add(target);
  const { tasks, recipes, arrangements } = builder.finish();
  const cycle = findCycle(tasks);
  if (cycle !== undefined) {
    throw new VarveError('metadata', `dependency cycle: ${cycle.join(' needs ')}`, {
      hints: [
        ...statementsIn(cycle, tasks, providers),
        "Take one of these out of DEPENDS, or out of a task's [depends] or [deptask].",
      ],
    });
  }
  const needed = startedFrom(tasks);
  const producers = new Map([...tasks.values()].map((task) => [task.id, producersOf(tasks, task)]));
  const isArtifact = (id: TaskId): boolean => tasks.get(id)?.shape.artifact === true;
  const always = alwaysRunning(tasks);
  for (const task of tasks.values()) {
    const isMade = (id: TaskId): boolean =>
      always.has(id) || (task.afterInstall && producers.get(id)?.every(isArtifact) === true);
    tasks.set(task.id, {
      ...task,
      madeOf: task.shape.noexec ? [] : task.inside.filter(isMade),
      restorable: task.shape.artifact && !needed.has(task.id),
    });
  }
  return { tasks, recipes, arrangements, producers, targets };
}

/** The statements by which a circle leads from one recipe to the next. */
function statementsIn(
  cycle: readonly TaskId[],
  tasks: ReadonlyMap<TaskId, TaskNode>,
  { askedAt }: Providers,
): readonly string[] {
  return cycle.flatMap((id, i) => {
    const task = tasks.get(id);
    const next = cycle[i + 1];
    const needed = next === undefined ? undefined : splitTaskId(next).recipe;
    if (task === undefined || needed === undefined || needed === task.recipe) return [];
    const at = askedAt(task, needed);
    return at === undefined ? [] : [`${at}: ${task.recipe} asks for ${needed}`];
  });
}

/** Tasks that run in every build, whose inputs do not tell what they make; and those with nothing to run right after them. */
function alwaysRunning(tasks: ReadonlyMap<TaskId, TaskNode>): ReadonlySet<TaskId> {
  const found = new Set<TaskId>();
  const inOrder = [...tasks.values()].toSorted((a, b) => a.position - b.position);
  for (const { id, shape, inside } of inOrder)
    if (shape.nostamp || (shape.noexec && inside.some((before) => found.has(before)))) found.add(id);
  return found;
}

/** Tasks whose WORKDIR another one starts from; one with nothing to run passes on what it stands on. */
function startedFrom(tasks: ReadonlyMap<TaskId, TaskNode>): ReadonlySet<TaskId> {
  const found = new Set<TaskId>();
  for (const task of tasks.values()) {
    let { parent } = task;
    if (task.shape.noexec) continue;
    while (parent !== undefined && !found.has(parent)) {
      found.add(parent);
      const node = tasks.get(parent);
      parent = node?.shape.noexec === true ? node.parent : undefined;
    }
  }
  return found;
}

function graphBuilder(providers: Providers) {
  const recipes = new Map<string, RecipeShape>();
  const arrangements = new Map<string, Arrangement>();
  const tasks = new Map<TaskId, TaskNode>();
  const pending: TaskId[] = [];
  /** Most recipes have tasks of the same shapes. */
  const alike = new Map<string, Pick<RecipeShape, 'tasks'> & { readonly arrangement: Arrangement }>();
  const ids = new Map<TaskId, TaskId>();

  /** One string a task, however many depend on it. */
  function idOf(recipe: string, task: string): TaskId {
    const id = taskId(recipe, task);
    const known = ids.get(id) ?? id;
    ids.set(known, known);
    return known;
  }

  function recipe(name: string, askedBy: string): RecipeShape {
    return take(recipes.get(name) ?? providers.toBuild(name, askedBy));
  }

  /** One object a recipe, by whatever name it was found. */
  function take(found: RecipeShape): RecipeShape {
    const known = recipes.get(found.name);
    if (known !== undefined) return known;
    const key = JSON.stringify(found.tasks);
    const { tasks, arrangement } = alike.get(key) ?? {
      tasks: found.tasks,
      arrangement: arrangeTasks(found.name, found.tasks),
    };
    alike.set(key, { tasks, arrangement });
    const shape = { ...found, tasks };
    recipes.set(found.name, shape);
    arrangements.set(found.name, arrangement);
    return shape;
  }

  function needed({ name, depends }: RecipeShape): readonly RecipeShape[] {
    return depends.map((one) => recipe(one, name));
  }

  function neededToRun({ name, rdepends }: RecipeShape): readonly RecipeShape[] {
    return rdepends.flatMap((one) => {
      const found = recipes.get(one) ?? providers.toRun(one, name);
      return found === undefined ? [] : [take(found)];
    });
  }

  function existing(shape: RecipeShape, names: readonly string[]): TaskId[] {
    return names
      .filter((name) => shape.tasks.some((task) => task.name === name))
      .map((name) => idOf(shape.name, name));
  }

  function across(shape: RecipeShape, task: TaskShape): readonly TaskId[] {
    const found = new Set<TaskId>();
    const asked = `${shape.name}:${task.name}`;
    const addAll = (
      others: (from: RecipeShape) => readonly RecipeShape[],
      wanted: readonly string[],
    ): void => {
      if (wanted.length === 0) return;
      for (const other of others(shape)) for (const id of existing(other, wanted)) found.add(id);
    };
    addAll(needed, task.deptask);
    addAll(neededToRun, task.rdeptask);
    addAll(reach, task.recrdeptask);
    for (const word of task.depends) found.add(dependsWord(word, asked));
    return [...found].filter((id) => splitTaskId(id).recipe !== shape.name);
  }

  function dependsWord(word: string, asked: string): TaskId {
    const colon = word.lastIndexOf(':');
    if (colon <= 0) {
      throw new VarveError('metadata', `${asked}[depends] has "${word}", which is not RECIPE:TASK`);
    }
    const shape = recipe(word.slice(0, colon), asked);
    const name = word.slice(colon + 1);
    if (!shape.tasks.some((task) => task.name === name)) {
      throw new VarveError(
        'metadata',
        `${asked}[depends] asks for ${word}, but ${shape.name} has no task ${name}`,
        {
          hints: [`varve tasks ${shape.name}`],
        },
      );
    }
    return idOf(shape.name, name);
  }

  function reach(from: RecipeShape): readonly RecipeShape[] {
    const seen = new Set<RecipeShape>();
    const queue = [from];
    for (let shape = queue.pop(); shape !== undefined; shape = queue.pop()) {
      for (const next of [...needed(shape), ...neededToRun(shape)]) {
        if (seen.has(next)) continue;
        seen.add(next);
        queue.push(next);
      }
    }
    return [...seen];
  }

  function visit(visited: TaskId): void {
    const { recipe: name, task } = splitTaskId(visited);
    const id = idOf(name, task);
    const shape = recipe(name, 'the command line');
    const arrangement = arrangements.get(shape.name);
    const found = shape.tasks.find((candidate) => candidate.name === task);
    if (found === undefined || arrangement === undefined) return;
    const parent = arrangement.parent.get(task);
    const node: TaskNode = {
      id,
      recipe: shape.name,
      shape: found,
      position: arrangement.order.indexOf(task),
      inside: (arrangement.after.get(task) ?? []).map((before) => idOf(shape.name, before)),
      parent: parent === undefined ? undefined : idOf(shape.name, parent),
      across: across(shape, found),
      afterInstall: arrangement.afterInstall.has(task),
      madeOf: [],
      beforeInstall: arrangement.ancestors.get(installTask)?.includes(task) ?? false,
      restorable: false,
    };
    tasks.set(id, node);
    pending.push(...node.inside, ...(node.parent === undefined ? [] : [node.parent]), ...node.across);
  }

  return {
    add(id: TaskId): void {
      pending.push(id);
      for (let next = pending.pop(); next !== undefined; next = pending.pop())
        if (!tasks.has(next)) visit(next);
    },
    finish: () => ({ tasks, recipes, arrangements }),
  };
}
