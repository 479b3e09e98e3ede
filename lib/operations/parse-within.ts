import { readConfiguration } from '../language/read-configuration.ts';
import { readRecipe } from '../language/read-recipe.ts';
import { loadMetadata, type Metadata } from '../layers/load-metadata.ts';
import type { World } from '../ports/world.ts';
import type { ReadFile } from './describe-parsed.ts';
import type { BareRequest } from './parse-bare.ts';
import { warnThrough, type Say } from './say.ts';

export interface WithinRequest extends Omit<BareRequest, 'top'> {
  readonly buildDir: string;
}

/**
 * Reads one file on top of the configuration of a build directory; a recipe of its layers with the appends that apply
 * to it, and with `appends` after those.
 */
export function parseWithin(world: World, request: WithinRequest, say: Say): ReadFile {
  const warn = warnThrough(say);
  let warnings = 0;
  const metadata = loadMetadata(world, {
    buildDir: request.buildDir,
    python: world.python,
    warn: (text, place) => {
      warnings++;
      warn(text, place);
    },
  });
  const read = readOn(metadata, request);
  const { source } = metadata.config.environment;
  return { ...read, warnings, texts: metadata.files().map((path) => source.read(path) ?? '') };
}

function readOn(
  { config, recipeFiles }: Metadata,
  { file, appends, variant }: WithinRequest,
): Pick<ReadFile, 'data' | 'recipe'> {
  const base = config.copy();
  const { environment } = config;
  if (!file.endsWith('.bb')) {
    readConfiguration(base, file, environment);
    return { data: base };
  }
  const known = recipeFiles.find((one) => one.file === file);
  if (known !== undefined) base.set('FILE_LAYERNAME', known.layer.name);
  const recipe = readRecipe(
    {
      file,
      appends: [...(known?.appends ?? []), ...appends],
      base,
      ...(variant === undefined ? {} : { variant }),
    },
    environment,
  );
  return { data: recipe.data, recipe };
}
