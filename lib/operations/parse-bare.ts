import { join } from 'node:path';
import { createDatastore, type Datastore } from '../language/datastore.ts';
import type { Environment } from '../language/environment.ts';
import { inheritConfigured, readConfiguration } from '../language/read-configuration.ts';
import { rememberTexts } from '../layers/remember-texts.ts';
import type { World } from '../ports/world.ts';
import { VarveError } from '../terms/varve-error.ts';
import { countWarnings } from './parsing/count-warnings.ts';
import type { ReadFile } from './parsing/describe-parsed.ts';
import { ParseFailed } from './parsing/parse-failed.ts';
import { readMetadataFile, type FileToRead } from './parsing/read-metadata-file.ts';
import type { Say } from '../terms/say.ts';

export interface BareRequest extends FileToRead {
  /** TOPDIR and BBPATH; absolute. */
  readonly top: string;
}

/**
 * Reads one file by the rules of the language alone: nothing of varve's own metadata, no layers, no build directory.
 * Throws a {@link ParseFailed}.
 */
export function parseBare(world: World, request: BareRequest, say: Say): ReadFile {
  const source = rememberTexts(world.fs);
  const warnings = countWarnings(say);
  const environment: Environment = { source, eager: true, python: world.python, warn: warnings.warn };
  const base = during('config', request, () => readBase(request, environment));
  const read = during('parse', request, () => readMetadataFile(base, request, warnings));
  return { ...read, texts: source.seen().map((path) => source.read(path) ?? '') };
}

function readBase({ file, top }: BareRequest, environment: Environment): Datastore {
  const data = createDatastore(environment);
  data.set('BBPATH', top);
  data.set('TOPDIR', top);
  const configuration = join(top, 'conf', 'bitbake.conf');
  if (file !== configuration && environment.source.exists(configuration)) {
    readConfiguration(data, configuration, environment);
  }
  if (file.endsWith('.bb')) inheritConfigured(data, environment);
  return data;
}

function during<T>(phase: ParseFailed['phase'], { top }: BareRequest, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof VarveError ? new ParseFailed(error, { phase, top }) : error;
  }
}
