import { basename, join, resolve } from 'node:path';
import type { Datastore } from '../language/datastore.ts';
import { readConfiguration } from '../language/read-configuration.ts';
import type { World } from '../ports/world.ts';
import { VarveError } from '../terms/varve-error.ts';
import { checkLayers } from './check-layers.ts';
import type { Layer } from './metadata.ts';
import { placeOf } from './place-of.ts';
import { splitWords } from './split-words.ts';

/** Reads conf/bblayers.conf and every layer's conf/layer.conf into `data`; what layers weigh is for the rest to say too. */
export function readLayers(
  world: World,
  data: Datastore,
  buildDir: string,
): readonly Omit<Layer, 'priority'>[] {
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
  const layers = [...new Set(named)].map((path) => ({ name: readLayer(data, path), path }));
  checkLayers(data, layers);
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
