import { join } from 'node:path';
import { describeLayers, type DescribedLayer } from '../layers/describe-layers.ts';
import type { Layer, Metadata } from '../layers/metadata.ts';
import type { World } from '../ports/world.ts';
import type { BuildRequest } from '../terms/build-request.ts';
import { version } from '../terms/version.ts';

/** What of the metadata the description of a build tells. */
export interface Described {
  readonly machine: string;
  /** The PACKAGE_ARCH of recipes that set none. */
  readonly arch: string;
  readonly distro: string;
  readonly layers: readonly Layer[];
}

/** Takes it from the metadata, as plain data. */
export function describedOf({ config, layers }: Pick<Metadata, 'config' | 'layers'>): Described {
  const value = (name: string): string => config.get(name) ?? '';
  return { machine: value('MACHINE'), arch: value('PACKAGE_ARCH'), distro: value('DISTRO'), layers };
}

/** Writes the file `build` of builds.git: what was asked, and all that the answer could hang on but no input shows. */
export function describeBuild(world: World, described: Described, request: BuildRequest): string {
  const options = Object.entries({
    '-c': request.task,
    '--runall': request.runall,
    '-k': request.keepGoing,
    '-f': request.force,
    '--no-cache': !request.cache,
    '--offline': request.offline,
    '--name': request.name,
  }).flatMap(([option, given]) =>
    given === undefined || given === false ? [] : [given === true ? option : `${option} ${given}`],
  );
  const layers = describeLayers(world, described);
  const lines = [
    `targets ${request.targets.join(' ')}`,
    `options ${options.join(' ')}`,
    `machine ${described.machine}`,
    `arch ${described.arch}`,
    `distro ${described.distro}`,
    `varve ${version}`,
    ...layers.map(layerLine),
  ];
  const files = ['bblayers.conf', 'local.conf'].map((name) => {
    const path = join(request.buildDir, 'conf', name);
    const text = world.fs.existsSync(path) ? world.fs.readFileSync(path, 'utf8') : '';
    return `\n== conf/${name}\n${text}`;
  });
  const diffs = layers.flatMap(({ name, diff }) =>
    diff === undefined ? [] : [`\n== layer ${name}\n${diff}`],
  );
  return `${lines.map((line) => `${line.trimEnd()}\n`).join('')}${files.join('')}${diffs.join('')}`;
}

/** The layers of which such a text holds what was not committed. */
export function describedDiffs(described: string): readonly string[] {
  return [...described.matchAll(/^== layer (\S+)$/gm)].map(([, name = '']) => name);
}

function layerLine({ name, remote, revision, dirty }: DescribedLayer): string {
  return `layer ${name} ${remote ?? '-'} ${revision ?? '-'}${dirty === true ? ' dirty' : ''}`;
}
