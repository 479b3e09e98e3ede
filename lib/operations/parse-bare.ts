import { join } from 'node:path';
import { createDatastore, type Datastore } from '../language/datastore.ts';
import type { Environment } from '../language/environment.ts';
import { inheritConfigured, readConfiguration } from '../language/read-configuration.ts';
import { readRecipe } from '../language/read-recipe.ts';
import { rememberTexts } from '../layers/remember-texts.ts';
import type { World } from '../ports/world.ts';
import { VarveError } from '../terms/varve-error.ts';
import type { ReadFile } from './describe-parsed.ts';
import { ParseFailed } from './parse-failed.ts';
import { warnThrough, type Say } from './say.ts';

export interface BareRequest {
  /** Absolute, as the other paths. A `.bb` is read and finalised, anything else is only read. */
  readonly file: string;
  /** TOPDIR and BBPATH. */
  readonly top: string;
  readonly appends: readonly string[];
  /** One of BBCLASSEXTEND; left out: the recipe itself. */
  readonly variant?: string;
}

/**
 * Reads one file by the rules of the language alone: nothing of varve's own metadata, no layers, no build directory.
 * Throws a {@link ParseFailed}.
 */
export function parseBare(world: World, request: BareRequest, say: Say): ReadFile {
  const source = rememberTexts(world.fs);
  const warn = warnThrough(say);
  let warnings = 0;
  const environment: Environment = {
    source,
    python: world.python,
    warn: (text, place) => {
      warnings++;
      warn(text, place);
    },
  };
  const base = during('config', request, () => readBase(request, environment));
  const read = during('parse', request, () => readOn(base, request, environment));
  return { ...read, warnings, texts: source.seen().map((path) => source.read(path) ?? '') };
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

function readOn(
  base: Datastore,
  { file, appends, variant }: BareRequest,
  environment: Environment,
): Pick<ReadFile, 'data' | 'recipe'> {
  if (!file.endsWith('.bb')) {
    readConfiguration(base, file, environment);
    return { data: base };
  }
  const recipe = readRecipe(
    { file, appends, base, ...(variant === undefined ? {} : { variant }) },
    environment,
  );
  return { data: recipe.data, recipe };
}

function during<T>(phase: ParseFailed['phase'], { top }: BareRequest, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof VarveError ? new ParseFailed(error, { phase, top }) : error;
  }
}
