import type { History } from '../../history/history.ts';
import { splitTaskId, type CommitId } from '../../terms/ids.ts';
import { refs } from '../../terms/places.ts';

/** Finds the state that a task left when it failed in a build; undefined where it did not, or where that is gone. */
export function findFailure(
  history: History,
  { task, build }: { readonly task: string; readonly build: number },
): CommitId | undefined {
  const prefix = refs.build(0).slice(0, -1);
  const stood = [...history.refs.list(prefix)]
    .map(([name, commit]) => [Number(name.slice(prefix.length)), commit] as const)
    .filter(([n]) => n <= build)
    .toSorted(([a], [b]) => b - a)
    .map(([, commit]) => commit);
  const isMeant = (commit: CommitId): boolean => {
    if (!history.objects.has(commit)) return false;
    const left = history.readTask(commit);
    return (
      left !== undefined &&
      splitTaskId(left.task).task === task &&
      history.runs.of(commit).some((run) => run.build === build && !run.ok)
    );
  };
  return [history.refs.read(refs.failed(task)), ...stood]
    .flatMap((commit) => (commit === undefined ? [] : [commit as CommitId]))
    .find(isMeant);
}
