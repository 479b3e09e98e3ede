/** What changed of each task, so that what made it change can be told without its inputs. */
import { splitTaskId, taskId, type Signature, type TaskId } from '../terms/ids.ts';
import type { Input, InputKind } from '../terms/inputs.ts';
import { compareInputs, type InputChange } from './compare-inputs.ts';

/** The inputs of one task, before and after; absent where it did not exist. */
export interface InputsOf {
  readonly before?: readonly Input[] | undefined;
  readonly after?: readonly Input[] | undefined;
  /** Its signature before, where that is known. */
  readonly was?: Signature | undefined;
  /** Where nothing changed but what these, which did, will come to: the lists are empty then. */
  readonly hangsOn?: readonly TaskId[];
}

/** Plain data: it may be kept. */
export interface ChangedTask {
  /** Whether it existed before, and does after. */
  readonly in: readonly [before: boolean, after: boolean];
  readonly changes: readonly InputChange[];
  /** The changed tasks whose results it depends on. */
  readonly behind: readonly TaskId[];
  /** Nothing changed but what these will come to. */
  readonly hangs?: true;
  /** Where its text stands, if it did not exist before. */
  readonly at?: string;
}

/** Tasks come after those that they depend on; else as they were given. */
export type ChangedTasks = ReadonlyMap<TaskId, ChangedTask>;

/** Compares the inputs of each task, once; `all` holds the tasks whose inputs differ. */
export function compareStates(all: ReadonlyMap<TaskId, InputsOf>): ChangedTasks {
  return inOrder(new Map([...all].map(([task, inputs]) => [task, compareState(task, inputs)])));
}

/** Compares the inputs of one task; of those behind it some may not have changed. */
export function compareState(task: TaskId, { before, after, hangsOn }: InputsOf): ChangedTask {
  const changes = before === undefined || after === undefined ? [] : compareInputs(before, after);
  const behind = [...changes.map((change) => taskBehind(task, change)), ...(hangsOn ?? [])];
  const at = before === undefined ? after?.find(({ kind }) => kind === 'task')?.at : undefined;
  return {
    in: [before !== undefined, after !== undefined],
    changes,
    behind: behind.filter((other) => other !== undefined),
    ...(hangsOn && { hangs: true }),
    ...(at !== undefined && { at }),
  };
}

/** Leaves those behind each task that changed, and brings all into order. */
export function inOrder(all: ChangedTasks): ChangedTasks {
  const changed = new Map(
    [...all].map(([task, own]) => [task, { ...own, behind: own.behind.filter((other) => all.has(other)) }]),
  );
  const ordered = new Map<TaskId, ChangedTask>();
  const entered = new Set<TaskId>();
  for (const start of changed.keys()) {
    const stack = [start];
    for (let task = stack.at(-1); task !== undefined; task = stack.at(-1)) {
      const own = changed.get(task);
      const before = entered.has(task) ? [] : (own?.behind.filter((other) => !entered.has(other)) ?? []);
      entered.add(task);
      stack.push(...before);
      if (before.length > 0) continue;
      stack.pop();
      if (own !== undefined) ordered.set(task, own);
    }
  }
  return ordered;
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
