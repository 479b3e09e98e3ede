import { keptEdits } from '../../execution/workdir/find-left.ts';
import { holdBuildLock, runningBuild } from '../../execution/holding/hold-build-lock.ts';
import { foreseeLeft, keepLeft } from '../../execution/workdir/keep-left.ts';
import type { Site } from '../../execution/workdir/site.ts';
import type { Metadata } from '../../layers/load-metadata.ts';
import type { World } from '../../ports/world.ts';
import { splitTaskId, type CommitId, type TreeId } from '../../terms/ids.ts';
import { compareResolved } from './compare-resolved.ts';
import type { Difference } from './difference.ts';
import type { ResolvedTree } from '../record/resolved-revision.ts';
import { isOnPatches } from '../editing/is-on-patches.ts';
import type { Say } from '../../terms/say.ts';

/** Edits that a WORKDIR has when a shell in it ends. */
export interface LeftEdits {
  readonly recipe: string;
  /** They stand before the end of do_patch, and the patches of the recipe would be applied to them. */
  readonly isUnpatched?: true;
  /** What the shell itself changed; absent where a build is at work, which nobody waits for. */
  readonly difference?: Difference;
}

/** Takes into the record what a person left in the WORKDIR; undefined where nothing is edited. */
export async function leftEdits(
  { world, metadata, site }: { readonly world: World; readonly metadata: Metadata; readonly site: Site },
  before: CommitId | undefined,
  say: Say,
): Promise<LeftEdits | undefined> {
  const { name: recipe } = site.recipe;
  const found = foreseeLeft(world, site);
  if (found === undefined || found.kind === 'unfinished') return undefined;
  if (runningBuild(world, metadata.places) !== undefined) return { recipe };
  const what = `keeping edits of ${recipe}`;
  const letGo = await holdBuildLock(world, metadata.places, { what, wait: true, say });
  try {
    const kept = keepLeft(world, site);
    if (kept?.kind !== 'edits') return undefined;
    const { objects } = site.history();
    const at = (rev: string, commit: CommitId, tree: TreeId): ResolvedTree => {
      const place = { arch: site.recipe.packageArch, recipe, objects, top: '' } as const;
      return { kind: 'edited', rev, commit, tree, ...place };
    };
    const from = before && at(revOf(site, before), before, objects.readCommit(before).tree);
    const to = at(`${recipe}:edited@${kept.number}`, kept.commit, kept.tree);
    const isUnpatched = !isOnPatches(site, kept.commit);
    return { recipe, ...(isUnpatched && { isUnpatched }), difference: compareResolved({ from, to }, []) };
  } finally {
    letGo();
  }
}

/** What stood in the WORKDIR, as it is typed. */
function revOf(site: Site, commit: CommitId): string {
  const task = site.history().readTask(commit)?.task;
  if (task !== undefined) return site.failed(splitTaskId(task).task)?.id === commit ? `${task}@failed` : task;
  const number = keptEdits(site.history()).get(commit);
  return `${site.recipe.name}:edited${number === undefined ? '' : `@${number}`}`;
}
