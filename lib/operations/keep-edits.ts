import { inspectWorkdir } from '../execution/workdir.ts';
import { saveEdits, type SavedEdits } from '../execution/save-edits.ts';
import type { Site } from '../execution/site.ts';
import type { World } from '../ports/world.ts';

/** Commits whatever a person (or a crash) left in a WORKDIR; undefined where nothing was. */
export function keepEdits(world: World, site: Site): SavedEdits | undefined {
  if (!site.hasHistory()) return undefined;
  const surprise = inspectWorkdir(world, site);
  if (surprise?.kind === 'edits') return surprise.saved;
  // What a crash cut off may have been edited since.
  return surprise?.kind === 'cut-off' ? saveEdits(site) : undefined;
}
