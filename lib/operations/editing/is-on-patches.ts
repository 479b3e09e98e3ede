import { resultsBelow } from '../../execution/edits/results-below.ts';
import type { Site } from '../../execution/workdir/site.ts';
import { splitTaskId, type CommitId } from '../../terms/ids.ts';
import { patchNames } from './patch-target.ts';

/** Whether all patches of a recipe are applied where a result of it stands, or it has none. */
export function isOnPatches(site: Site, result: CommitId | undefined): boolean {
  const isPatched = resultsBelow(site, result).some(
    ({ task, fell, edited }) => splitTaskId(task).task === 'do_patch' && !fell && !edited,
  );
  return isPatched || patchNames(site.recipe).length === 0;
}
