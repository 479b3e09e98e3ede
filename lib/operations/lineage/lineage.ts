/** The states that a commit of a history stands on, as the steps that led to it. */
import type { History } from '../../history/history.ts';
import { splitTaskId, type CommitId, type TreeId } from '../../terms/ids.ts';

export interface Step {
  readonly commit: CommitId;
  readonly tree: TreeId;
  /** The task that made it, with its own commit; `edited` where a person did. */
  readonly task: string;
  readonly taskCommit: CommitId;
  /** The patch of that task, as SRC_URI names it. */
  readonly patch?: string;
  /** It is an artifact, which stands for all that led to it. */
  readonly artifact?: true;
}

/** Follows a commit to its first parents, down to the first task or to an artifact; newest first. */
export function lineageOf(history: History, tip: CommitId): readonly Step[] {
  const { objects } = history;
  const steps: Step[] = [];
  let [task, taskCommit] = ['edited', tip];
  for (let at: CommitId | undefined = tip; at !== undefined;) {
    const { tree, parents, message } = objects.readCommit(at);
    const patch = history.readPatch(at);
    const own = history.readTask(at);
    if (patch === undefined)
      [task, taskCommit] = [own === undefined ? 'edited' : splitTaskId(own.task).task, at];
    const artifact = own === undefined && /^Artifact: /m.test(message);
    steps.push({
      commit: at,
      tree,
      task,
      taskCommit,
      ...(patch && { patch: patch.name }),
      ...(artifact && { artifact }),
    });
    at = artifact ? undefined : parents[0];
  }
  return steps;
}
