import { installTask } from '../../graph/arrange-tasks.ts';
import type { Known } from '../../planning/planner.ts';
import { computeSignature } from '../../signatures/compute-signature.ts';
import { taskId, type Signature, type TaskId } from '../../terms/ids.ts';
import type { TaskGraph, TaskNode } from '../../terms/task-graph.ts';
import type { BuildContext } from '../build-context.ts';

export type DeepKeys = (task: TaskId) => Signature;

/**
 * Makes the function that tells deep keys: what a signature is, but that others enter with their deep keys, not with
 * what they produced. So they are known for all tasks before anything is, and say less: where a dependency was made
 * another way and is the same, it is another deep key and the same signature.
 */
export function createDeepKeys({
  graph,
  signer,
  sysroot,
}: Pick<BuildContext, 'graph' | 'signer' | 'sysroot'>): DeepKeys {
  const keys = new Map<TaskId, Signature>();
  const producing = (id: TaskId): readonly TaskId[] => graph.producers.get(id) ?? [id];
  const known: Known = {
    signature: (id) => keys.get(id),
    identity: (id) =>
      producing(id)
        .map((each) => keys.get(each) ?? 'unknown')
        .join(' '),
  };
  const needed = (node: TaskNode): readonly TaskId[] => {
    const { target, native } = sysroot(node.id);
    const staged = [...target, ...native].map((recipe) => taskId(recipe, installTask));
    return [...node.inside, ...[...staged, ...node.across, ...node.madeOf].flatMap(producing)].filter((id) =>
      graph.tasks.has(id),
    );
  };
  return (task) => {
    // Not by recursion: a chain of recipes may be longer than the stack.
    const open = [task];
    for (let id = open.at(-1); id !== undefined; id = open.at(-1)) {
      const node = nodeOf(graph, id);
      const missing = keys.has(id) ? [] : needed(node).filter((each) => !keys.has(each));
      if (missing.length === 0) {
        if (!keys.has(id)) keys.set(id, signer.suppose(node, known));
        open.pop();
      }
      open.push(...missing);
    }
    return keys.get(task) ?? computeSignature([]);
  };
}

function nodeOf(graph: TaskGraph, id: TaskId): TaskNode {
  const node = graph.tasks.get(id);
  if (node === undefined) throw new Error(`the graph has no ${id}`);
  return node;
}
