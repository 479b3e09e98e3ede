import { resolve } from 'node:path';
import type { Datastore } from '../language/datastore.ts';
import type { Python } from '../ports/python.ts';
import type { World } from '../ports/world.ts';
import type { Places } from '../terms/places.ts';
import { VarveError, type Place } from '../terms/varve-error.ts';
import type { Layer } from './metadata.ts';
import { createObserver, type Observer } from './observe-reading.ts';
import { placeOf } from './place-of.ts';
import { readConfig } from './read-config.ts';
import { rememberTexts, type RememberedTexts } from './remember-texts.ts';
import { createTextMemo, type TextMemo } from './text-memo.ts';

export interface ConfigurationRequest {
  /** Absolute. */
  readonly buildDir: string;
  readonly python: () => Python;
  /** As `Environment.eager`. */
  readonly eager?: boolean;
  readonly warn: (text: string, place?: Place) => void;
}

/** What the configuration says, and what read it: recipes are read by the same. */
export interface Configuration {
  readonly places: Places;
  readonly config: Datastore;
  /** Python had a part in it. */
  readonly configuredByPython: boolean;
  /** In the order of BBLAYERS. */
  readonly layers: readonly Layer[];
  readonly memo: TextMemo;
  readonly source: RememberedTexts;
  readonly observer: Observer;
}

/** Reads the configuration of a build directory; its recipes are not looked for. */
export function loadConfiguration(world: World, request: ConfigurationRequest): Configuration {
  const { buildDir, python, warn, eager = false } = request;
  const memo = createTextMemo(world.fs);
  const source = rememberTexts(world.fs, memo);
  const host = { cpus: world.cpus, machine: world.machine };
  const observer = createObserver({ source, python, eager, warn: warnOnce(warn), host });
  const { result, python: configuredByPython } = observer.observe(() =>
    readConfig(world, buildDir, observer.environment),
  );
  const { data: config, layers } = result;
  return { places: placesOf(config, buildDir), config, configuredByPython, layers, memo, source, observer };
}

function placesOf(config: Datastore, buildDir: string): Places {
  const path = (name: string): string => {
    const value = config.get(name)?.trim() ?? '';
    if (value !== '') return resolve(buildDir, value);
    throw new VarveError('metadata', `${name} is empty: it names a directory`, placeOf(config, name));
  };
  return {
    buildDir,
    tmpDir: path('TMPDIR'),
    downloadDir: path('DL_DIR'),
    historyDir: path('HISTORY_DIR'),
    artifactDir: path('ARTIFACT_DIR'),
    deployDir: path('DEPLOY_DIR'),
    pkgdataDir: path('PKGDATA_DIR'),
  };
}

/** One text may be read for many recipes; what is wrong with it is said once. */
function warnOnce(warn: ConfigurationRequest['warn']): ConfigurationRequest['warn'] {
  const said = new Set<string>();
  return (text, place) => {
    const key = JSON.stringify([text, place?.file, place?.line]);
    if (said.has(key)) return;
    said.add(key);
    warn(text, place);
  };
}
