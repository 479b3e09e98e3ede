import { loadMetadata } from '../layers/load-metadata.ts';
import type { World } from '../ports/world.ts';
import { byCodeUnit } from '../terms/ids.ts';
import { warnThrough, type Say } from './say.ts';

export interface RecipeRow {
  readonly name: string;
  readonly version: string;
  readonly layer: string;
  readonly file: string;
  /** Why it cannot be built here. */
  readonly skipped?: string;
}

/** Lists the recipe chosen for every name that the layers offer, by name. */
export function listRecipes(
  world: World,
  request: { readonly buildDir: string },
  say: Say,
): readonly RecipeRow[] {
  const metadata = loadMetadata(world, {
    buildDir: request.buildDir,
    python: world.python,
    warn: warnThrough(say),
  });
  return metadata
    .recipes()
    .map(({ name, version, layer, file, skipped }) => ({
      name,
      version,
      layer: layer.name,
      file,
      ...(skipped === undefined ? {} : { skipped }),
    }))
    .toSorted((a, b) => byCodeUnit(a.name, b.name));
}
