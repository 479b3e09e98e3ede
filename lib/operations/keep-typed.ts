import { holdBuildLock, runningBuild } from '../execution/holding/hold-build-lock.ts';
import { keepLeft } from '../execution/workdir/keep-left.ts';
import type { World } from '../ports/world.ts';
import { parseRevision, splitImport } from '../terms/revision.ts';
import { VarveError } from '../terms/varve-error.ts';
import { openSite } from './editing/open-site.ts';
import type { Say } from '../terms/say.ts';

/** Where a REV names the edits of a recipe, takes into the record what was typed in the WORKDIR since the last look. */
export async function keepTyped(
  world: World,
  { buildDir, revs }: { readonly buildDir: string; readonly revs: readonly string[] },
  say: Say,
): Promise<void> {
  for (const rev of revs) {
    // What an import holds, nobody types on in.
    if (splitImport(rev) !== undefined) continue;
    const named = parseRevision(rev);
    if (named.kind === 'edited' && named.n === undefined)
      await keep(world, { buildDir, recipe: named.recipe }, say);
  }
}

async function keep(
  world: World,
  request: { readonly buildDir: string; readonly recipe: string },
  say: Say,
): Promise<void> {
  const opened = openSiteOrNone(world, request);
  if (opened === undefined || !opened.site.hasHistory()) return;
  const { site, metadata } = opened;
  if (runningBuild(world, metadata.places) !== undefined) {
    say(
      `note: a build is at work: what was typed in the WORKDIR of ${site.recipe.name} meanwhile is not shown`,
    );
    return;
  }
  const what = `keeping edits of ${site.recipe.name}`;
  const letGo = await holdBuildLock(world, metadata.places, { what, wait: true, say });
  try {
    keepLeft(world, site);
  } finally {
    letGo();
  }
}

/** The record answers also where the recipe, or all metadata, can no longer be read. */
function openSiteOrNone(
  world: World,
  request: { readonly buildDir: string; readonly recipe: string },
): ReturnType<typeof openSite> | undefined {
  try {
    return openSite(world, request, () => undefined);
  } catch (error) {
    if (error instanceof VarveError) return undefined;
    throw error;
  }
}
