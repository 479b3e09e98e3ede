import { VarveError } from '../terms/varve-error.ts';
import type { Datastore } from './datastore.ts';
import type { Environment } from './environment.ts';
import { notAFile } from './not-a-file.ts';
import { evaluateFile, startReading } from './evaluate-file.ts';
import { registerHandlers } from './event-handlers.ts';
import { findClass, inheritClasses } from './inherit-classes.ts';
import { splitWords } from './python-values.ts';
import { comingFrom, type Reading } from './reading.ts';
import type { Spot } from './statements.ts';

/** Reads a configuration file, and what it includes, into a datastore; answers the files that took part. */
export function readConfiguration(
  data: Datastore,
  file: string,
  environment: Environment,
): readonly string[] {
  const reading = startReading(data, environment);
  if (!evaluateFile(reading, file, 'first')) {
    throw notAFile(environment, file);
  }
  // Everything asks for them from here on: what is wrong with them is told first.
  data.overrides();
  return [...reading.files];
}

/** Statements that no file holds: what the configuration inherits as a whole. BitBake's name for them. */
const configured: Spot = { file: 'configuration INHERITs', line: 0, lastLine: 0 };

/**
 * Inherits `base`, where there is one, and the classes of INHERIT: the last step of a configuration, from which every
 * recipe starts. Answers the files that took part.
 */
export function inheritConfigured(data: Datastore, environment: Environment): readonly string[] {
  const reading = startReading(data, environment);
  data.note({ classKind: 'global' });
  if (findClass(reading, 'base') !== undefined)
    inheritClasses(reading, { classes: 'base', spot: configured });
  for (const name of splitWords(data.get('INHERIT'))) inheritNamed(reading, name);
  registerHandlers(data);
  data.note({ classKind: 'recipe' });
  return [...reading.files];
}

/** An error tells which line of the configuration names the class. */
function inheritNamed(reading: Reading, name: string): void {
  try {
    inheritClasses(reading, { classes: name, spot: configured });
  } catch (error) {
    const origin = reading.data
      .origins('INHERIT')
      .findLast(({ detail }) => splitWords(detail).includes(name));
    if (origin === undefined || !(error instanceof VarveError)) throw error;
    throw comingFrom(error, { how: 'inherited', file: origin.file, line: origin.line });
  }
}
