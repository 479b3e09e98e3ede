import type { Datastore } from '../../language/datastore.ts';
import { packagesOf } from '../../layers/recipe-facts.ts';

/**
 * Tells where a recipe asks for others, `file:line` by the name that it uses: in DEPENDS and RDEPENDS, and in the
 * variables that these are made of.
 */
export function dependencyPlaces(data: Datastore, name: string): ReadonlyMap<string, string> {
  const places = new Map<string, string>();
  const packages = new Set([...packagesOf(data, name), name]);
  const names = new Set(['DEPENDS', 'RDEPENDS', ...[...packages].map((one) => `RDEPENDS:${one}`)]);
  // A set goes on over what is added while it is gone through.
  for (const variable of names) {
    for (const { file, line, detail } of data.origins(variable)) {
      for (const word of detail.split(/\s+/)) places.set(word, `${file}:${line}`);
    }
    for (const reference of data.trace(variable).references) names.add(reference);
  }
  return places;
}
