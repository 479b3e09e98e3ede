/** Why tasks have other signatures than before: what changed by itself, apart from what merely follows from it. */
import { byCodeUnit, splitTaskId, taskId, type Signature, type TaskId } from '../terms/ids.ts';
import type { Input, InputKind } from '../terms/inputs.ts';
import { compareInputs, type InputChange } from './compare-inputs.ts';
import { nameChanges, type CauseKind, type NamedChange } from './name-change.ts';

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
  /** Where it would be as it was, if others came to what they were: the lists are empty then. */
  readonly hanging?: Hanging;
}

/** A task of which nothing changed but what others, which did, will come to. */
export interface Hanging {
  readonly on: readonly TaskId[];
  /** Its signature before. */
  readonly was: Signature;
}

export interface Explained {
  readonly causes: readonly Cause[];
  /** Tasks that changed only because others did. */
  readonly cascade: readonly TaskId[];
}

/** Finds the root causes of all that changed; `all` holds the tasks whose inputs differ. */
export function explainChanges(all: ReadonlyMap<TaskId, InputsOf>): Explained {
  const changed = compareAll(all);
  const direct = [...changed.keys()].flatMap((task) => directCauses(changed, task));
  const reached = new Set(direct.map(({ task }) => task));
  const cascade = [...changed].filter(([task, own]) => !reached.has(task) && !isAsItWas(own));
  return { causes: inRank(direct), cascade: cascade.map(([task]) => task) };
}

/** Finds what made one task change: its own changes first, then those behind the tasks that it depends on. */
export function explainTask(all: ReadonlyMap<TaskId, InputsOf>, asked: TaskId): Explained {
  const changed = compareAll(all);
  const causes: Cause[] = [];
  // A map goes on over what is added while it is gone through: nearest first.
  const ways = new Map<TaskId, readonly TaskId[]>([[asked, []]]);
  for (const [task, via] of ways) {
    causes.push(...directCauses(changed, task).map((cause) => ({ ...cause, via })));
    for (const behind of changed.get(task)?.behind ?? []) {
      if (!ways.has(behind)) ways.set(behind, [...via, behind]);
    }
  }
  return { causes: inRank(causes), cascade: followers(changed, asked) };
}

interface ComparedTask extends InputsOf {
  readonly changes: readonly InputChange[];
  /** The changed tasks whose results it depends on. */
  readonly behind: readonly TaskId[];
}

type Compared = ReadonlyMap<TaskId, ComparedTask>;

/** Compares the inputs of each task, once. Tasks come after those that they depend on; else as they were given. */
function compareAll(all: ReadonlyMap<TaskId, InputsOf>): Compared {
  const compared = new Map<TaskId, ComparedTask>();
  for (const [task, { before, after, hanging }] of all) {
    const changes = before === undefined || after === undefined ? [] : compareInputs(before, after);
    const behind = [...changes.map((change) => taskBehind(task, change)), ...(hanging?.on ?? [])].filter(
      (other) => other !== undefined,
    );
    const own = { before, after, ...(hanging && { hanging }), changes };
    compared.set(task, { ...own, behind: behind.filter((other) => all.has(other)) });
  }
  return inOrder(compared);
}

function inOrder(changed: Compared): Compared {
  const ordered = new Map<TaskId, ComparedTask>();
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

function directCauses(changed: Compared, task: TaskId): readonly Cause[] {
  const { before, after, changes = [] } = changed.get(task) ?? {};
  const { task: name } = splitTaskId(task);
  if (before === undefined) {
    if (after === undefined || !isAdded(changed, task)) return [];
    return [{ task, kind: 'task-added', name, ...placeOfTask(after), via: [] }];
  }
  if (after === undefined) return [{ task, kind: 'task-removed', name, via: [] }];
  const direct = changes.filter((change) => !isFollowing(changed, task, change));
  return [
    ...nameChanges(direct).map((change) => ({ task, ...change, via: [] })),
    ...changes
      .filter((change) => isOtherOfTheSame(changed, task, change))
      .map(({ name: dependency }) => ({
        task,
        kind: 'dependency' as const,
        name: dependency,
        sameInputs: true as const,
        via: [],
      })),
  ];
}

/** What a task produced is another thing than before, and it is not for anything that it was made from. */
function isOtherOfTheSame(changed: Compared, task: TaskId, change: InputChange): boolean {
  const behind = taskBehind(task, change);
  const inputs = behind === undefined ? undefined : changed.get(behind);
  return inputs !== undefined && isAsItWas(inputs);
}

function isAsItWas({ before, after, hanging, changes }: ComparedTask): boolean {
  return before !== undefined && after !== undefined && hanging === undefined && changes.length === 0;
}

/** A task without an earlier state is a new one where another stands after it now that did not; else it was not built. */
function isAdded(changed: Compared, added: TaskId): boolean {
  return [...changed].some(([task, { changes }]) =>
    changes.some((change) => change.kind === 'after' && taskBehind(task, change) === added),
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
function isFollowing(changed: Compared, task: TaskId, change: InputChange): boolean {
  const behind = taskBehind(task, change);
  const inputs = behind === undefined ? undefined : changed.get(behind);
  if (inputs === undefined) return false;
  if (change.from !== undefined && change.to !== undefined) return true;
  return inputs.before === undefined || inputs.after === undefined;
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

/** The changed tasks that depend on `asked`, through any number of others; in order. */
function followers(changed: Compared, asked: TaskId): readonly TaskId[] {
  const found = new Set([asked]);
  for (const [task, { behind }] of changed) if (behind.some((other) => found.has(other))) found.add(task);
  return [...found].slice(1);
}

/** One change reaches many tasks: it is one cause, told once. */
function mergeEqual(causes: readonly Cause[]): readonly Cause[] {
  const merged = new Map<string, Cause[]>();
  for (const cause of causes) {
    const own = cause.kind === 'task-added' || cause.kind === 'task-removed' ? cause.task : '';
    // do_unpack says of a source also how it is unpacked, do_fetch does not.
    const name = cause.kind === 'file' || cause.kind === 'source' ? cause.name.split(';')[0] : cause.name;
    const key = JSON.stringify([cause.kind, name, cause.from, cause.to, own]);
    merged.set(key, [...(merged.get(key) ?? []), cause]);
  }
  return [...merged.values()].flatMap((equal) => {
    // Of a dependency it is the task that asks for it, not one that the artifact reaches through others.
    const first = equal.find(({ at }) => at !== undefined) ?? equal[0];
    if (first === undefined) return [];
    const tasks = [...new Set(equal.map(({ task }) => task))].sort(byCodeUnit);
    const name = equal.map((each) => each.name).reduce((a, b) => (b.length < a.length ? b : a));
    return [{ ...first, name, ...(tasks.length > 1 ? { tasks } : {}) }];
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

function inRank(causes: readonly Cause[]): readonly Cause[] {
  return mergeEqual(causes).toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
}
