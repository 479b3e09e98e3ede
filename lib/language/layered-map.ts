/** A map of which copies cost nothing: what was written before the copy is shared, what comes after is not. */
export interface LayeredMap<V> {
  get(key: string): V | undefined;
  set(key: string, value: V): void;
  keys(): Iterable<string>;
  copy(): LayeredMap<V>;
}

/** Layers beyond this many are melted into one, so that a lookup stays short. */
const mostLayers = 4;

/** Makes an empty one. */
export function createLayeredMap<V>(): LayeredMap<V> {
  return layered<V>([]);
}

/** `shared` is never written to: newest first. */
function layered<V>(shared: readonly ReadonlyMap<string, V>[]): LayeredMap<V> {
  let below = shared;
  let own = new Map<string, V>();
  return {
    get(key) {
      const value = own.get(key);
      if (value !== undefined) return value;
      for (const layer of below) {
        const found = layer.get(key);
        if (found !== undefined) return found;
      }
      return undefined;
    },
    set: (key, value) => void own.set(key, value),
    keys() {
      if (below.length === 0) return own.keys();
      const all = new Set<string>();
      for (const layer of below.toReversed()) for (const key of layer.keys()) all.add(key);
      for (const key of own.keys()) all.add(key);
      return all;
    },
    copy() {
      if (own.size > 0) {
        below = below.length < mostLayers ? [own, ...below] : [melted([own, ...below])];
        own = new Map();
      }
      return layered(below);
    },
  };
}

function melted<V>(layers: readonly ReadonlyMap<string, V>[]): ReadonlyMap<string, V> {
  const all = new Map<string, V>();
  for (const layer of layers.toReversed()) for (const [key, value] of layer) all.set(key, value);
  return all;
}
