import { expect, test } from 'vitest';
import { taskEnvironment, type Metadata } from '../../lib/execution/task/task-environment.ts';

/** Metadata with these variables: value, and the flags that are set. */
function metadata(variables: Readonly<Record<string, readonly [string | undefined, ...string[]]>>): Metadata {
  return {
    names: () => Object.keys(variables),
    get: (name) => variables[name]?.[0],
    rawFlag: (name, flag) => (variables[name]?.slice(1).includes(flag) === true ? '1' : undefined),
  };
}

const places = {
  workdir: '/b/tmp/work/x86_64/zlib',
  t: '/b/tmp/work/x86_64/zlib/temp',
  sysrootNative: '/b/n',
  hostTools: '/b/tmp/hosttools',
};

test('a recipe that exports nothing gets the defaults, and PATH leads to native tools and host tools only', () => {
  expect(Object.fromEntries(taskEnvironment({ data: metadata({}), ...places }))).toEqual({
    PATH: '/b/n/usr/bin:/b/n/usr/sbin:/b/n/bin:/b/n/sbin:/b/tmp/hosttools',
    HOME: '/b/tmp/work/x86_64/zlib/temp',
    LC_ALL: 'C.UTF-8',
    TZ: 'UTC',
    SOURCE_DATE_EPOCH: '1577836800',
    GIT_CEILING_DIRECTORIES: '/b/tmp/work/x86_64',
    GIT_CONFIG_NOSYSTEM: '1',
  });
});

test('exported variables are added; unset, unexported and functions are not', () => {
  const data = metadata({
    CC: ['gcc', 'export'],
    TZ: ['CET', 'export'],
    NOTHING: [undefined, 'export'],
    SHELL: ['/bin/zsh', 'export', 'unexport'],
    do_compile: ['make', 'export', 'func'],
    PN: ['zlib'],
  });
  const environment = taskEnvironment({ data, ...places });
  expect([environment.get('CC'), environment.get('TZ')]).toEqual(['gcc', 'CET']);
  expect(['NOTHING', 'SHELL', 'do_compile', 'PN'].filter((name) => environment.has(name))).toEqual([]);
});
