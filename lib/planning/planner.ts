/**
 * Decides what becomes of every task of a build, step by step: it is told facts and answers with the next steps.
 * Pure: it never looks at a disk, so that `-n` and a build are the same decisions.
 */
import type { CommitId, Signature, TaskId } from '../terms/ids.ts';
import type { TaskGraph, TaskNode } from '../terms/task-graph.ts';
import { once } from '../terms/once.ts';
import type { Reason, Verdict } from '../terms/verdict.ts';
import { createDemand, type Demand, type TaskState } from './demand.ts';
import { idleRecipes } from './idle-recipes.ts';

export type Step =
  /** Say whether a result stands for the signature: answer with `found`. */
  | { readonly kind: 'look'; readonly task: TaskId; readonly signature: Signature }
  /** Bring the artifact from the store into the history: answer with `restored`. */
  | { readonly kind: 'restore'; readonly task: TaskId; readonly signature: Signature }
  /** Everything before it stands; do the task, unless the same step was done before: answer with `ended`. */
  | { readonly kind: 'run'; readonly task: TaskId; readonly signature: Signature; readonly reason: Reason };

/** What is known of a task's result. */
export type Found =
  | { readonly kind: 'current'; readonly id: string; readonly commit?: CommitId }
  | { readonly kind: 'restore'; readonly id: string }
  | { readonly kind: 'none'; readonly reason: Reason };

export type Ended =
  | { readonly kind: 'done'; readonly id: string; readonly commit?: CommitId; readonly repeated: boolean }
  | { readonly kind: 'failed' }
  /** `-n`: nobody knows what it would produce. */
  | { readonly kind: 'unknown' };

export interface PlannerOptions {
  readonly keepGoing: boolean;
  /** Computes a signature; all ids that it needs are known when it is called. */
  readonly sign: (task: TaskNode, known: Known) => Signed;
}

export interface Signed {
  readonly signature: Signature;
  /** The task goes on from a person's edits, not from the tasks before it. */
  readonly fromEdits: boolean;
}

/** Ids known so far. */
export interface Known {
  signature(task: TaskId): Signature | undefined;
  /** What a task of another recipe stands for: its artifact id, or what stands for it. */
  identity(task: TaskId): string | undefined;
}

/** Results known so far. */
export interface KnownResults extends Known {
  /** The commit that was found or made for a task's signature. */
  commit(task: TaskId): CommitId | undefined;
}

export interface Planner {
  /** The steps that became possible since the last call; empty while answers are awaited, or at the end. */
  next(): readonly Step[];
  found(task: TaskId, found: Found): void;
  restored(task: TaskId): void;
  ended(task: TaskId, ended: Ended): void;
  /** No new step is started from now on. */
  stop(): void;
  stopped(): boolean;
  /** The verdicts of these tasks, or of all of the graph, as far as known. */
  verdicts(of?: readonly TaskId[]): ReadonlyMap<TaskId, Verdict>;
  /** Signs also what nobody needed, as far as it can be known. */
  signRest(): void;
  /** Of which recipes nobody needs the WORKDIR any more, now that this task has ended. */
  idleAfter(task: TaskId): readonly string[];
  /** Tasks that were needed and not done: waiting for what failed, or not begun. */
  unfinished(): readonly TaskId[];
  progress(): { readonly done: number; readonly total: number };
  readonly known: KnownResults;
}

/** Makes the planner of one build. */
export function createPlanner(graph: TaskGraph, options: PlannerOptions): Planner {
  const steps: Step[] = [];
  let stopped = false;
  const demand: Demand = createDemand(graph, options.sign, (step) => steps.push(step));
  for (const target of graph.targets) demand.want(target);
  for (const { id, shape } of graph.tasks.values()) if (shape.deployed) demand.want(id);
  const isAwaited = (task: TaskId): boolean => {
    const state = demand.state(task);
    return state.need === 'result' && state.done === undefined && !state.failed;
  };

  return {
    known: demand.known,
    progress: () => demand.progress(),
    next: () => {
      demand.settle();
      const now = stopped ? [] : steps.splice(0);
      return now;
    },
    found(task, found) {
      const state = demand.state(task);
      state.found = found;
      if (found.kind !== 'none') state.id = found.id;
      if (found.kind === 'current') demand.finish(task, found.commit);
      demand.changed(task);
    },
    restored(task) {
      demand.finish(task, undefined);
      demand.changed(task);
    },
    ended(task, ended) {
      demand.end(task, ended);
      if (ended.kind === 'failed' && !options.keepGoing) stopped = true;
    },
    stop() {
      stopped = true;
    },
    stopped: () => stopped,
    signRest: () => demand.signRest(),
    verdicts(of = [...graph.tasks.keys()]) {
      const roots = createRoots(demand);
      const outlook = { roots, hanging: once(() => hangingTasks(demand, graph, roots)) };
      return new Map(of.map((id) => [id, verdictOf(demand, demand.node(id), outlook)]));
    },
    idleAfter: idleRecipes(graph, isAwaited),
    unfinished: () => [...graph.tasks.keys()].filter(isAwaited),
  };
}

/** Tasks that nobody needs yet, because it is not known whether a later result stands; with what that hangs on. */
function hangingTasks(
  demand: Demand,
  graph: TaskGraph,
  roots: Waiting,
): ReadonlyMap<TaskId, readonly TaskId[]> {
  const hanging = new Map<TaskId, readonly TaskId[]>();
  for (const node of graph.tasks.values()) {
    const state = demand.state(node.id);
    if (state.signature !== undefined || state.need === 'nothing' || state.need === 'signature') continue;
    const on = roots(node.id);
    const queue = [...demand.linked(node)];
    for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
      if (hanging.has(id) || demand.state(id).need !== 'signature') continue;
      hanging.set(id, on);
      queue.push(...demand.linked(demand.node(id)));
    }
  }
  return hanging;
}

interface Outlook {
  readonly roots: Waiting;
  readonly hanging: () => ReturnType<typeof hangingTasks>;
}

function verdictOf(demand: Demand, node: TaskNode, { roots, hanging }: Outlook): Verdict {
  const state = demand.state(node.id);
  if (node.shape.noexec && state.need === 'result') return { kind: 'current' };
  if (state.done !== undefined) return standing(state, state.done.commit);
  if (state.need === 'result' && state.found?.kind === 'restore' && state.signature !== undefined) {
    return { kind: 'restore', signature: state.signature };
  }
  if (state.started !== undefined) return { kind: 'run', reason: state.started };
  const hangsOn = state.need === 'signature' ? hanging().get(node.id) : undefined;
  if (hangsOn !== undefined) return { kind: 'depends', on: hangsOn };
  if (state.need === 'nothing' || state.need === 'signature' || state.found?.kind === 'restore')
    return { kind: 'covered' };
  // It has never been made, whatever its signature will be: it can only run.
  if (state.found?.kind === 'none' && state.found.reason.kind !== 'inputs-changed') {
    return { kind: 'run', reason: state.found.reason };
  }
  const on = roots(node.id);
  return on.length === 0 ? { kind: 'covered' } : { kind: 'depends', on };
}

function standing(state: TaskState, commit: CommitId | undefined): Verdict {
  if (state.repeated === false && state.started !== undefined) return { kind: 'run', reason: state.started };
  if (state.found?.kind === 'restore' && state.signature !== undefined) {
    return { kind: 'restore', signature: state.signature };
  }
  return commit === undefined ? { kind: 'current' } : { kind: 'current', commit };
}

type Waiting = (id: TaskId) => readonly TaskId[];

/** Answers for a task which ones with work of their own it waits for; tasks that wait for the same share one list. */
function createRoots(demand: Demand): Waiting {
  const roots = new Map<TaskId, readonly TaskId[]>();
  const isStarted = (id: TaskId): boolean => demand.state(id).started !== undefined;
  return (wanted) => {
    const known = roots.get(wanted);
    if (known !== undefined) return known;
    const stack = [wanted];
    for (let id = stack.at(-1); id !== undefined; id = stack.at(-1)) {
      const awaited = demand.awaited(demand.node(id));
      const open = awaited.filter((one) => !isStarted(one) && !roots.has(one));
      stack.push(...open);
      if (open.length > 0) continue;
      roots.set(id, union(awaited.map((one) => (isStarted(one) ? [one] : (roots.get(one) ?? [])))));
      stack.pop();
    }
    return roots.get(wanted) ?? [];
  };
}

function union(lists: readonly (readonly TaskId[])[]): readonly TaskId[] {
  const [longest = [], ...others] = [...new Set(lists)].toSorted((a, b) => b.length - a.length);
  const all = new Set(longest);
  for (const list of others) for (const id of list) all.add(id);
  return all.size === longest.length ? longest : [...all].sort();
}
