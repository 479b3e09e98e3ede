import type { Datastore } from '../../language/datastore.ts';
import { splitWords } from '../../layers/split-words.ts';

/** What a variable says of one package, or of all. */
export function ofPackage(data: Datastore, variable: string, name: string): string | undefined {
  return data.get(`${variable}:${name}`) ?? data.get(variable);
}

/** Whether INSANE_SKIP says of one package, or of all, that what a check finds in it is meant. */
export function skipsCheck(data: Datastore, name: string, check: string): boolean {
  return splitWords(ofPackage(data, 'INSANE_SKIP', name)).includes(check);
}
