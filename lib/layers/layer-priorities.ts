import type { Datastore } from '../language/datastore.ts';
import { VarveError } from '../terms/varve-error.ts';
import { layerDependencies } from './layer-dependencies.ts';
import { placeOf } from './place-of.ts';

/**
 * Finds the priority of each layer: BBFILE_PRIORITY, else one more than the weightiest layer that it depends on, and
 * than the lightest of those that have one.
 */
export function layerPriorities(data: Datastore, layers: readonly string[]): ReadonlyMap<string, number> {
  const set = layers.flatMap((layer) => {
    const priority = setPriority(data, layer);
    return priority === undefined ? [] : [[layer, priority] as const];
  });
  const found = new Map(set);
  const lightest = set.length === 0 ? 0 : Math.min(...found.values());
  const find = (layer: string, asking: readonly string[]): number => {
    const known = found.get(layer);
    if (known !== undefined) return known;
    const below = layerDependencies(data, layer)
      .map(({ name }) => name)
      .filter((name) => layers.includes(name) && !asking.includes(name));
    const priority = 1 + Math.max(lightest, ...below.map((name) => find(name, [...asking, layer])));
    found.set(layer, priority);
    return priority;
  };
  for (const layer of layers) find(layer, [layer]);
  return found;
}

function setPriority(data: Datastore, layer: string): number | undefined {
  const name = `BBFILE_PRIORITY_${layer}`;
  const text = data.get(name)?.trim() ?? '';
  if (text === '') return undefined;
  if (/^-?\d+$/.test(text)) return Number(text);
  throw new VarveError('metadata', `${name} is "${text}", which is not a number`, placeOf(data, name));
}
