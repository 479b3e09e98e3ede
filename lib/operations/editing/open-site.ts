import { createSite, type Site } from '../../execution/workdir/site.ts';
import { loadMetadata, type Metadata } from '../../layers/load-metadata.ts';
import type { World } from '../../ports/world.ts';
import { warnThrough, type Say } from '../../terms/say.ts';

/** Opens the place where a recipe's work goes on, as the metadata describes it now. */
export function openSite(
  world: World,
  request: { readonly buildDir: string; readonly recipe: string },
  say: Say,
): { readonly site: Site; readonly metadata: Metadata } {
  const metadata = loadMetadata(world, {
    buildDir: request.buildDir,
    python: world.python,
    warn: warnThrough(say),
  });
  return { site: createSite(world, metadata.places, metadata.recipe(request.recipe)), metadata };
}
