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
  ['build -ccleansstate zlib', 'varve clean zlib --artifacts --history'],
  ['build -c cleanall zlib', 'varve clean zlib --artifacts --history --downloads'],
  ['build -c devshell zlib', 'varve shell zlib:compile   where do_compile ended'],
  ['-c listtasks zlib', 'varve tasks zlib'],
  ['-e', 'varve env'],
  ['-e zlib', 'varve env zlib'],
  ['build -e zlib', 'varve env zlib'],
  ['-C compile zlib', 'varve build -f -c compile zlib'],
  ['--clear-stamp=compile zlib', 'varve build -f -c compile zlib'],
  ['build --no-setscene app', 'varve build --no-cache app'],
  ['build --continue app', 'varve build -k app'],
  ['bitbake --continue -f app', 'varve build -k -f app'],
  ['-S printdiff app', 'varve why app'],
  ['-g app', 'varve graph app'],
  ['-p', 'varve recipes'],
  ['-s', 'varve recipes'],
  ['-b recipes/zlib_1.3.bb', 'varve build zlib'],
  ['build -b zlib.bb -c compile', 'varve build -c compile zlib'],
  ['build -g app', 'varve graph app'],
  ['build -S printdiff app', 'varve why app'],
  ['build -DD -k app', 'varve build -k app -v'],
  ['build world', 'varve recipes   lists them'],
  ['bitbake zlib', 'varve build zlib'],
  ['bitbake', 'varve build TARGET'],
  ['bitbake -c cleansstate zlib', 'varve clean zlib --artifacts --history'],
  ['bitbake -k world', 'varve recipes   lists them'],
  ['cleanall zlib', 'varve clean zlib --artifacts --history --downloads'],
  ['cleansstate zlib', 'varve clean zlib --artifacts --history'],
  ['listtasks zlib', 'varve tasks zlib'],
  ['bitbake-layers show-recipes', 'varve recipes'],
  ['show-recipes', 'varve recipes'],
  ['bitbake-getvar -r zlib CFLAGS', 'varve env zlib CFLAGS'],
  ['devtool reset zlib', 'varve edit drop zlib'],
  ['devtool finish zlib meta-mine', 'varve edit finish zlib --layer LAYER'],
  ['devtool update-recipe zlib', 'varve edit finish zlib'],
])('"varve %s" is answered with "%s"', (line, hint) => {
  expect(hintTo(line)).toBe(hint);
});

test.each([
  ['build -u knotty zlib', /^varve build zlib   /],
  ['build --setscene-only app', /^varve build -n app   tells what would be taken from the store/],
  ['bitbake-layers show-layers', /^varve layers   /],
  ['bitbake-layers show-appends', /^varve layers   /],
  ['show-layers', /^varve layers   /],
  [
    'bitbake-layers add-layer ../meta-x',
    /^echo "BBLAYERS \+= '\$\(realpath \.\.\/meta-x\)'" >> conf\/bblayers\.conf$/,
  ],
  ['devtool modify zlib', /^varve shell zlib:patch   /],
  ['buildhistory-diff', /^varve diff @-1 @ok   /],
  ['oe-pkgdata-util find-path /usr/lib/libz.so', /^varve sysroot owner RECIPE \/usr\/lib\/libz\.so   /],
  ['oe-pkgdata-util list-pkg-files zlib', /^varve show zlib   /],
])('"varve %s" is answered with a command and what it does', (line, hint) => {
  expect(hintTo(line)).toMatch(hint);
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
