import { createFsFromVolume, Volume } from 'memfs';
import * as nodeFs from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type NewBuild, openBuilds } from '../../lib/history/builds.ts';
import type { FileSystem } from '../../lib/ports/world.ts';
import type { CommitId } from '../../lib/terms/ids.ts';
import { git, scratchDirectory } from '../support/real-git.ts';
import { hintsOf } from '../support/hints-of.ts';

const memory = (): FileSystem => createFsFromVolume(new Volume()) as unknown as FileSystem;

function build(number: number, more: Partial<NewBuild> = {}): NewBuild {
  return {
    number,
    ok: true,
    when: 1_700_000_000 + number,
    message: `build ${number}`,
    recipes: new Map(),
    build: 'targets: app\n',
    ...more,
  };
}

const work = 'c'.repeat(40) as CommitId;

test('a build carries forward the recipes that it did not touch', () => {
  const builds = openBuilds({ fs: memory(), gitDir: '/history/builds.git' });
  const zlib = {
    files: new Map([
      ['artifact', 'sig id\n'],
      ['inputs/do_compile', 'variable CFLAGS -O2\n'],
    ]),
    work,
  };
  builds.record(build(1, { recipes: new Map([['core2/zlib', zlib]]) }));
  builds.record(
    build(2, { ok: false, recipes: new Map([['core2/app', { files: new Map([['artifact', 'x']]) }]]) }),
  );

  expect(builds.list()).toEqual([1, 2]);
  expect(builds.all().at(1)).toMatchObject({ n: 2, ok: false, time: 1_700_000_002_000 });
  expect(builds.recipes(2)).toEqual(['core2/app', 'core2/zlib']);
  expect(builds.file(2, 'build')?.toString()).toBe('targets: app\n');
  expect(builds.file(2, 'core2/zlib/inputs/do_compile')?.toString()).toBe('variable CFLAGS -O2\n');
  expect(builds.files(2, 'core2/zlib')).toEqual(['artifact', 'inputs/do_compile']);
  expect(builds.work(2, 'core2/zlib')).toBe(work);
  expect(builds.work(2, 'core2/app')).toBeUndefined();
});

test('what a build has of a recipe is told and compared, and of an unknown recipe or build it is nothing', () => {
  const builds = openBuilds({ fs: memory(), gitDir: '/history/builds.git' });
  const files = new Map([
    ['tasks', 'do_compile é -\n'],
    ['artifacts/do_deploy', 'id\n'],
  ]);
  builds.record(build(1, { recipes: new Map([['core2/zlib', { files, work }]]) }));
  const zlib = builds.recorded(1)('core2/zlib');
  expect(['tasks', 'artifacts/do_deploy', 'artifacts', 'work', 'native'].map(zlib.text)).toEqual([
    'do_compile é -\n',
    'id\n',
    undefined,
    undefined,
    undefined,
  ]);
  expect(zlib.says('tasks', 'do_compile é -\n')).toBe(true);
  expect(zlib.says('tasks', 'do_compile e -\n')).toBe(false);
  expect(zlib.says('tasks', undefined)).toBe(false);
  expect([undefined, ''].map((text) => zlib.says('native', text))).toEqual([true, false]);
  for (const nothing of [builds.recorded(1)('core2/app'), builds.recorded(2)('core2/zlib')])
    expect(nothing.text('tasks')).toBeUndefined();
});

test('builds are found by number, place, success and name', () => {
  const builds = openBuilds({ fs: memory(), gitDir: '/history/builds.git' });
  builds.record(build(1, { name: 'release' }));
  builds.record(build(2));
  builds.record(build(5, { ok: false }));
  expect(['5', '@2', '@-1', '@-2', '@ok', '@release'].map((spoken) => builds.resolve(spoken))).toEqual([
    5, 2, 2, 1, 2, 1,
  ]);
  expect(() => builds.resolve('@3')).toThrow('build 3 is no longer in the record: gc keeps the newest 20');
  for (const unknown of ['6', '@-3', '@nightly', 'HEAD~1'])
    expect(() => builds.resolve(unknown)).toThrow(`there is no build '${unknown}'`);
  expect(hintsOf(() => builds.resolve('@relase'))).toEqual([
    'did you mean "@release"?',
    'varve builds   lists them: 1 to 5',
  ]);
});

test('a name that could be taken for something else is refused', () => {
  const builds = openBuilds({ fs: memory(), gitDir: '/history/builds.git' });
  for (const name of ['7', 'ok', '-x', 'a..b', 'deadbeef', 'x.lock', 'a/b', 'HEAD']) {
    expect(() => builds.record(build(1, { name }))).toThrow(`'${name}' cannot be the name of a build`);
  }
});

test('a name that another build has is refused, and stays where it was', () => {
  const builds = openBuilds({ fs: memory(), gitDir: '/history/builds.git' });
  builds.record(build(1, { name: 'release' }));
  expect(() => builds.checkName('release')).toThrow("build 1 is called 'release' already");
  expect(() => builds.record(build(2, { name: 'release' }))).toThrow("build 1 is called 'release' already");
  expect([builds.list(), builds.resolve('@release')]).toEqual([[1], 1]);
});

test('git tells which recipe changed between two builds', () => {
  const gitDir = join(scratchDirectory(), 'builds.git');
  const builds = openBuilds({ fs: nodeFs, gitDir });
  const recipe = (text: string) => ({ files: new Map([['inputs/do_compile', text]]), work });
  builds.record(
    build(1, {
      recipes: new Map([
        ['all/a', recipe('1\n')],
        ['all/b', recipe('1\n')],
      ]),
    }),
  );
  builds.record(build(2, { recipes: new Map([['all/b', recipe('2\n')]]) }));
  const packing = builds.refs.pack();
  packing.place();
  packing.prune();

  expect(git(gitDir, 'diff', '--name-status', '1', '2')).toBe('M\tall/b/inputs/do_compile\n');
  expect(git(gitDir, 'fsck', '--strict')).toBe('');
  expect(git(gitDir, 'log', '--format=%s')).toBe('build 2\nbuild 1\n');
});

test('a build that a crash left without its number counts for nothing', () => {
  const builds = openBuilds({ fs: memory(), gitDir: '/history/builds.git' });
  const stood = (text: string) => new Map([['core2/zlib', { files: new Map([['artifact', text]]) }]]);
  const first = builds.record(build(1, { recipes: stood('as in build 1') }));
  builds.record(build(2, { recipes: stood('of a build that was cut off') }));
  builds.refs.delete('refs/tags/2');

  const again = builds.record(build(2));
  expect(builds.file(2, 'core2/zlib/artifact')?.toString()).toBe('as in build 1');
  expect(builds.objects.readCommit(again).parents).toEqual([first]);
  expect(builds.refs.read('refs/heads/main')).toBe(again);
});
