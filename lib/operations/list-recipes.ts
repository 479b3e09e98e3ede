import { loadMetadata } from '../layers/load-metadata.ts';
import type { World } from '../ports/world.ts';
import { byCodeUnit } from '../terms/ids.ts';
import type { VarveError } from '../terms/varve-error.ts';
import { warnThrough, type Say } from '../terms/say.ts';

export interface RecipeRow {
  readonly name: string;
  /** Left out where it cannot be read, and the name of the file does not tell. */
  readonly version?: string;
  readonly layer: string;
  readonly file: string;
  /** Why it cannot be built here. */
  readonly skipped?: string;
  /** Why it cannot be read. */
  readonly error?: VarveError;
}

/** Lists the recipe chosen for every name that the layers offer, and the files that cannot be read, by name. */
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
  const { recipes, unreadable } = metadata.survey();
  metadata.keep();
  const rows: readonly RecipeRow[] = [
    ...recipes.map(({ name, version, layer, file, skipped }) => ({
      name,
      version,
      layer: layer.name,
      file,
      ...(skipped === undefined ? {} : { skipped }),
    })),
    ...unreadable.map(({ name, version, layer, file, error }) => ({
      name,
      ...(version === undefined ? {} : { version }),
      layer: layer.name,
      file,
      error,
    })),
  ];
  return rows.toSorted((a, b) => byCodeUnit(a.name, b.name));
}
