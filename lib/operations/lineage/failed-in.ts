import type { History } from '../../history/history.ts';
import { splitTaskId, type CommitId } from '../../terms/ids.ts';
import { refs } from '../../terms/places.ts';

/** Makes the function that finds the state that a task left when it failed in a build; to be asked of the oldest build first. */
export function failedIn(history: History, task: string): (build: number) => CommitId | undefined {
  const runsOf = history.runs.ofMany();
  const states = new Map<number, CommitId>();
  const met = new Set<string>();
  const meet = (ref: string): void => {
    const commit = history.refs.read(ref) as CommitId | undefined;
    if (commit === undefined || met.has(commit) || !history.objects.has(commit)) return;
    met.add(commit);
    const left = history.readTask(commit);
    if (left === undefined || splitTaskId(left.task).task !== task) return;
    // Who fails once more in the same way leaves no other state.
    for (const { build, ok } of runsOf(commit)) if (!ok) states.set(build, commit);
  };
  meet(refs.failed(task));
  return (build) => {
    meet(refs.build(build));
    return states.get(build);
  };
}
