import { expect, test } from 'vitest';
import { makeOwnDirectories, mendOwnDirectories } from '../../lib/execution/task/own-directories.ts';
import type { Site } from '../../lib/execution/workdir/site.ts';
import { memoryWorld } from '../support/memory-world.ts';

const site = { recipe: { dirs: { workdir: '/work/app', t: '/work/app/temp' } } } as Site;

test('a link in the place of a WORKDIR is removed, and what it leads to is left alone', () => {
  const world = memoryWorld({ files: { '/elsewhere/file': 'precious' } });
  world.fs.mkdirSync('/work');
  world.fs.symlinkSync('/elsewhere', '/work/app');
  expect(mendOwnDirectories(world, site, 'do_compile')).toEqual({
    message: 'do_compile put something else in the place of its WORKDIR, which is empty now',
    hints: [],
  });
  expect(world.fs.readdirSync('/work/app')).toEqual(['temp']);
  expect(world.fs.readdirSync('/elsewhere')).toEqual(['file']);
});

test('a WORKDIR that is gone or closed is there and open again', () => {
  const world = memoryWorld();
  expect(mendOwnDirectories(world, site, 'do_compile')).toBeUndefined();
  for (const dir of ['/work/app/temp', '/work/app']) world.fs.chmodSync(dir, 0);
  expect(mendOwnDirectories(world, site, 'do_compile')).toBeUndefined();
  for (const dir of ['/work/app', '/work/app/temp']) expect(world.fs.statSync(dir).mode & 0o777).toBe(0o700);
});

test('T below a link that a task left is a directory of the WORKDIR again', () => {
  const world = memoryWorld({ files: { '/elsewhere/file': 'precious' } });
  const deep = { recipe: { dirs: { workdir: '/work/app', t: '/work/app/a/b/temp' } } } as Site;
  world.fs.mkdirSync('/work/app', { recursive: true });
  world.fs.symlinkSync('/elsewhere', '/work/app/a');
  makeOwnDirectories(world, deep.recipe.dirs);
  expect(world.fs.realpathSync('/work/app/a/b/temp')).toBe('/work/app/a/b/temp');
  expect(world.fs.readdirSync('/elsewhere')).toEqual(['file']);
});
