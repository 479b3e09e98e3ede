import type { ObjectStore } from '../ports/objects.ts';
import type { CommitId } from '../terms/ids.ts';

/** What a commit stands on, along first parents: itself first. */
export function firstParents(objects: ObjectStore, commit: CommitId | undefined): readonly CommitId[] {
  const line: CommitId[] = [];
  for (let at = commit; at !== undefined; at = objects.readCommit(at).parents[0]) line.push(at);
  return line;
}
