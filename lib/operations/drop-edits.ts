/** `varve edit drop`: builds go on without a person's edits, which stay in the record. */
import { holdBuildLock } from '../execution/holding/hold-build-lock.ts';
import { readEditing } from '../execution/edits/editing.ts';
import { shownEdits } from '../execution/edits/shown-edits.ts';
import { resultsBelow } from '../execution/edits/results-below.ts';
import { editsNumber, keptEdits } from '../execution/workdir/find-left.ts';
import { keepAsEdits, keepLeft } from '../execution/workdir/keep-left.ts';
import { refuseInUse } from '../execution/workdir/refuse-in-use.ts';
import type { Site } from '../execution/workdir/site.ts';
import { moveWorkdir } from '../execution/workdir/workdir.ts';
import { firstParents } from '../history/first-parents.ts';
import type { World } from '../ports/world.ts';
import { splitTaskId, type CommitId } from '../terms/ids.ts';
import { refs } from '../terms/places.ts';
import { VarveError } from '../terms/varve-error.ts';
import { typedMeanwhile } from './editing/typed-meanwhile.ts';
import { openSite } from './editing/open-site.ts';
import type { Say } from '../terms/say.ts';

export interface Dropped {
  readonly recipe: string;
  /** Where the edits can still be found. */
  readonly kept: readonly string[];
  /** The task that the WORKDIR shows again; absent: it is not there. */
  readonly task?: string;
}

/** Drops the edits of a recipe; the WORKDIR shows again what the recipe made. */
export async function dropEdits(
  world: World,
  request: { readonly buildDir: string; readonly recipe: string },
  say: Say,
): Promise<Dropped> {
  const { site, metadata } = openSite(world, request, say);
  const letGo = await holdBuildLock(world, metadata.places, {
    what: `varve edit drop ${site.recipe.name}`,
    wait: true,
    say,
  });
  try {
    refuseInUse(world, site);
    return dropFrom(world, site, say);
  } finally {
    letGo();
  }
}

/** The same, for who holds the build directory already. */
export function dropFrom(world: World, site: Site, say: Say): Dropped {
  const left = keepLeft(world, site);
  const editing = readEditing(site);
  const shown = shownEdits(site, left, editing);
  if (shown !== undefined) keepMeanwhile(site, shown.commit);
  const dropped = [
    ...(editing === undefined ? [] : [editsNumber(site, editing.commit)]),
    ...(shown === undefined ? [] : [editsNumber(site, shown.commit)]),
  ].filter((number) => number !== undefined);
  if (editing === undefined && shown === undefined) {
    throw new VarveError('usage', `${site.recipe.name} has no edits to drop`, {
      hints: [`varve log ${site.recipe.name}`],
    });
  }
  const kept = keptEdits(site.history());
  const base = resultsBelow(site, site.head() ?? editing?.commit).find(
    ({ id, edited }) => !edited && !kept.has(id),
  );
  const there = base !== undefined && world.fs.existsSync(site.workdir);
  if (there) {
    for (const warning of moveWorkdir(world, site, base.id)) say(`warning: ${warning}`);
    site.history().link();
  }
  nameWithoutEdits(site, base?.id);
  site.history().refs.delete(refs.editing);
  return {
    recipe: site.recipe.name,
    kept: [...new Set(dropped)].toSorted((a, b) => a - b).map((number) => `edited@${number}`),
    ...(there ? { task: splitTaskId(base.task).task } : {}),
  };
}

/** A state that a task left is the edits' own where something in it may have been typed. */
function keepMeanwhile(site: Site, commit: CommitId): void {
  const { ofTasks, unsure } = typedMeanwhile(site, commit, []);
  const kept = keptEdits(site.history());
  const line = firstParents(site.history().objects, commit);
  const last = line.findIndex((at) => kept.has(at));
  const mayHold = (at: CommitId): boolean =>
    (ofTasks.get(at)?.size ?? 0) > 0 || unsure.some(({ step }) => step.id === at);
  if (line.slice(0, last === -1 ? line.length : last).some(mayHold)) keepAsEdits(site, commit);
}

/** Tags of tasks that the edits had a part in go back to the newest result without them. */
function nameWithoutEdits(site: Site, base: CommitId | undefined): void {
  for (const { id, task, signature, edited } of resultsBelow(site, base)) {
    const { task: name } = splitTaskId(task);
    if (!edited && site.newest(name)?.edited === true && site.stamped(name, signature)?.id === id)
      site.history().refs.write(refs.newest(name), id);
  }
}
