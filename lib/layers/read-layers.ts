import { basename, join, resolve } from 'node:path';
import type { Datastore, Origin } from '../language/datastore.ts';
import { readConfiguration } from '../language/read-configuration.ts';
import type { World } from '../ports/world.ts';
import { VarveError, type Place } from '../terms/varve-error.ts';
import type { Layer } from './metadata.ts';
import { splitWords } from './split-words.ts';

/** Reads conf/bblayers.conf and every layer's conf/layer.conf into `data`. */
export function readLayers(world: World, data: Datastore, buildDir: string): readonly Layer[] {
  const file = join(buildDir, 'conf', 'bblayers.conf');
  if (!world.fs.existsSync(file)) {
    throw new VarveError('usage', `${buildDir} is not a build directory: it has no conf/bblayers.conf`, {
      hints: [`varve init ${buildDir}`],
    });
  }
  readConfiguration(data, file, data.environment);
  const named = splitWords(data.get('BBLAYERS')).map((path) =>
    layerPath(world, data, resolve(buildDir, path)),
  );
  const found = [...new Set(named)].map((path) => ({ path, name: readLayer(data, path) }));
  const layers = found.map(({ path, name }) => ({ name, path, priority: priorityOf(data, name) }));
  checkDependencies(data, layers);
  return layers;
}

/** A layer is where it really lies: reached through a symbolic link, it is the same layer. */
function layerPath(world: World, data: Datastore, path: string): string {
  if (world.fs.existsSync(join(path, 'conf', 'layer.conf'))) return world.fs.realpathSync(path);
  throw new VarveError(
    'metadata',
    `${path}, named in BBLAYERS, is not a layer: it has no conf/layer.conf`,
    placeOf(data, 'BBLAYERS'),
  );
}

function readLayer(data: Datastore, path: string): string {
  const before = new Set(splitWords(data.get('BBFILE_COLLECTIONS')));
  data.set('LAYERDIR', path);
  data.set('LAYERDIR_RE', escapePattern(path));
  readConfiguration(data, join(path, 'conf', 'layer.conf'), data.environment);
  settle(data, ['LAYERDIR', 'LAYERDIR_RE']);
  data.delete('LAYERDIR');
  data.delete('LAYERDIR_RE');
  return splitWords(data.get('BBFILE_COLLECTIONS')).find((name) => !before.has(name)) ?? basename(path);
}

/** The next layer has another LAYERDIR: what speaks of this one's is made plain now. */
function settle(data: Datastore, names: readonly string[]): void {
  const plain = (text: string): string =>
    names.reduce((done, name) => done.replaceAll(`\${${name}}`, () => data.get(name) ?? ''), text);
  for (const name of data.names()) {
    const content = data.content(name);
    const origin = data.origins(name).at(-1);
    if (content !== undefined && plain(content) !== content) data.assign(name, plain(content), origin);
    const raw = data.getRaw(name);
    if (raw !== undefined && plain(raw) !== raw) data.set(name, plain(raw), origin);
  }
}

function escapePattern(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\-]/g, '\\$&');
}

function priorityOf(data: Datastore, layer: string): number {
  const name = `BBFILE_PRIORITY_${layer}`;
  const text = data.get(name)?.trim() ?? '';
  if (text === '') return 1;
  if (/^-?\d+$/.test(text)) return Number(text);
  throw new VarveError('metadata', `${name} is "${text}", which is not a number`, placeOf(data, name));
}

function checkDependencies(data: Datastore, layers: readonly Layer[]): void {
  const names = new Set([
    ...splitWords(data.get('BBFILE_COLLECTIONS')),
    ...layers.map((layer) => layer.name),
  ]);
  for (const layer of layers) {
    const variable = `LAYERDEPENDS_${layer.name}`;
    for (const word of splitWords((data.get(variable) ?? '').replaceAll(/\([^)]*\)/g, ' '))) {
      const needed = word.split(':')[0] ?? word;
      if (names.has(needed)) continue;
      throw new VarveError(
        'metadata',
        `the layer ${layer.name} needs the layer ${needed}, which is not in BBLAYERS`,
        {
          ...placeOf(data, variable),
          hints: [`add the directory of ${needed} to BBLAYERS in conf/bblayers.conf`],
        },
      );
    }
  }
}

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
