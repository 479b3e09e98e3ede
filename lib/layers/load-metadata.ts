import type { World } from '../ports/world.ts';
import { recipeCachePath } from '../terms/places.ts';
import { configurationKey } from './configuration-key.ts';
import { findRecipeFiles } from './find-recipe-files.ts';
import { type ConfigurationRequest, loadConfiguration } from './load-configuration.ts';
import { cacheName, createRecipeReader } from './load-recipe.ts';
import type { Metadata } from './metadata.ts';
import { openRecipeCache } from './recipe-cache.ts';
import { createRecipeIndex } from './recipe-index.ts';
import { refuseDangling } from './refuse-dangling.ts';
import { createSharing } from './share-parts.ts';

export type { Layer, LoadedRecipe, Metadata, RecipeFile, TaskOf } from './metadata.ts';

export interface MetadataRequest extends ConfigurationRequest {
  /** An append that applies to no recipe is an error: for whoever builds. Left out: it is a warning. */
  readonly strict?: boolean;
}

/** Reads the configuration of a build directory and finds its recipes; they are read when they are asked for. */
export function loadMetadata(world: World, request: MetadataRequest): Metadata {
  const { buildDir } = request;
  const { config, configuredByPython, layers, places, memo, source, observer } = loadConfiguration(
    world,
    request,
  );
  const found = findRecipeFiles(config, layers, buildDir);
  refuseDangling(config, found, request.strict !== true);
  const recipeFiles = found.recipes;
  const path = recipeCachePath(places, configurationKey(world.program, config));
  const cache = openRecipeCache(world, { path, memo, answer: observer.answer });
  const sharing = createSharing();
  const reader = createRecipeReader({ config, buildDir, observer, cache, sharing });
  return {
    places,
    config,
    configuredByPython,
    layers,
    recipeFiles,
    ...createRecipeIndex(config, recipeFiles, reader),
    files: () => source.seen(),
    keep: () => {
      sharing.end();
      cache.save(new Set(recipeFiles.flatMap((file) => [cacheName(file, ''), cacheName(file, 'native')])));
    },
  };
}
