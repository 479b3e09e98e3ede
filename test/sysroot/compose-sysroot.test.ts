import { expect, test } from 'vitest';
import { composeSysroot, compositionId, type SysrootPart } from '../../lib/sysroot/compose-sysroot.ts';
import type { VarveError } from '../../lib/terms/varve-error.ts';
import { artifactOf, memoryObjects, type Planted } from '../support/memory-objects.ts';

/** The artifact of a recipe, with a history of its own. */
function part(
  recipe: string,
  image: Readonly<Record<string, Planted>>,
  dirs?: readonly string[],
): SysrootPart {
  const objects = memoryObjects();
  const tree = artifactOf(objects, image);
  return dirs === undefined ? { recipe, objects, tree } : { recipe, objects, tree, dirs };
}

/** Path, what stands there, and whose it is. */
function listed(parts: readonly SysrootPart[]): readonly string[] {
  return [...composeSysroot(parts).entries].map(
    ([path, { kind, mode, recipes }]) => `${kind} ${mode.toString(8)} ${path} ${recipes.join(',')}`,
  );
}

/** The error that parts end in. */
function clash(parts: readonly SysrootPart[], recipe?: string): VarveError {
  try {
    composeSysroot(parts, recipe === undefined ? undefined : { kind: 'sysroot', recipe });
  } catch (error) {
    return error as VarveError;
  }
  throw new Error('nothing clashed');
}

test('artifacts lie over one another, .la files and fifos left out', () => {
  const zlib = part('zlib', {
    'usr/lib/libz.so.1': { text: 'z', mode: 0o755 },
    'usr/lib/libz.la': 'la',
    pipe: { fifo: 0o600 },
  });
  const bzip2 = part('bzip2', {
    'usr/lib/libbz2.so': { link: 'libbz2.so.1' },
    'usr/share/doc': { dir: 0o755 },
  });
  expect(listed([zlib, bzip2])).toEqual([
    'dir 755 usr bzip2,zlib',
    'dir 755 usr/lib bzip2,zlib',
    'symlink 777 usr/lib/libbz2.so bzip2',
    'file 755 usr/lib/libz.so.1 zlib',
    'dir 755 usr/share bzip2',
    'dir 755 usr/share/doc bzip2',
  ]);
});

test('equal files are no clash, and belong to both', () => {
  const image = { 'usr/share/licence': 'MIT', 'usr/lib64': { link: 'lib' } };
  expect(listed([part('b', image), part('a', image)])).toEqual([
    'dir 755 usr a,b',
    'symlink 777 usr/lib64 a,b',
    'dir 755 usr/share a,b',
    'file 644 usr/share/licence a,b',
  ]);
});

test('directories have the rights of all together, and can be written by their owner', () => {
  const parts = [part('a', { var: { dir: 0o510 } }), part('b', { var: { dir: 0o1701 } })];
  expect(listed(parts)).toEqual(['dir 1711 var a,b']);
});

test('SYSROOT_DIRS narrows to these directories and what leads to them', () => {
  const image = {
    'usr/lib/a': '1',
    'usr/libexec/b': '2',
    'usr/lib/pkgconfig/c': '3',
    'etc/d': '4',
    lib: { link: 'usr/lib' },
  };
  expect(listed([part('a', image, ['/usr/lib/', '/lib/firmware'])])).toEqual([
    'symlink 777 lib a',
    'dir 755 usr a',
    'dir 755 usr/lib a',
    'file 644 usr/lib/a a',
    'dir 755 usr/lib/pkgconfig a',
    'file 644 usr/lib/pkgconfig/c a',
  ]);
});

test('different content at one path is an error that names both recipes and the path', () => {
  const error = clash(
    [
      part('zlib', { 'usr/lib/libz.so.1': 'one' }),
      part('app', {}),
      part('libz-ng', { 'usr/lib/libz.so.1': 'other' }),
    ],
    'app2',
  );
  expect(error).toMatchObject({
    fault: 'metadata',
    message:
      'the sysroot of app2 cannot be made: libz-ng and zlib both hold usr/lib/libz.so.1, with different content',
    hints: [
      'Run "varve diff libz-ng zlib -- usr/lib/libz.so.1" to see how they differ.',
      'Leave usr/lib/libz.so.1 out of one of them ("rm" in its do_install:append), or take libz-ng or zlib out of DEPENDS.',
    ],
  });
});

test('further clashes are named in a hint', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
  const image = (text: string): Record<string, string> =>
    Object.fromEntries(names.map((name) => [name, text]));
  expect(clash([part('x', image('1')), part('y', image('2'))]).hints.at(-1)).toBe(
    'The same goes for b, c, d, e, f and 2 more.',
  );
});

test.each<readonly [string, Planted, Planted, string]>([
  [
    'modes',
    { text: 'x', mode: 0o755 },
    'x',
    'one and two both hold etc/x, with mode 0755 in one and 0644 in two',
  ],
  ['link targets', { link: 'a' }, { link: 'b' }, 'one and two both hold etc/x, with different targets'],
  ['types', 'a', { link: 'a' }, 'one and two both hold etc/x, a file in one and a symbolic link in two'],
  [
    'a file and a directory',
    'a',
    { dir: 0o755 },
    'one and two both hold etc/x, a file in one and a directory in two',
  ],
])('different %s clash', (_, one, two, message) => {
  expect(clash([part('two', { 'etc/x': two }), part('one', { 'etc/x': one })]).message).toBe(message);
});

test('no path leads through a link of another artifact', () => {
  const error = clash([part('base', { lib: { link: 'usr/lib' } }), part('other', { 'lib/x': '1' })]);
  expect(error.message).toBe(
    'base and other both hold lib, a symbolic link in base and a directory in other',
  );
});

test('the id changes with every part and its directories, and not with their order', () => {
  const [a, b] = [part('a', { x: '1' }), part('b', { y: '2' })];
  expect(compositionId([a, b])).toBe(compositionId([b, a]));
  const others = [
    [a],
    [{ ...a, recipe: 'c' }, b],
    [{ ...a, tree: b.tree }, b],
    [{ ...a, dirs: [] }, b],
    [{ ...a, time: 1 }, b],
  ];
  expect(new Set([[a, b], ...others].map((parts) => compositionId(parts))).size).toBe(others.length + 1);
});
