import { expect, test } from 'vitest';
import { foldsCase } from '../../lib/execution/workdir/folds-case.ts';
import type { FileSystem } from '../../lib/ports/world.ts';
import { memoryFileSystem } from '../support/memory-world.ts';

/** One that takes names that differ in case for one name. */
function folding(fs: FileSystem): FileSystem {
  const lower = <Args extends unknown[], Result>(call: (path: string, ...rest: Args) => Result) => {
    return (path: string, ...rest: Args): Result => call(path.toLowerCase(), ...rest);
  };
  return {
    ...fs,
    lstatSync: lower(fs.lstatSync as never) as FileSystem['lstatSync'],
    existsSync: lower(fs.existsSync as never) as FileSystem['existsSync'],
    realpathSync: lower(fs.realpathSync as never) as FileSystem['realpathSync'],
    readdirSync: lower(fs.readdirSync as never) as FileSystem['readdirSync'],
  };
}

test.each([
  ['a directory that is not there yet', '/home/build/tmp/deploy'],
  ['one with something in it', '/home'],
])('a file system that folds case is found by %s', (_, dir) => {
  const fs = memoryFileSystem({ '/home/me/file': '' });
  expect([foldsCase(fs, dir), foldsCase(folding(fs), dir)]).toEqual([false, true]);
});

test('names that are both there, one a link to the other, are no sign of it', () => {
  const fs = memoryFileSystem({ '/b/tmp/x': '' });
  fs.symlinkSync('tmp', '/b/TMP');
  expect([foldsCase(fs, '/b'), foldsCase(fs, '/b/TMP')]).toEqual([false, false]);
});
