/** Who needs what of whom: the propagation below the planner. */
import type { CommitId, Signature, TaskId } from '../terms/ids.ts';
import type { TaskGraph, TaskNode } from '../terms/task-graph.ts';
import type { Reason } from '../terms/verdict.ts';
import { createLookedInto } from './looked-into.ts';
import type { Ended, Found, Known, KnownResults, Signed, Step } from './planner.ts';

/** How much of a task is needed; each includes those before it. */
export type Need = 'nothing' | 'signature' | 'identity' | 'result';
const rank: Readonly<Record<Need, number>> = { nothing: 0, signature: 1, identity: 2, result: 3 };

/** What is known of one task; owned by the demand, changed by what the planner is told. */
export interface TaskState {
  need: Need;
  signature: Signature | undefined;
  fromEdits: boolean;
  looked: boolean;
  restoring: boolean;
  found: Found | undefined;
  /** What it stands for before other recipes. */
  id: string | undefined;
  /** Why it was started. */
  started: Reason | undefined;
  /** Its result is there. */
  done: { readonly commit: CommitId | undefined } | undefined;
  /** It was the same step as one before, so that nothing ran. */
  repeated: boolean | undefined;
  failed: boolean;
}

export interface Demand {
  readonly known: KnownResults;
  node(id: TaskId): TaskNode;
  state(id: TaskId): TaskState;
  want(id: TaskId): void;
  changed(id: TaskId): void;
  /** Its result is there. */
  finish(id: TaskId, commit: CommitId | undefined): void;
  end(id: TaskId, ended: Ended): void;
  /** Tasks with something to do whose result is needed, and how many of these are there. */
  progress(): { readonly done: number; readonly total: number };
  /** Propagates until nothing changes. */
  settle(): void;
  /** Signs what nobody needed, as far as all that it hangs on is known: so that a record of the build is whole. */
  signRest(): void;
  /** What `node` still waits for. */
  awaited(node: TaskNode): readonly TaskId[];
  /** Tasks of its own recipe that must stand before `node`. */
  linked(node: TaskNode): readonly TaskId[];
}

type Sign = (task: TaskNode, known: Known) => Signed;

export function createDemand(graph: TaskGraph, sign: Sign, emit: (step: Step) => void): Demand {
  const states = new Map([...graph.tasks.keys()].map((id) => [id, untouched()]));
  const watchers = new Map<TaskId, Set<TaskId>>();
  const queue = new Set<TaskId>();
  const progress = { done: 0, total: 0 };
  const lookedInto = createLookedInto(graph);

  const node = (id: TaskId): TaskNode => must(graph.tasks.get(id), id);
  const state = (id: TaskId): TaskState => must(states.get(id), id);
  const producing = (id: TaskId): readonly TaskId[] => graph.producers.get(id) ?? [id];
  const known: KnownResults = {
    signature: (id) => states.get(id)?.signature,
    identity: (id) => {
      const ids = producing(id).map((producer) => states.get(producer)?.id);
      return ids.every((value) => value !== undefined) ? ids.join(' ') : undefined;
    },
    commit: (id) => states.get(id)?.done?.commit,
  };

  function need(id: TaskId, level: Need, by: TaskId): void {
    const set = watchers.get(id) ?? new Set();
    watchers.set(id, set.add(by));
    raise(id, level);
  }
  function raise(id: TaskId, level: Need): void {
    const own = state(id);
    if (rank[own.need] >= rank[level]) return;
    own.need = level;
    if (level === 'result' && !node(id).shape.noexec) {
      progress.total += 1;
      if (own.done !== undefined) progress.done += 1;
    }
    queue.add(id);
  }

  function signed(task: TaskNode, own: TaskState): boolean {
    if (own.signature !== undefined) return true;
    const before = linked(task);
    for (const id of before) need(id, 'signature', task.id);
    for (const id of produced(task))
      for (const producer of producing(id)) need(producer, 'identity', task.id);
    if (!isSignable(task)) return false;
    signNow(task, own);
    notify(task.id);
    return true;
  }
  function isSignable(task: TaskNode): boolean {
    return (
      linked(task).every((id) => state(id).signature !== undefined) &&
      produced(task).every((id) => known.identity(id) !== undefined)
    );
  }
  function signNow(task: TaskNode, own: TaskState): void {
    const result = sign(task, known);
    own.signature = result.signature;
    own.fromEdits = result.fromEdits;
  }

  function advance(id: TaskId): void {
    const task = node(id);
    const own = state(id);
    if (own.need === 'nothing' || own.done !== undefined || own.failed) return;
    // With nothing to run there is nothing to find: what it stands for is needed in any case.
    if (task.shape.noexec && own.need !== 'signature')
      for (const before of prerequisites(task, own)) need(before, 'result', id);
    if (!signed(task, own) || own.need === 'signature' || own.signature === undefined) return;
    if (!task.shape.noexec && !own.looked) {
      own.looked = true;
      emit({ kind: 'look', task: id, signature: own.signature });
      return;
    }
    if (own.found?.kind === 'restore') {
      if (own.need !== 'result' || own.restoring) return;
      own.restoring = true;
      emit({ kind: 'restore', task: id, signature: own.signature });
      return;
    }
    if (!task.shape.noexec && own.found?.kind !== 'none') return;
    for (const before of prerequisites(task, own)) need(before, 'result', id);
    if (own.started !== undefined || awaited(task).length > 0) return;
    own.started = own.found?.kind === 'none' ? own.found.reason : { kind: 'never-built' };
    emit({ kind: 'run', task: id, signature: own.signature, reason: own.started });
  }

  function prerequisites(task: TaskNode, own: TaskState): readonly TaskId[] {
    const others = [...task.across, ...lookedInto(task).map(({ id }) => id)];
    if (own.fromEdits) return others;
    const before = isIdle(task) ? linked(task).filter((id) => !node(id).beforeInstall) : linked(task);
    return [...before, ...others];
  }
  /** With nothing to run of its own, it has no use for what do_install was made from. */
  function isIdle(task: TaskNode): boolean {
    return task.shape.noexec && !task.beforeInstall && !graph.targets.includes(task.id);
  }
  function awaited(task: TaskNode): readonly TaskId[] {
    const own = state(task.id);
    const wanted = own.signature === undefined ? produced(task).flatMap(producing) : [];
    return [...prerequisites(task, own), ...wanted].filter((id) => state(id).done === undefined);
  }
  function finish(id: TaskId, commit: CommitId | undefined): void {
    const own = state(id);
    if (own.done === undefined && own.need === 'result' && !node(id).shape.noexec) progress.done += 1;
    own.done = { commit };
  }
  function notify(id: TaskId): void {
    for (const watcher of watchers.get(id) ?? []) queue.add(watcher);
  }

  return {
    known,
    node,
    state,
    awaited,
    linked,
    finish,
    want: (id) => raise(id, 'result'),
    changed(id) {
      queue.add(id);
      notify(id);
    },
    end(id, ended) {
      const own = state(id);
      if (ended.kind === 'failed') own.failed = true;
      if (ended.kind === 'done') {
        finish(id, ended.commit);
        own.id = ended.id;
        own.repeated = ended.repeated;
      }
      notify(id);
    },
    progress: () => ({ ...progress }),
    signRest() {
      for (const task of [...graph.tasks.values()].toSorted((a, b) => a.position - b.position)) {
        const own = state(task.id);
        if (own.signature === undefined && isSignable(task)) signNow(task, own);
      }
    },
    settle() {
      for (const id of queue) {
        queue.delete(id);
        advance(id);
      }
    },
  };
}

/** Tasks of its own recipe that must stand before it. */
function linked(task: TaskNode): readonly TaskId[] {
  return task.parent === undefined || task.inside.includes(task.parent)
    ? task.inside
    : [...task.inside, task.parent];
}

/** Tasks whose content enters its signature. */
const produced = (task: TaskNode): readonly TaskId[] => [...task.across, ...task.madeOf];

function untouched(): TaskState {
  return {
    need: 'nothing',
    signature: undefined,
    fromEdits: false,
    looked: false,
    restoring: false,
    found: undefined,
    id: undefined,
    started: undefined,
    done: undefined,
    repeated: undefined,
    failed: false,
  };
}

function must<T>(value: T | undefined, id: TaskId): T {
  if (value === undefined) throw new Error(`the graph has no ${id}`);
  return value;
}
