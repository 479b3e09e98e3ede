import type { Providers } from '../../graph/build-graph.ts';
import type { LoadedRecipe, Metadata } from '../../layers/load-metadata.ts';
import { outlineOf } from '../outline/recipe-outline.ts';
import { recipeShapeOf } from '../outline/recipe-shape-of.ts';

/** A name in RDEPENDS that leads to no recipe. */
export interface NotProvided {
  /** The recipe that asks. */
  readonly recipe: string;
  /** With the place that asks in front. */
  readonly text: string;
  readonly hints: readonly string[];
}

/** Makes the look-up of the task graph. What is needed to run only, and nobody provides, is told and left out. */
export function findProviders(metadata: Metadata, tell: (missing: NotProvided) => void): Providers {
  const told = new Set<string>();
  return {
    toBuild: (name, askedBy) => recipeShapeOf(metadata.recipe(name, askedBy)),
    toRun(name, askedBy) {
      const found = metadata.provider(name);
      if (found !== undefined && found.skipped === undefined) return recipeShapeOf(found);
      const key = `${askedBy} ${name}`;
      if (!told.has(key)) tell(notProvided(metadata.recipe(askedBy), { name, found }));
      told.add(key);
      return undefined;
    },
  };
}

function notProvided(
  recipe: LoadedRecipe,
  { name, found }: { readonly name: string; readonly found: LoadedRecipe | undefined },
): NotProvided {
  const at = new Map(outlineOf(recipe).dependencyPlaces).get(name) ?? recipe.file;
  const why = found === undefined ? 'no recipe provides' : `is skipped: ${found.skipped ?? ''}`;
  return {
    recipe: recipe.name,
    text: `${at}: ${recipe.name} needs "${name}" to run, which ${why}`,
    hints: [
      `where the target has it from elsewhere, say so in conf/local.conf: ASSUME_PROVIDED += "${name}"`,
    ],
  };
}
