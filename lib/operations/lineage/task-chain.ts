import type { History } from '../../history/history.ts';
import type { CommitId } from '../../terms/ids.ts';
import { DEFAULT_IMAGE, readMetadata } from '../../trees/tree-metadata.ts';
import type { Standing } from '../record/find-recorded.ts';

/** The states that the tasks of a recipe left, oldest first. */
export interface Chain extends Standing {
  readonly history: History;
  readonly commits: readonly CommitId[];
}

/** The task commits that a commit stands on, oldest first, itself last. */
export function taskChain(history: History, last: CommitId | undefined): readonly CommitId[] {
  const chain: CommitId[] = [];
  for (let commit = last; commit !== undefined;) {
    if (commit === last || history.readTask(commit) !== undefined) chain.unshift(commit);
    commit = history.objects.readCommit(commit).parents[0];
  }
  return chain;
}

/** Where D is, from the WORKDIR. */
export function imageDir({ history: { objects }, commits }: Chain): string {
  const dirs = commits.map((commit) => readMetadata(objects, objects.readCommit(commit).tree).image);
  return dirs.findLast((dir) => dir !== DEFAULT_IMAGE) ?? DEFAULT_IMAGE;
}
