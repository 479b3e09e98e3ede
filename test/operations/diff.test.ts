import { expect, test } from 'vitest';
import { diffRevisions } from '../../lib/operations/diff-revisions.ts';
import { buildDir, worldWithBuilds } from './recorded.ts';

test('diff tells what was moved, and is only about the paths that are asked for', () => {
  const stood = (files: Readonly<Record<string, string>>, artifact: Readonly<Record<string, string>>) => ({
    tasks: { do_install: { files } },
    artifact,
  });
  const world = worldWithBuilds([
    {
      recipes: {
        app: stood({ 'doc/a.txt': 'much the same\n', b: '1\n' }, { 'usr/a': '1\n', 'etc/a': '1\n' }),
        lib: stood({}, { 'usr/lib/x': '1\n' }),
      },
    },
    {
      recipes: {
        app: stood({ 'man/a.txt': 'much the same\n', b: '2\n' }, { 'usr/a': '2\n', 'etc/a': '2\n' }),
        lib: stood({}, { 'usr/lib/x': '2\n' }),
      },
    },
  ]);
  const files = (revs: [string, string], ...paths: string[]): readonly string[] =>
    diffRevisions(world, { buildDir, revs, paths }).files.map((file) =>
      file.status === 'R' ? `R ${file.oldPath} ${file.path}` : `${file.status} ${file.path}`,
    );
  expect(files(['app@1:install', 'app@2:install'])).toEqual(['M b', 'R doc/a.txt man/a.txt']);
  expect(files(['app@1:install', 'app@2:install'], 'man')).toEqual(['A man/a.txt']);
  expect(files(['app@1', 'app@2'], '/usr/', 'usr/a', './etc')).toEqual(['M etc/a', 'M usr/a']);
  const builds = diffRevisions(world, { buildDir, revs: ['@1', '@2'], paths: ['usr/lib'] });
  expect(builds.recipes?.map(({ recipe }) => recipe)).toEqual(['lib']);
});
