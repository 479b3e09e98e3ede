/** Edits that a build has no use for are told, so that nobody wonders why they changed nothing. */
import { splitTaskId, type TaskId } from '../../terms/ids.ts';
import { lastLook } from '../../terms/places.ts';
import type { BuildContext } from '../build-context.ts';
import { fitsSources } from './fits-sources.ts';
import { standsOn } from './shown-edits.ts';
import { foreseeLeft } from '../workdir/keep-left.ts';
import type { Site } from '../workdir/site.ts';

/**
 * Looking costs an lstat for each file: beyond this much in indexes (some 3000 files), only those WORKDIRs are looked
 * at that the build is about.
 */
const indexBytes = 300_000;
/** As much as seven files: the WORKDIR itself, its link, and what its history knows of it. */
const bytesAnyhow = 700;

export interface Mentioning {
  /** The tasks that the build is about. */
  readonly about: readonly TaskId[];
  readonly dryRun: boolean;
}

/** Tells of the WORKDIRs that have edits which the build did not, or under `-n` would not use. */
export function mentionEdits(context: BuildContext, { about, dryRun }: Mentioning): void {
  const recipes = new Set(about.map((task) => splitTaskId(task).recipe));
  for (const site of sitesToLookAt(context, recipes)) {
    const { name } = site.recipe;
    const left = foreseeLeft(context.world, site);
    // Most have none, and their histories need not be held until the last was looked at.
    if (left === undefined) site.letGo();
    const used = [context.edits.get(name), context.edits.passedOver(name)];
    if (left === undefined || used.some((edits) => edits?.tree === left.tree)) continue;
    if (left.kind === 'unfinished' && !(left.cutOff && left.typed === 'likely')) continue;
    const has = left.kind === 'unfinished' ? `may have edits, made while ${left.task} ran,` : 'has edits';
    const fits = fitsSources(context, site, left.commit);
    const goesOn = standsOn(site, used[0]) ? `varve build ${name}` : `varve build -f -c compile ${name}`;
    context.emit({
      event: 'message',
      level: 'note',
      about: name,
      text: `${name}: the WORKDIR ${has} that this build ${dryRun ? 'would' : 'did'} not use${fits ? '' : ': they were made on other sources'}`,
      hints: fits ? [`${goesOn}   goes on with them`] : [],
    });
  }
}

function sitesToLookAt({ graph, site, world }: BuildContext, about: ReadonlySet<string>): readonly Site[] {
  const others = [...graph.recipes.keys()].filter((name) => !about.has(name)).map(site);
  let bytes = 0;
  const near = others.filter((other) => {
    if (bytes > indexBytes || !other.hasHistory()) return false;
    const { index } = lastLook(other.gitDir);
    bytes += bytesAnyhow + (world.fs.statSync(index, { throwIfNoEntry: false })?.size ?? 0);
    return bytes <= indexBytes;
  });
  return [...[...about].map(site), ...near];
}
