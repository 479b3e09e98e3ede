import type { Datastore, Origin } from '../language/datastore.ts';
import type { Place } from '../terms/varve-error.ts';

/** Says where a variable got its value, for an error. */
export function placeOf(data: Datastore, name: string): { readonly place?: Place } {
  const origin = originOf(data, name);
  return origin === undefined ? {} : { place: { file: origin.file, line: origin.line } };
}

/** Finds the statement that gave a variable its value; a weak default only where there is nothing else. */
export function originOf(data: Datastore, name: string): Origin | undefined {
  const origins = data.origins(name).filter((origin) => origin.flag === undefined);
  return origins.findLast((origin) => origin.operation !== 'set??') ?? origins.at(-1);
}
