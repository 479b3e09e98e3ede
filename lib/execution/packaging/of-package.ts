import type { Datastore } from '../../language/datastore.ts';

/** What a variable says of one package, or of all. */
export function ofPackage(data: Datastore, variable: string, name: string): string | undefined {
  return data.get(`${variable}:${name}`) ?? data.get(variable);
}
