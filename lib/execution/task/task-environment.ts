/** The environment of a task: declared by the metadata and by varve, nothing of the caller's. */
import { dirname, join } from 'node:path';
import { defaultEpoch } from '../../terms/default-epoch.ts';

/** What is asked of the datastore. */
export interface Metadata {
  get(name: string): string | undefined;
  rawFlag(name: string, flag: string): string | undefined;
  names(): readonly string[];
}

export interface EnvironmentOptions {
  readonly data: Metadata;
  readonly workdir: string;
  /** T: HOME where metadata sets none, so that what a program leaves there is no part of the record. */
  readonly t: string;
  readonly sysrootNative: string;
  /** Directory of the links to host tools. */
  readonly hostTools: string;
}

/** Collects what a task finds in its environment: varve's defaults, and over them what the metadata exports. */
export function taskEnvironment(options: EnvironmentOptions): ReadonlyMap<string, string> {
  const native = ['usr/bin', 'usr/sbin', 'bin', 'sbin'].map((path) => join(options.sysrootNative, path));
  return new Map([
    ['PATH', [...native, options.hostTools].join(':')],
    ['HOME', options.t],
    ['LC_ALL', 'C.UTF-8'],
    ['TZ', 'UTC'],
    ['SOURCE_DATE_EPOCH', String(defaultEpoch)],
    ...exported(options.data),
    // A configure script that asks git finds nothing, not even a repository around the build directory.
    ['GIT_CEILING_DIRECTORIES', dirname(options.workdir)],
    ['GIT_CONFIG_NOSYSTEM', '1'],
  ]);
}

/** Lists the variables that the metadata exports, with their values; those without one are not exported. */
function exported(data: Metadata): readonly (readonly [string, string])[] {
  return data.names().flatMap((name) => {
    if (!isSet(data, name, 'export') || isSet(data, name, 'unexport') || isSet(data, name, 'func')) return [];
    const value = data.get(name);
    return value === undefined ? [] : [[name, value] as const];
  });
}

function isSet(data: Metadata, name: string, flag: string): boolean {
  const value = data.rawFlag(name, flag);
  return value !== undefined && value !== '' && value !== '0';
}
