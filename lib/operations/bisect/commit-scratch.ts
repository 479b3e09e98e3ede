/** The scratch build directory of a search over commits, brought to one commit after the other. */
import type { World } from '../../ports/world.ts';
import type { Places } from '../../terms/places.ts';
import type { CommitWalk } from './commit-walk.ts';
import { writeScratchConf } from './scratch-build-dir.ts';

export interface CommitScratch {
  readonly walk: CommitWalk;
  /** The scratch build directory. */
  readonly buildDir: string;
  /** Brings its metadata to a commit. */
  stand(commit: string): void;
}

/** Makes a scratch build directory at `buildDir` for the one whose places are given. */
export function createCommitScratch(
  world: World,
  { from, buildDir }: { readonly from: Places; readonly buildDir: string },
  walk: CommitWalk,
): CommitScratch {
  let now: string | undefined;
  let written: string | undefined;
  return {
    walk,
    buildDir,
    stand(commit) {
      if (now === commit) return;
      walk.enter?.(commit);
      const settings = walk.settings(commit);
      const text = JSON.stringify(settings);
      // The user's own configuration is read once: it may be changed while the search goes on.
      if (text !== written) writeScratchConf(world, { from, to: buildDir }, settings);
      [now, written] = [commit, text];
    },
  };
}
