/** What layers say of the company they need. */
import { satisfiesVersion } from '../language/compare-versions.ts';
import type { Datastore } from '../language/datastore.ts';
import { closest } from '../terms/closest.ts';
import { VarveError } from '../terms/varve-error.ts';
import { layerDependencies, type LayerDependency } from './layer-dependencies.ts';
import type { Layer } from './metadata.ts';
import { placeOf } from './place-of.ts';
import { splitWords } from './split-words.ts';

/** What OpenEmbedded's own metadata is called as a layer. */
const core = 'core';
const asCore = 'BBFILE_COLLECTIONS += "core" in conf/bblayers.conf';

/** Refuses layers that need others which are not there, or are made for another release than the core layer's. */
export function checkLayers(data: Datastore, layers: readonly Pick<Layer, 'name'>[]): void {
  const collections = splitWords(data.get('BBFILE_COLLECTIONS'));
  const twice = collections.find((name, index) => collections.indexOf(name) !== index);
  if (twice !== undefined) throw sameName(data, twice);
  const there = new Set([...collections, ...layers.map((layer) => layer.name)]);
  for (const { name } of layers) {
    for (const needed of layerDependencies(data, name)) {
      if (!there.has(needed.name)) throw missing(data, name, { needed: needed.name, there });
      checkVersion(data, name, needed);
    }
    checkSeries(data, name);
  }
}

function sameName(data: Datastore, name: string): VarveError {
  const variable = 'BBFILE_COLLECTIONS';
  const files = data
    .origins(variable)
    .flatMap(({ file, detail }) => (splitWords(detail).includes(name) ? [file] : []));
  return new VarveError(
    'metadata',
    `two layers have the name ${name} in ${variable}: ${files.join(' and ')}`,
    {
      ...placeOf(data, variable),
      hints: ['take one of the two out of BBLAYERS in conf/bblayers.conf'],
    },
  );
}

function missing(
  data: Datastore,
  layer: string,
  { needed, there }: { readonly needed: string; readonly there: ReadonlySet<string> },
): VarveError {
  const near = closest(needed, there);
  const hints = [
    ...(near === undefined ? [] : [`did you mean "${near}"?`]),
    `add the directory of ${needed} to BBLAYERS in conf/bblayers.conf`,
    ...(needed === core ? [`or let varve's own metadata stand for it: ${asCore}`] : []),
  ];
  const place = placeOf(data, `LAYERDEPENDS_${layer}`);
  return new VarveError(
    'metadata',
    `the layer ${layer} needs the layer ${needed}, which is not in BBLAYERS`,
    {
      ...place,
      hints,
    },
  );
}

function checkVersion(data: Datastore, layer: string, { name, condition }: LayerDependency): void {
  const variable = `LAYERVERSION_${name}`;
  const version = data.get(variable)?.trim() ?? '';
  if (condition === undefined) return;
  const { operator, version: wanted } = condition;
  const satisfied = version !== '' && satisfiesVersion(version, operator, wanted);
  if (satisfied === true) return;
  const asked = `the layer ${layer} needs the layer ${name} (${operator} ${wanted})`;
  throw new VarveError(
    'metadata',
    satisfied === undefined
      ? `${asked}, and "${operator}" compares nothing`
      : `${asked}, and ${version === '' ? `${variable} is not set` : `${variable} is "${version}"`}`,
    placeOf(data, `LAYERDEPENDS_${layer}`),
  );
}

/** LAYERSERIES_CORENAMES is what the core layer calls its release; where no layer says so, nothing is compared. */
function checkSeries(data: Datastore, layer: string): void {
  const series = splitWords(data.get('LAYERSERIES_CORENAMES'));
  const variable = `LAYERSERIES_COMPAT_${layer}`;
  const compatible = splitWords(data.get(variable));
  if (series.length === 0 || compatible.some((name) => series.includes(name))) return;
  if (compatible.length === 0) {
    data.environment.warn(
      `the layer ${layer} does not say in ${variable} for which releases it is made; the core layer's is ${series.join(' ')}`,
    );
    return;
  }
  throw new VarveError(
    'metadata',
    `the layer ${layer} is made for ${compatible.join(' ')}, and the core layer is ${series.join(' ')}`,
    {
      ...placeOf(data, variable),
      hints: [
        `take the branch of ${layer} for ${series.join(' or ')}, or add that to ${variable} if it works there`,
      ],
    },
  );
}
