import type { Datastore } from '../language/datastore.ts';

export interface LayerDependency {
  readonly name: string;
  /** `>= 4` */
  readonly condition?: { readonly operator: string; readonly version: string };
}

/** Reads LAYERDEPENDS of a layer: names, each with a condition on its LAYERVERSION where it has one. */
export function layerDependencies(data: Datastore, layer: string): readonly LayerDependency[] {
  const text = data.get(`LAYERDEPENDS_${layer}`) ?? '';
  return [...text.matchAll(/([^\s()]+)(?:\s*\(\s*([<>=!]+)\s*([^\s)]+)\s*\))?/g)].map(
    ([, name = '', operator, version]) => ({
      name,
      ...(operator === undefined || version === undefined ? {} : { condition: { operator, version } }),
    }),
  );
}
