import { expect, test } from 'vitest';
import { bitbakeSpelling } from '../../lib/cli/bitbake-spelling.ts';

const commands = ['build', 'clean', 'env', 'tasks', 'shell', 'bisect'];
const hintTo = (line: string): string | undefined => bitbakeSpelling(line.split(' '), commands)?.hints[0];

test.each([
  ['-c compile zlib', 'varve build -c compile zlib'],
  ['zlib -c compile', 'varve build -c compile zlib'],
  ['-k zlib app', 'varve build -k zlib app'],
  ['-c clean zlib app', 'varve clean zlib app'],
  ['build -c clean zlib', 'varve clean zlib'],
  ['build zlib -c do_clean', 'varve clean zlib'],
  ['build -ccleansstate zlib', 'varve clean zlib --artifacts'],
  ['build -c cleanall zlib', 'varve clean zlib --artifacts --downloads'],
  ['build -c devshell zlib', 'varve shell zlib:compile'],
  ['-c listtasks zlib', 'varve tasks zlib'],
  ['-e', 'varve env'],
  ['-e zlib', 'varve env zlib'],
  ['build -e zlib', 'varve env zlib'],
  ['-C compile zlib', 'varve build -f -c compile zlib'],
  ['--clear-stamp=compile zlib', 'varve build -f -c compile zlib'],
  ['build --no-setscene app', 'varve build --no-cache app'],
  ['-S printdiff app', 'varve why app'],
  ['-g app', 'varve graph app'],
  ['-p', 'varve recipes'],
  ['-s', 'varve recipes'],
  ['-b zlib_1.3.bb', 'varve build RECIPE'],
])('"varve %s" is answered with "%s"', (line, hint) => {
  expect(hintTo(line)).toBe(hint);
});

test.each([
  'build -c compile zlib',
  'build -k -f -n -j 4 zlib',
  'bisect x --good 1 -- make -e',
  '--help',
  'zlib',
  'env zlib -v',
])('"varve %s" is no spelling of BitBake\'s', (line) => {
  expect(hintTo(line)).toBeUndefined();
});
