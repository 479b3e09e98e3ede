import { firstParents } from '../../history/first-parents.ts';
import type { History } from '../../history/history.ts';
import type { TaskCommit } from '../../history/task-commits.ts';
import type { CommitId } from '../../terms/ids.ts';
import { refs } from '../../terms/places.ts';

export interface TypedSteps {
  /** The result that the edits were made on; undefined: there was none. */
  readonly base: TaskCommit | undefined;
  /** What a person typed, state by state, newest first: their own commits, and what varve kept for them. */
  readonly typed: readonly CommitId[];
}

/** Tells what was typed below a commit from what tasks made of it in between. */
export function typedSteps(history: History, commit: CommitId | undefined): TypedSteps {
  const kept = new Set(history.refs.list(refs.allEdited).values());
  const line = firstParents(history.objects, commit);
  const results = line.map((at) => (kept.has(at) ? undefined : history.readTask(at)));
  const base = results.find((result) => result?.edited === false);
  const steps = base === undefined ? line : line.slice(0, results.indexOf(base));
  return {
    base,
    typed: steps.filter((at, index) => results[index] === undefined && history.readPatch(at) === undefined),
  };
}
