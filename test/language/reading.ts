import { createDatastore, type Datastore } from '../../lib/language/datastore.ts';
import type { Environment } from '../../lib/language/environment.ts';
import { inheritConfigured, readConfiguration } from '../../lib/language/read-configuration.ts';
import { readRecipe, type EvaluatedRecipe } from '../../lib/language/read-recipe.ts';
import { VarveError } from '../../lib/terms/varve-error.ts';
import { environmentOf, type TestEnvironment } from './memory-source.ts';

export interface Configured {
  readonly data: Datastore;
  readonly environment: TestEnvironment;
}

/** Reads a configuration of these lines. */
export function configuration(...lines: readonly string[]): Configured {
  const environment = environmentOf({ '/conf/t.conf': `${lines.join('\n')}\n` });
  const data = createDatastore(environment);
  readConfiguration(data, '/conf/t.conf', environment);
  return { data, environment };
}

export interface Files {
  /** `/recipes/demo_1.0.bb`, and what else there is, by path. */
  readonly files: Readonly<Record<string, string>>;
  readonly appends?: readonly string[];
  readonly variant?: string;
  readonly python?: Environment['python'];
  readonly eager?: boolean;
}

/** Reads /recipes/demo_1.0.bb, with /conf/bitbake.conf before it where there is one. */
export function recipe({
  files,
  appends = [],
  variant,
  python,
  eager = false,
}: Files): EvaluatedRecipe & Configured {
  const environment = { ...environmentOf(files, python), eager };
  const base = createDatastore(environment);
  base.set('BBPATH', '/');
  if (files['/conf/bitbake.conf'] !== undefined) readConfiguration(base, '/conf/bitbake.conf', environment);
  inheritConfigured(base, environment);
  const read = { file: '/recipes/demo_1.0.bb', appends, base, ...(variant === undefined ? {} : { variant }) };
  return { ...readRecipe(read, environment), environment };
}

/** The error that something ends with, as people read it: the place, the message, the hints. */
export function errorOf(work: () => unknown): readonly string[] {
  try {
    work();
  } catch (error) {
    if (!(error instanceof VarveError)) throw error;
    const { place, message, hints } = error;
    const via = (place?.via ?? []).map(({ how, file, line }) => `${how} from ${file}:${line}`);
    return [`${place?.file ?? ''}:${place?.line ?? ''}`, message, ...via, ...hints];
  }
  return [];
}
