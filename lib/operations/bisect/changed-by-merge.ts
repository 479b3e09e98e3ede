import type { World } from '../../ports/world.ts';
import { gitSays } from './commit-history.ts';

/**
 * Lists the files that a merge of two has otherwise than git merges them by itself; undefined where git cannot tell, and
 * of a commit that is no such merge. git writes into the repository meanwhile.
 */
export function changedByMerge(world: World, dir: string, commit: string): readonly string[] | undefined {
  const git = (...args: readonly string[]): string | undefined => gitSays(world, ['-C', dir, ...args]);
  const parents = git('rev-list', '--parents', '--max-count=1', commit)?.trim().split(' ').slice(1) ?? [];
  if (parents.length !== 2) return undefined;
  return git('show', '--remerge-diff', '--format=', '--name-only', '-z', commit)?.split('\0').filter(Boolean);
}
