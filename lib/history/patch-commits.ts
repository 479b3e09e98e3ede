import type { Commit, ObjectStore } from '../ports/objects.ts';
import type { CommitId, TreeId } from '../terms/ids.ts';
import { AUTHOR, readTrailers } from './task-commits.ts';

/** What one patch made of the sources: a commit between that of do_patch and the one that do_patch started from. */
export interface PatchCommit {
  readonly id: CommitId;
  readonly tree: TreeId;
  /** As SRC_URI names it. */
  readonly name: string;
  /** Who wrote the patch: `Name <mail>`; varve where nobody is named. */
  readonly author: string;
  readonly subject: string;
}

/** The trailer that tells a patch's commit from others. */
export const PATCH = 'Patch';

/** Reads a commit as that of a patch; undefined where it is another. */
export function asPatchCommit(id: CommitId, commit: Commit): PatchCommit | undefined {
  if ((commit.committer ?? commit.author) !== AUTHOR) return undefined;
  const name = readTrailers(commit.message).get(PATCH);
  if (name === undefined) return undefined;
  const { tree, author, message } = commit;
  return { id, tree, name, author, subject: message.split('\n')[0] ?? '' };
}

/** The patches that a task applied, oldest first, and the commit that it started from. */
export function applied(
  objects: ObjectStore,
  commit: CommitId,
): { readonly patches: readonly PatchCommit[]; readonly start: CommitId | undefined } {
  const patches: PatchCommit[] = [];
  let [at] = objects.readCommit(commit).parents;
  for (; at !== undefined; at = objects.readCommit(at).parents[0]) {
    const patch = asPatchCommit(at, objects.readCommit(at));
    if (patch === undefined) break;
    patches.unshift(patch);
  }
  return { patches, start: at };
}
