import type { Datastore } from '../language/datastore.ts';
import { VarveError } from '../terms/varve-error.ts';
import { layerDependencies } from './layer-dependencies.ts';
import type { Layer } from './metadata.ts';
import { placeOf } from './place-of.ts';

/**
 * Gives each layer its priority: BBFILE_PRIORITY, else one more than the weightiest layer that it depends on, and than
 * the lightest of those that have one.
 */
export function weighLayers(data: Datastore, layers: readonly Omit<Layer, 'priority'>[]): readonly Layer[] {
  const names = layers.map(({ name }) => name);
  const found = new Map<string, number>();
  for (const name of names) {
    const priority = setPriority(data, name);
    if (priority !== undefined) found.set(name, priority);
  }
  const lightest = found.size === 0 ? 0 : Math.min(...found.values());
  const find = (layer: string, asking: readonly string[]): number => {
    const known = found.get(layer);
    if (known !== undefined) return known;
    const below = layerDependencies(data, layer)
      .map(({ name }) => name)
      .filter((name) => names.includes(name) && !asking.includes(name));
    const priority = 1 + Math.max(lightest, ...below.map((name) => find(name, [...asking, layer])));
    found.set(layer, priority);
    return priority;
  };
  return layers.map((layer) => ({ ...layer, priority: find(layer.name, [layer.name]) }));
}

function setPriority(data: Datastore, layer: string): number | undefined {
  const name = `BBFILE_PRIORITY_${layer}`;
  const text = data.get(name)?.trim() ?? '';
  if (text === '') return undefined;
  if (/^-?\d+$/.test(text)) return Number(text);
  throw new VarveError('metadata', `${name} is "${text}", which is not a number`, placeOf(data, name));
}
