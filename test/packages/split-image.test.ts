import { expect, test } from 'vitest';
import { splitImage } from '../../lib/packages/split-image.ts';

/** A path that ends with a slash is a directory. */
function split(image: readonly string[], rules: Readonly<Record<string, string>>) {
  const entries = image.map((path) =>
    path.endsWith('/')
      ? ({ path: path.slice(0, -1), kind: 'dir' } as const)
      : ({ path, kind: 'other' } as const),
  );
  const packages = Object.entries(rules).map(([name, files]) => ({ name, files: files.split(' ') }));
  const found = splitImage(entries, packages);
  return { ...Object.fromEntries(found.packages), unpackaged: found.unpackaged };
}

test('the first package that asks for a file has it, with the directories that lead to it', () => {
  const image = ['usr/', 'usr/lib/', 'usr/lib/libz.a', 'usr/lib/libz.so', 'usr/lib/libz.so.1'];
  expect(split(image, { 'z-dev': '/usr/lib/*.so /usr/lib/*.a', z: '/usr/lib/lib*' })).toEqual({
    'z-dev': ['usr', 'usr/lib', 'usr/lib/libz.a', 'usr/lib/libz.so'],
    z: ['usr', 'usr/lib', 'usr/lib/libz.so.1'],
    unpackaged: [],
  });
});

test('a directory is all that is in it, and only one that is empty is given away by itself', () => {
  const image = ['etc/', 'etc/app/', 'etc/app/conf', 'etc/app/conf.d/', 'srv/'];
  expect(split(image, { app: '/etc/' })).toEqual({
    app: ['etc', 'etc/app', 'etc/app/conf', 'etc/app/conf.d'],
    unpackaged: ['srv'],
  });
});

test.each([
  ['/usr/bin/*', 'usr/bin/a', true],
  ['/usr/bin/*', 'usr/bin', false],
  ['/usr/bin/*', 'usr/bin/.hidden', false],
  ['/usr/bin/.*', 'usr/bin/.hidden', true],
  ['/usr/*/a', 'usr/bin/x/a', false],
  ['/usr/b?n', 'usr/bin/x/a', true],
  ['/usr/lib/lib[a-y]*.so', 'usr/lib/libm.so', true],
  ['/usr/lib/lib[!a-y]*.so', 'usr/lib/libm.so', false],
  ['/usr/lib/libstdc++.so', 'usr/lib/libstdc++.so', true],
  ['/usr/lib/libstdc++.so', 'usr/lib/libstdcc.so', false],
  ['/usr/lib', 'usr/lib64/a', false],
  ['usr/share', 'usr/share/a', true],
  ['/', 'anything/at/all', true],
])('%s takes %s: %s', (pattern, path, takes) => {
  expect(split([path], { it: pattern }).unpackaged).toEqual(takes ? [] : [path]);
});
