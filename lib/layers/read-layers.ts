import { basename, dirname, join, resolve } from 'node:path';
import type { Datastore } from '../language/datastore.ts';
import { readConfiguration } from '../language/read-configuration.ts';
import type { World } from '../ports/world.ts';
import { closest } from '../terms/closest.ts';
import { byCodeUnit } from '../terms/ids.ts';
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
  if (isLayer(world, path)) return world.fs.realpathSync(path);
  const what = world.fs.existsSync(path) ? 'is not a layer: it has no conf/layer.conf' : 'does not exist';
  const near = nearbyLayer(world, path);
  throw new VarveError('metadata', `${path}, named in BBLAYERS, ${what}`, {
    ...placeOf(data, 'BBLAYERS'),
    hints: [
      ...(near === undefined ? [] : [`did you mean ${near}?`]),
      'write into BBLAYERS where the layer is now, or take it out',
    ],
  });
}

const isLayer = ({ fs }: World, path: string): boolean => fs.existsSync(join(path, 'conf', 'layer.conf'));

/** A layer of a like name in the same place, or of the same name one directory up or down. */
function nearbyLayer(world: World, path: string): string | undefined {
  const [name, dir] = [basename(path), dirname(path)];
  const below = (top: string): readonly string[] =>
    namesIn(world, top)
      .map((each) => join(top, each))
      .filter((each) => isLayer(world, each));
  const like = closest(
    name,
    below(dir).map((each) => basename(each)),
  );
  if (like !== undefined) return join(dir, like);
  const around = [dirname(dir), ...namesIn(world, dir).map((each) => join(dir, each))];
  return around.map((top) => join(top, name)).find((each) => isLayer(world, each));
}

function namesIn({ fs }: World, dir: string): readonly string[] {
  if (fs.statSync(dir, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  return fs.readdirSync(dir).map(String).toSorted(byCodeUnit);
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
