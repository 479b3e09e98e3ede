/** `varve edit drop`: builds go on without a person's edits, which stay in the record. */
import { holdBuildLock } from '../execution/hold-build-lock.ts';
import { readEditing, saveEdits } from '../execution/save-edits.ts';
import type { Site } from '../execution/site.ts';
import type { World } from '../ports/world.ts';
import { splitTaskId, type CommitId } from '../terms/ids.ts';
import { refs } from '../terms/places.ts';
import { VarveError } from '../terms/varve-error.ts';
import { openSite } from './open-site.ts';
import type { Say } from './say.ts';

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
    return drop(world, site);
  } finally {
    letGo();
  }
}

function drop(world: World, site: Site): Dropped {
  const editing = readEditing(site);
  const there = site.hasHistory() && world.fs.existsSync(site.workdir);
  const saved = there ? saveEdits(site) : undefined;
  if (editing === undefined && saved === undefined) {
    throw new VarveError('usage', `${site.recipe.name} has no edits to drop`, {
      hints: [`varve log ${site.recipe.name}`],
    });
  }
  const history = site.history();
  const base = baseOf(site, editing?.commit ?? saved?.commit);
  if (there && base !== undefined) history.checkout(base, site.scope);
  if (there && base !== undefined) history.link();
  for (let at = base; at !== undefined; at = history.objects.readCommit(at).parents[0]) {
    const done = history.readTask(at);
    if (done === undefined) continue;
    const name = splitTaskId(done.task).task;
    if (site.stamped(name, done.signature)?.id === at) history.refs.write(refs.newest(name), at);
  }
  history.refs.delete(refs.editing);
  const task = base === undefined ? undefined : history.readTask(base)?.task;
  const tags = [...history.refs.list(refs.edited(0).slice(0, -1)).keys()].map((name) =>
    name.slice('refs/tags/'.length),
  );
  return {
    recipe: site.recipe.name,
    kept: tags,
    ...(there && task !== undefined ? { task: splitTaskId(task).task } : {}),
  };
}

/** The last commit below the edits that no edit had a part in. */
function baseOf(site: Site, edits: CommitId | undefined): CommitId | undefined {
  const { objects } = site.history();
  for (let at = edits; at !== undefined; at = objects.readCommit(at).parents[0]) {
    if (!/^Edited: yes$/m.test(objects.readCommit(at).message)) return at;
  }
  return undefined;
}
