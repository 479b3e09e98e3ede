import type { History } from '../../history/history.ts';
import type { CommitId } from '../../terms/ids.ts';
import { DEFAULT_IMAGE, readMetadata } from '../../trees/tree-metadata.ts';
import type { Standing } from '../record/find-recorded.ts';

/** The states that the tasks of a recipe left, oldest first. */
export interface Chain extends Standing {
  readonly history: History;
  readonly commits: readonly CommitId[];
}

/** The task commits that a commit stands on, and what a person typed between them; oldest first, itself last. */
export function taskChain(history: History, last: CommitId | undefined): readonly CommitId[] {
  const chain: CommitId[] = [];
  for (let commit = last; commit !== undefined; [commit] = history.objects.readCommit(commit).parents)
    if (commit === last || history.readTask(commit) !== undefined || isTyped(history, commit))
      chain.unshift(commit);
  return chain;
}

/** What a person typed between a task commit and the one before it, oldest first. */
export function typedBefore(history: History, commit: CommitId): readonly CommitId[] {
  const typed: CommitId[] = [];
  let { start: at } = history.applied(commit);
  for (; at !== undefined && isTyped(history, at); [at] = history.objects.readCommit(at).parents)
    typed.unshift(at);
  return typed;
}

/** Whether a commit is of no task, nor of a patch, nor an artifact, which stands on nothing. */
function isTyped(history: History, commit: CommitId): boolean {
  if (!history.objects.has(commit)) return false;
  const isMade = history.readTask(commit) !== undefined || history.readPatch(commit) !== undefined;
  return !isMade && history.objects.readCommit(commit).parents.length > 0;
}

/** Where D is, from the WORKDIR. */
export function imageDir({ history: { objects }, commits }: Chain): string {
  const dirs = commits.map((commit) => readMetadata(objects, objects.readCommit(commit).tree).image);
  return dirs.findLast((dir) => dir !== DEFAULT_IMAGE) ?? DEFAULT_IMAGE;
}
