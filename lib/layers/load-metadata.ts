import { resolve } from 'node:path';
import type { Datastore } from '../language/datastore.ts';
import type { Python } from '../ports/python.ts';
import type { World } from '../ports/world.ts';
import { recipeCachePath, type Places } from '../terms/places.ts';
import { VarveError, type Place } from '../terms/varve-error.ts';
import { configurationKey } from './configuration-key.ts';
import { findRecipeFiles } from './find-recipe-files.ts';
import { cacheName, createRecipeReader } from './load-recipe.ts';
import type { Metadata } from './metadata.ts';
import { createObserver } from './observe-reading.ts';
import { placeOf } from './place-of.ts';
import { readConfig } from './read-config.ts';
import { openRecipeCache } from './recipe-cache.ts';
import { createRecipeIndex } from './recipe-index.ts';
import { refuseDangling } from './refuse-dangling.ts';
import { rememberTexts } from './remember-texts.ts';
import { createSharing } from './share-parts.ts';
import { createTextMemo } from './text-memo.ts';

export type { Layer, LoadedRecipe, Metadata, RecipeFile, TaskOf } from './metadata.ts';

export interface MetadataRequest {
  /** Absolute. */
  readonly buildDir: string;
  readonly python: () => Python;
  /** As `Environment.eager`. */
  readonly eager?: boolean;
  readonly warn: (text: string, place?: Place) => void;
  /** An append that applies to no recipe is an error: for whoever builds. Left out: it is a warning. */
  readonly strict?: boolean;
}

/** Reads the configuration of a build directory and finds its recipes; they are read when they are asked for. */
export function loadMetadata(world: World, request: MetadataRequest): Metadata {
  const { buildDir, python, warn, eager = false } = request;
  const memo = createTextMemo(world.fs);
  const source = rememberTexts(world.fs, memo);
  const host = { cpus: world.cpus, machine: world.machine };
  const observer = createObserver({ source, python, eager, warn: warnOnce(warn), host });
  const { result, python: configuredByPython } = observer.observe(() =>
    readConfig(world, buildDir, observer.environment),
  );
  const { data: config, layers } = result;
  const found = findRecipeFiles(config, layers, buildDir);
  refuseDangling(config, found, request.strict !== true);
  const recipeFiles = found.recipes;
  const places = placesOf(config, buildDir);
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

function placesOf(config: Datastore, buildDir: string): Places {
  const path = (name: string): string => {
    const value = config.get(name)?.trim() ?? '';
    if (value !== '') return resolve(buildDir, value);
    throw new VarveError('metadata', `${name} is empty: it names a directory`, placeOf(config, name));
  };
  return {
    buildDir,
    tmpDir: path('TMPDIR'),
    downloadDir: path('DL_DIR'),
    historyDir: path('HISTORY_DIR'),
    artifactDir: path('ARTIFACT_DIR'),
    deployDir: path('DEPLOY_DIR'),
    pkgdataDir: path('PKGDATA_DIR'),
  };
}

/** One text may be read for many recipes; what is wrong with it is said once. */
function warnOnce(warn: MetadataRequest['warn']): MetadataRequest['warn'] {
  const said = new Set<string>();
  return (text, place) => {
    const key = JSON.stringify([text, place?.file, place?.line]);
    if (said.has(key)) return;
    said.add(key);
    warn(text, place);
  };
}
