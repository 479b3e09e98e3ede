/** What goes on while files are read into a datastore. */
import { VarveError, type Place, type Step } from '../terms/varve-error.ts';
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

/** The place that errors about a statement name: its last line, as in BitBake. `about` is the part that is wrong. */
export function placeOfSpot({ file, lastLine }: Spot, about?: string): Place {
  return {
    file,
    ...(lastLine === 0 ? {} : { line: lastLine }),
    ...(about === undefined ? {} : { about }),
  };
}

/** Tells whether a statement stands in a class: what it names need not be in every recipe. */
export function isClass({ file }: Spot): boolean {
  return file.endsWith('.bbclass');
}

/** The statement as the origin of a value. */
export function originOf({ file, line, lastLine }: Spot, operation: string, detail: string): Origin {
  return { file, line, operation, detail, ...(lastLine === line ? {} : { lastLine }) };
}

/** The place that errors about the statement of an origin name. */
export function placeOfOrigin({ file, line, lastLine = line }: Origin, about: string): Place {
  return { file, line: lastLine, about };
}

/** Does something on behalf of a statement: an error in another file tells that the reader came from there. */
export function onBehalfOf<T>(spot: Spot, how: Step['how'], work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (spot.lastLine === 0 || !(error instanceof VarveError) || error.place?.file === spot.file) throw error;
    throw comingFrom(error, { how, file: spot.file, line: spot.lastLine });
  }
}

/** The error, with one more step of the way to its place; a way that goes in circles is told once. */
export function comingFrom(error: VarveError, step: Step): VarveError {
  const { place, fault, message, hints, cause } = error;
  const via = place?.via ?? [];
  if (place === undefined || via.some(({ file, line }) => file === step.file && line === step.line))
    return error;
  return new VarveError(fault, message, { place: { ...place, via: [...via, step] }, hints, cause });
}
