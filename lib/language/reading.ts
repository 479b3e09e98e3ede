/** What goes on while files are read into a datastore. */
import { VarveError, type Place } from '../terms/varve-error.ts';
import type { Datastore } from './datastore.ts';
import type { Environment } from './environment.ts';
import type { Spot } from './statements.ts';
import type { Origin } from './variable.ts';

export interface Reading {
  readonly data: Datastore;
  readonly environment: Environment;
  /** Every file that took part, in order. */
  readonly files: Set<string>;
  /** The files that are being read, outermost first. */
  readonly open: string[];
  /** Reads a file into the datastore; false: there is no such file. Given here so that statements can read more. */
  readonly readFile: (file: string) => boolean;
}

/** The place that errors about a statement name. */
export function placeOfSpot({ file, lastLine }: Spot): Place {
  return { file, line: lastLine };
}

/** The statement as the origin of a value. */
export function originOf({ file, line }: Spot, operation: string, detail: string): Origin {
  return { file, line, operation, detail };
}

/** Does something on behalf of a statement: an error in another file tells that the reader came from there. */
export function onBehalfOf<T>(spot: Spot, what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof VarveError) || error.place === undefined || error.place.file === spot.file)
      throw error;
    const step = `${spot.file}:${spot.lastLine}: ${what}`;
    const via = error.place.via ?? [];
    if (via.includes(step)) throw error;
    throw new VarveError(error.fault, error.message, {
      place: { ...error.place, via: [...via, step] },
      hints: error.hints,
      cause: error.cause,
    });
  }
}
