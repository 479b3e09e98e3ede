import { firstParents } from '../../history/first-parents.ts';
import type { History } from '../../history/history.ts';
import { readTrailers, type TaskCommit } from '../../history/task-commits.ts';
import { splitTaskId, type CommitId, type Signature, type TaskId, type TreeId } from '../../terms/ids.ts';
import { refs } from '../../terms/places.ts';

export interface TypedSteps {
  /** The result that the edits were made on; undefined: there was none. */
  readonly base: TaskCommit | undefined;
  /** All commits that stand on it, newest first. */
  readonly line: readonly CommitId[];
  /** What a person typed, state by state, newest first: their own commits, and what varve kept for them. */
  readonly typed: readonly CommitId[];
  /** Of these what a person made of the base with git, and what it was: its parents are not what the base stands on. */
  readonly rewritten: ReadonlyMap<CommitId, TreeId>;
}

/** What a person's commit was made on: that before it, or what they rewrote. */
export function treeBefore(
  { objects }: Pick<History, 'objects'>,
  commit: CommitId,
  { rewritten }: Pick<TypedSteps, 'rewritten'>,
): TreeId | undefined {
  const [parent] = objects.readCommit(commit).parents;
  return rewritten.get(commit) ?? (parent === undefined ? undefined : objects.readCommit(parent).tree);
}

/** Tells what was typed below a commit from what tasks made of it in between. */
export function typedSteps(history: History, commit: CommitId | undefined): TypedSteps {
  const kept = new Set(history.refs.list(refs.allEdited).values());
  const whole = firstParents(history.objects, commit);
  const result = (at: CommitId): TaskCommit | undefined => (kept.has(at) ? undefined : history.readTask(at));
  const ground = findGround(history, whole, (at) => result(at)?.edited === false);
  const line = whole.slice(0, ground.above);
  const typed = line.filter((at) => result(at) === undefined && history.readPatch(at) === undefined);
  return { base: ground.base, line, typed, rewritten: ground.rewritten };
}

interface Ground extends Pick<TypedSteps, 'base' | 'rewritten'> {
  /** How many commits stand on it. */
  readonly above: number;
}

/** The newest result of a line, or what a person made of one by `git rebase` or `git commit --amend`. */
function findGround(
  history: History,
  line: readonly CommitId[],
  isResult: (at: CommitId) => boolean,
): Ground {
  for (const [index, at] of line.entries()) {
    if (isResult(at)) return { base: history.readTask(at), above: index, rewritten: new Map() };
    const original = originalOf(history, at);
    if (original !== undefined)
      return { base: original, above: index + 1, rewritten: new Map([[at, original.tree]]) };
    // All patches are there, and of the task's own commit nothing is left.
    const patched = history.readPatch(at) && newestOf(history, refs.newest('do_patch'));
    if (patched?.edited === false && patched.parents[0] === at)
      return { base: patched, above: index, rewritten: new Map() };
  }
  return { base: undefined, above: line.length, rewritten: new Map() };
}

/** What a task left, where a commit that says so is a person's. */
function originalOf(history: History, at: CommitId): TaskCommit | undefined {
  const { committer, message } = history.objects.readCommit(at);
  if (committer === undefined) return undefined;
  const trailers = readTrailers(message);
  const [task, signature] = [trailers.get('Task'), trailers.get('Signature')];
  if (task === undefined || signature === undefined) return undefined;
  const name = splitTaskId(task as TaskId).task;
  return [refs.stamp(name, signature as Signature), refs.failed(name)]
    .map((ref) => newestOf(history, ref))
    .find(
      (one) =>
        one?.signature === signature &&
        !one.edited &&
        one.fell === ['Failed', 'Cut-Off'].some((word) => trailers.get(word) === 'yes'),
    );
}

function newestOf(history: History, ref: string): TaskCommit | undefined {
  const found = history.refs.read(ref);
  return found === undefined ? undefined : history.readTask(found as CommitId);
}
