/** Why tasks have other signatures than before: what changed by itself, apart from what merely follows from it. */
import { byCodeUnit, splitTaskId, type TaskId } from '../terms/ids.ts';
import type { InputChange } from './compare-inputs.ts';
import { taskBehind, type ChangedTask, type ChangedTasks } from './compare-states.ts';
import { nameChanges, type CauseKind, type NamedChange } from './name-change.ts';

/** Something that changed by itself. */
export interface Cause extends NamedChange {
  readonly task: TaskId;
  /** The tasks between the one asked about and the one that has the cause, nearest first. */
  readonly via: readonly TaskId[];
  /** Every task that the same change reaches directly, where more than one. */
  readonly tasks?: readonly TaskId[];
}

export interface Explained {
  readonly causes: readonly Cause[];
  /** Tasks that changed only because others did. */
  readonly cascade: readonly TaskId[];
}

/** Finds the root causes of all that changed. */
export function explainChanges(changed: ChangedTasks): Explained {
  const direct = [...changed.keys()].flatMap((task) => directCauses(changed, task));
  const reached = new Set(direct.map(({ task }) => task));
  const cascade = [...changed].filter(([task, own]) => !reached.has(task) && !isAsItWas(own));
  return { causes: inRank(direct), cascade: cascade.map(([task]) => task) };
}

/** Finds what made one task change: its own changes first, then those behind the tasks that it depends on. */
export function explainTask(changed: ChangedTasks, asked: TaskId): Explained {
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

function directCauses(changed: ChangedTasks, task: TaskId): readonly Cause[] {
  const own = changed.get(task);
  if (own === undefined) return [];
  const {
    in: [existed, exists],
    changes,
    at,
  } = own;
  const { task: name } = splitTaskId(task);
  if (!existed) {
    if (!exists || !isAdded(changed, task)) return [];
    return [{ task, kind: 'task-added', name, ...(at === undefined ? {} : { at }), via: [] }];
  }
  if (!exists) return [{ task, kind: 'task-removed', name, via: [] }];
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
function isOtherOfTheSame(changed: ChangedTasks, task: TaskId, change: InputChange): boolean {
  const behind = taskBehind(task, change);
  const inputs = behind === undefined ? undefined : changed.get(behind);
  return inputs !== undefined && isAsItWas(inputs);
}

function isAsItWas({ in: [existed, exists], hangs, changes }: ChangedTask): boolean {
  return existed && exists && hangs === undefined && changes.length === 0;
}

/** A task without an earlier state is a new one where another stands after it now that did not; else it was not built. */
function isAdded(changed: ChangedTasks, added: TaskId): boolean {
  return [...changed].some(([task, { changes }]) =>
    changes.some((change) => change.kind === 'after' && taskBehind(task, change) === added),
  );
}

/**
 * What another task produced is no cause where that task is known to have changed; that it is depended on at all, or no
 * more, is one, unless the task itself came or went with it.
 */
function isFollowing(changed: ChangedTasks, task: TaskId, change: InputChange): boolean {
  const behind = taskBehind(task, change);
  const inputs = behind === undefined ? undefined : changed.get(behind);
  if (inputs === undefined) return false;
  if (change.from !== undefined && change.to !== undefined) return true;
  return inputs.in.includes(false);
}

/** The changed tasks that depend on `asked`, through any number of others; in order. */
function followers(changed: ChangedTasks, asked: TaskId): readonly TaskId[] {
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
