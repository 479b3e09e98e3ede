/** Why tasks have other signatures than before: what changed by itself, apart from what merely follows from it. */
import { byCodeUnit, splitTaskId, taskId, type TaskId } from '../terms/ids.ts';
import type { Input, InputKind } from '../terms/inputs.ts';
import { compareInputs, type InputChange } from './compare-inputs.ts';
import { nameChange, type CauseKind, type NamedChange } from './name-change.ts';

/** Something that changed by itself. */
export interface Cause extends NamedChange {
  readonly task: TaskId;
  /** The tasks between the one asked about and the one that has the cause, nearest first. */
  readonly via: readonly TaskId[];
  /** Every task that the same change reaches directly, where more than one. */
  readonly tasks?: readonly TaskId[];
}

/** The inputs of one task, before and after; absent where it did not exist. */
export interface InputsOf {
  readonly before?: readonly Input[] | undefined;
  readonly after?: readonly Input[] | undefined;
}

export interface Explained {
  readonly causes: readonly Cause[];
  /** Tasks that changed only because others did. */
  readonly cascade: readonly TaskId[];
}

/** Finds the root causes of all that changed; `all` holds the tasks whose inputs differ. */
export function explainChanges(all: ReadonlyMap<TaskId, InputsOf>): Explained {
  const changed = inOrder(all);
  const direct = [...changed.keys()].flatMap((task) => directCauses(changed, task));
  const reached = new Set(direct.map(({ task }) => task));
  return {
    causes: mergeEqual(direct).toSorted((a, b) => rank(a) - rank(b)),
    cascade: [...changed.keys()].filter((task) => !reached.has(task)),
  };
}

/** Finds what made one task change: its own changes first, then those behind the tasks that it depends on. */
export function explainTask(all: ReadonlyMap<TaskId, InputsOf>, asked: TaskId): Explained {
  const changed = inOrder(all);
  const causes: Cause[] = [];
  const seen = new Set([asked]);
  const queue: { readonly task: TaskId; readonly via: readonly TaskId[] }[] = [{ task: asked, via: [] }];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const { task, via } = next;
    causes.push(...directCauses(changed, task).map((cause) => ({ ...cause, via })));
    for (const behind of tasksBehind(changed, task)) {
      if (seen.has(behind)) continue;
      seen.add(behind);
      queue.push({ task: behind, via: [...via, behind] });
    }
  }
  return {
    causes: mergeEqual(causes).toSorted((a, b) => rank(a) - rank(b)),
    cascade: [...followers(changed, asked)],
  };
}

/** Tasks after those that they depend on; else in the order that was given. */
function inOrder(changed: ReadonlyMap<TaskId, InputsOf>): ReadonlyMap<TaskId, InputsOf> {
  const ordered = new Map<TaskId, InputsOf>();
  const entered = new Set<TaskId>();
  for (const start of changed.keys()) {
    const stack = [start];
    for (let task = stack.at(-1); task !== undefined; task = stack.at(-1)) {
      const before = entered.has(task)
        ? []
        : tasksBehind(changed, task).filter((other) => !entered.has(other));
      entered.add(task);
      stack.push(...before);
      if (before.length > 0) continue;
      stack.pop();
      ordered.set(task, changed.get(task) ?? {});
    }
  }
  return ordered;
}

function changesOf({ before, after }: InputsOf): readonly InputChange[] {
  return before === undefined || after === undefined ? [] : compareInputs(before, after);
}

function directCauses(changed: ReadonlyMap<TaskId, InputsOf>, task: TaskId): readonly Cause[] {
  const { before, after } = changed.get(task) ?? {};
  const { task: name } = splitTaskId(task);
  if (before === undefined) {
    if (after === undefined || !isAdded(changed, task)) return [];
    return [{ task, kind: 'task-added', name, ...placeOfTask(after), via: [] }];
  }
  if (after === undefined) return [{ task, kind: 'task-removed', name, via: [] }];
  return compareInputs(before, after)
    .filter((change) => !isFollowing(changed, task, change))
    .flatMap(nameChange)
    .map((change) => ({ task, ...change, via: [] }));
}

/** A task without an earlier state is a new one where another stands after it now that did not; else it was not built. */
function isAdded(changed: ReadonlyMap<TaskId, InputsOf>, added: TaskId): boolean {
  return [...changed].some(([task, inputs]) =>
    changesOf(inputs).some((change) => change.kind === 'after' && taskBehind(task, change) === added),
  );
}

function placeOfTask(inputs: readonly Input[] | undefined): { readonly at?: string } {
  const at = inputs?.find(({ kind }) => kind === 'task')?.at;
  return at === undefined ? {} : { at };
}

/**
 * What another task produced is no cause where that task is known to have changed; that it is depended on at all, or no
 * more, is one, unless the task itself came or went with it.
 */
function isFollowing(changed: ReadonlyMap<TaskId, InputsOf>, task: TaskId, change: InputChange): boolean {
  const behind = taskBehind(task, change);
  const inputs = behind === undefined ? undefined : changed.get(behind);
  if (inputs === undefined) return false;
  if (change.from !== undefined && change.to !== undefined) return true;
  return inputs.before === undefined || inputs.after === undefined;
}

/** The changed tasks whose results a changed task depends on. */
function tasksBehind(changed: ReadonlyMap<TaskId, InputsOf>, task: TaskId): readonly TaskId[] {
  return changesOf(changed.get(task) ?? {})
    .map((change) => taskBehind(task, change))
    .filter((behind) => behind !== undefined)
    .filter((behind) => changed.has(behind));
}

/** Names the task that an input of this kind tells the result of. */
export function taskBehind(
  task: TaskId,
  { kind, name }: { readonly kind: InputKind; readonly name: string },
): TaskId | undefined {
  if (kind === 'after') return taskId(splitTaskId(task).recipe, name);
  if (kind === 'produced') return name as TaskId;
  return kind === 'artifact' ? taskId(name, 'do_install') : undefined;
}

/** The changed tasks that depend on `asked`, through any number of others. */
function followers(changed: ReadonlyMap<TaskId, InputsOf>, asked: TaskId): ReadonlySet<TaskId> {
  const found = new Set<TaskId>();
  for (let grown = true; grown;) {
    grown = false;
    for (const task of changed.keys()) {
      if (task === asked || found.has(task)) continue;
      if (!tasksBehind(changed, task).some((behind) => behind === asked || found.has(behind))) continue;
      found.add(task);
      grown = true;
    }
  }
  return found;
}

/** One change of one variable reaches many tasks: it is one cause, told once. */
function mergeEqual(causes: readonly Cause[]): readonly Cause[] {
  const merged = new Map<string, Cause[]>();
  for (const cause of causes) {
    const own = cause.kind === 'task-added' || cause.kind === 'task-removed' ? cause.task : '';
    const key = JSON.stringify([cause.kind, cause.name, cause.from, cause.to, own]);
    merged.set(key, [...(merged.get(key) ?? []), cause]);
  }
  return [...merged.values()].flatMap((equal) => {
    const [first] = equal;
    if (first === undefined) return [];
    const tasks = [...new Set(equal.map(({ task }) => task))].sort(byCodeUnit);
    return [tasks.length > 1 ? { ...first, tasks } : first];
  });
}

/** What a person set comes before what follows from where it was built. */
const order: readonly CauseKind[] = [
  'edited',
  'variable',
  'function',
  'file',
  'source',
  'task-added',
  'task-removed',
  'dependency',
  'hosttool',
];

function rank({ kind }: Cause): number {
  return order.indexOf(kind);
}
