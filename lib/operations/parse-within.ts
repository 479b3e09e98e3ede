import { loadMetadata } from '../layers/load-metadata.ts';
import { warnOfMistakes } from '../layers/warn-of-mistakes.ts';
import type { World } from '../ports/world.ts';
import { countWarnings } from './parsing/count-warnings.ts';
import type { ReadFile } from './parsing/describe-parsed.ts';
import { readMetadataFile, type FileToRead } from './parsing/read-metadata-file.ts';
import type { Say } from '../terms/say.ts';

export interface WithinRequest extends FileToRead {
  readonly buildDir: string;
}

/**
 * Reads one file on top of the configuration of a build directory; a recipe of its layers with the appends that apply
 * to it, and with `appends` after those.
 */
export function parseWithin(world: World, request: WithinRequest, say: Say): ReadFile {
  const warnings = countWarnings(say);
  const { config, recipeFiles, files } = loadMetadata(world, {
    buildDir: request.buildDir,
    python: world.python,
    eager: true,
    warn: warnings.warn,
  });
  const base = config.copy();
  const known = recipeFiles.find((one) => one.file === request.file);
  if (known !== undefined) base.set('FILE_LAYERNAME', known.layer.name);
  const appends = [...(known?.appends ?? []), ...request.appends];
  const look = (request.variant ?? '') === '' ? warnOfMistakes : undefined;
  const read = readMetadataFile(base, { ...request, appends, ...(look && { look }) }, warnings);
  const { source } = config.environment;
  return { ...read, texts: files().map((path) => source.read(path) ?? '') };
}
