import { join } from 'node:path';
import { createDatastore, type Datastore } from '../language/datastore.ts';
import { fireEvent } from '../language/event-handlers.ts';
import type { Environment } from '../language/environment.ts';
import { inheritConfigured, readConfiguration } from '../language/read-configuration.ts';
import { refuseRenamed } from '../language/renamed-variables.ts';
import type { World } from '../ports/world.ts';
import { VarveError } from '../terms/varve-error.ts';
import { callerEnvironment, checkMachineAndDistro } from './check-machine-and-distro.ts';
import type { Layer } from './metadata.ts';
import { readLayers } from './read-layers.ts';
import { splitWords } from './split-words.ts';
import { weighLayers } from './weigh-layers.ts';

export interface Config {
  readonly data: Datastore;
  readonly layers: readonly Layer[];
}

/** Reads the configuration: layers, bitbake.conf with all that it includes, then what the engine needs and nobody set. */
export function readConfig(world: World, buildDir: string, environment: Environment): Config {
  const data = createDatastore(environment);
  data.set('TOPDIR', buildDir);
  data.set('BBPATH', buildDir);
  takeFromCaller(world, data);
  const layers = readLayers(world, data, buildDir);
  const path = searchPath(data, buildDir, world.metaDir);
  data.set('BBPATH', path.join(':'), data.origins('BBPATH').at(-1));
  const file = path
    .map((dir) => join(dir, 'conf', 'bitbake.conf'))
    .find((candidate) => world.fs.existsSync(candidate));
  if (file === undefined)
    throw new VarveError('internal', `conf/bitbake.conf is nowhere in ${path.join(', ')}`);
  readConfiguration(data, file, environment);
  // A layer's own bitbake.conf need not know them.
  if (file.startsWith(`${world.metaDir}/`)) checkMachineAndDistro(data, path);
  fillIn(data);
  inheritConfigured(data, environment);
  refuseRenamed(data);
  fireEvent(data, { name: 'ConfigParsed', args: [] });
  return { data, layers: weighLayers(data, layers) };
}

/** The caller's environment is not metadata, but for what is named so. */
function takeFromCaller(world: World, data: Datastore): void {
  const named = [
    ...splitWords(world.env['BB_ENV_PASSTHROUGH']),
    ...splitWords(world.env['BB_ENV_PASSTHROUGH_ADDITIONS']),
  ];
  for (const name of new Set(['MACHINE', 'DISTRO', ...named])) {
    const value = world.env[name];
    if (value !== undefined)
      data.set(name, value, { file: callerEnvironment, line: 0, operation: 'set', detail: value });
  }
}

/** The build directory, the layers, and varve's own metadata for what nobody else brings. */
function searchPath(data: Datastore, buildDir: string, metaDir: string): readonly string[] {
  const named = (data.get('BBPATH') ?? '').split(':').filter((dir) => dir !== '' && dir !== metaDir);
  return [...new Set([...(named.includes(buildDir) ? [] : [buildDir]), ...named, metaDir])];
}

const defaults: readonly (readonly [string, string])[] = [
  ['TMPDIR', '${TOPDIR}/tmp'],
  ['DL_DIR', '${TOPDIR}/downloads'],
  ['HISTORY_DIR', '${TOPDIR}/history'],
  ['ARTIFACT_DIR', '${TOPDIR}/artifacts'],
  ['DEPLOY_DIR', '${TMPDIR}/deploy'],
  ['PKGDATA_DIR', '${TMPDIR}/pkgdata'],
  ['PN', "${@bb.parse.vars_from_file(d.getVar('FILE', False), d)[0] or 'defaultpkgname'}"],
  ['PV', "${@bb.parse.vars_from_file(d.getVar('FILE', False), d)[1] or '1.0'}"],
  ['PR', "${@bb.parse.vars_from_file(d.getVar('FILE', False), d)[2] or 'r0'}"],
  ['WORKDIR', '${TMPDIR}/work/${PACKAGE_ARCH}/${PN}'],
  ['T', '${WORKDIR}/temp'],
  ['D', '${WORKDIR}/image'],
  ['S', '${WORKDIR}/${PN}-${PV}'],
  ['B', '${S}'],
  ['RECIPE_SYSROOT', '${WORKDIR}/recipe-sysroot'],
  ['RECIPE_SYSROOT_NATIVE', '${WORKDIR}/recipe-sysroot-native'],
];

function fillIn(data: Datastore): void {
  const arch = ['MACHINE_ARCH', 'TARGET_ARCH'].find((name) => data.getRaw(name) !== undefined);
  const all = [['PACKAGE_ARCH', arch === undefined ? 'noarch' : `\${${arch}}`] as const, ...defaults];
  for (const [name, value] of all) if (data.getRaw(name) === undefined) data.assignWeakly(name, value);
}
