import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeWorkspace, plainRecipe, type Workspace } from '../support/workspace.ts';

const text = 'a text that nobody has by chance\n';

/** A library; one that takes its header along under another name, and shows only that to others; an image. */
function built(): Workspace {
  const w = makeWorkspace({
    files: {
      'recipes/lib_1.bb': plainRecipe(
        {
          do_configure: 'mkdir -p build && cp lib.h build/',
          do_install: [
            'install -d ${D}/usr/include ${D}/usr/share/a ${D}/usr/share/lib',
            'cp build/lib.h ${D}/usr/include/',
            'ln -s lib.h ${D}/usr/include/link.h',
            'cp LICENSE ${D}/usr/share/lib/',
          ].join('\n'),
        },
        'SRC_URI = "file://lib.h file://LICENSE file://copy/LICENSE file://0001-more.patch;striplevel=1"\nS = "${UNPACKDIR}"\n',
      ),
      'recipes/lib/lib.h': text,
      'recipes/lib/LICENSE': 'everybody may do everything\n',
      'recipes/lib/copy/LICENSE': 'everybody may do everything\n',
      'recipes/lib/0001-more.patch':
        '--- a/lib.h\n+++ b/lib.h\n@@ -1 +1,2 @@\n a text that nobody has by chance\n+more\n',
      'recipes/wrap_1.bb': plainRecipe(
        {
          do_install: [
            'install -d ${D}/usr/include/wrap ${D}/etc',
            'cp ${RECIPE_SYSROOT}/usr/include/lib.h ${D}/usr/include/wrap/own.h',
            'cp ${RECIPE_SYSROOT}/usr/share/lib/LICENSE ${D}/etc/wrap-license',
          ].join('\n'),
        },
        'DEPENDS = "lib"\nSYSROOT_DIRS = "/usr/include"\n',
      ),
      'recipes/whole_1.bb': 'SUMMARY = "x"\nLICENSE = "CLOSED"\ninherit image\nIMAGE_INSTALL = "wrap"\n',
    },
  });
  expect(w.varve('build', '-q', 'whole').said).toMatch(/^build 1 ok/);
  return w;
}

/** The way of a file: a row a line, with what stands below it. */
const way = (w: Workspace, ...words: string[]): readonly string[] =>
  w
    .varve('log', ...words)
    .stdout.replaceAll(/ +[0-9a-f]{12} .*$/gm, '')
    .replaceAll('\n  ', ', ')
    .split('\n')
    .slice(0, -1);

test('a file is followed from its source into sysroots and the image, under all names', () => {
  const w = built();
  const whole = [
    'do_unpack',
    'do_patch, by 0001-more.patch',
    'do_configure, copied to sources/build/lib.h',
    'do_install, copied to image/usr/include/lib.h',
    'wrap:do_prepare_recipe_sysroot, in its sysroot as usr/include/lib.h',
    'wrap:do_install, copied to image/usr/include/wrap/own.h',
    'whole:do_prepare_recipe_sysroot, in its sysroot as usr/include/lib.h, in its sysroot as usr/include/wrap/own.h',
    'whole:do_install, copied to image/usr/include/lib.h, copied to image/usr/include/wrap/own.h',
  ];
  expect(way(w, 'lib', '--', 'sources/lib.h')).toEqual(whole);
  expect(way(w, 'lib', '--', 'usr/include/lib.h')).toEqual([
    'do_unpack, as sources/lib.h',
    'do_patch, as sources/lib.h, by 0001-more.patch',
    'do_configure, as sources/build/lib.h',
    'do_install',
    ...whole.slice(4),
  ]);
});

test('a file of an image is followed back to the recipes that it came from', () => {
  const w = built();
  expect(way(w, 'whole', '--', 'usr/include/wrap/own.h')).toEqual([
    'lib:do_unpack, as sources/lib.h',
    'lib:do_patch, as sources/lib.h, by 0001-more.patch',
    'lib:do_configure, as sources/build/lib.h',
    'lib:do_install, as image/usr/include/lib.h',
    'wrap:do_prepare_recipe_sysroot, as image/usr/include/wrap/own.h, in its sysroot as usr/include/lib.h',
    'wrap:do_install, as image/usr/include/wrap/own.h',
    'do_prepare_recipe_sysroot, in its sysroot as usr/include/wrap/own.h',
    'do_install',
  ]);
  expect(way(w, 'whole', '--', 'image/usr/include/link.h')).toEqual([
    'lib:do_install, as image/usr/include/link.h',
    'do_prepare_recipe_sysroot, in its sysroot as usr/include/link.h',
    'do_install',
  ]);
});

test('what may have come from several files is not said to come from one, nor what no sysroot has to be in one', () => {
  const w = built();
  expect(way(w, 'lib', '--', 'usr/share/lib/LICENSE')[0]).toBe('do_install');
  expect(way(w, 'lib', '--', 'sources/copy/LICENSE')).toEqual(['do_unpack']);
  expect(way(w, 'wrap', '--', 'etc/wrap-license')).not.toContainEqual(expect.stringContaining('whole:'));
});

test('an artifact whose tasks never ran here is all that can be told of a file; a task has nothing that comes later', () => {
  const w = built();
  expect(way(w, 'lib:patch', '--', 'sources/lib.h')).toEqual(['do_unpack', 'do_patch, by 0001-more.patch']);
  rmSync(w.path('history'), { recursive: true });
  rmSync(w.path('tmp'), { recursive: true });
  expect(w.varve('build', '-q', '-f', '-c', 'install', 'whole').status).toBe(0);
  expect(way(w, 'whole', '--', 'usr/include/lib.h')).toEqual([
    'lib:do_install, as image/usr/include/lib.h',
    'do_prepare_recipe_sysroot, in its sysroot as usr/include/lib.h',
    'do_install',
  ]);
});

test('what came from the artifact store has a row in the place of do_install, for texts and paths too', () => {
  const w = built();
  rmSync(w.path('history'), { recursive: true });
  rmSync(w.path('tmp'), { recursive: true });
  expect(w.varve('build', '-q', 'whole').said).toMatch(/^build 1 ok: 1 restored/);
  const rows = (...words: string[]): readonly string[] =>
    w
      .varve('log', ...words)
      .stdout.replaceAll(/ [0-9a-f]{12} /g, ' ')
      .replaceAll(/ \d{4}-\d\d-\d\d \d\d:\d\d( |$)/gm, ' DATE$1')
      .replaceAll(/ +/g, ' ')
      .split('\n')
      .slice(0, -1);
  expect(rows('whole').slice(0, 2)).toEqual([
    'do_install restored +5 ~0 -0 DATE build 1',
    'do_populate_sysroot +0 ~0 -0 DATE build 1',
  ]);
  expect(rows('lib')).toEqual(['do_install restored +4 ~0 -0 DATE build 1']);
  expect(rows('lib', '-S', 'nobody has by chance')).toEqual([
    'do_install restored +1 ~0 -0 DATE build 1',
    ' +1 in image/usr/include/lib.h',
  ]);
  expect(rows('whole', '--', 'usr/include/lib.h')).toEqual(['do_install restored +1 ~0 -0 DATE build 1']);
  const across = JSON.parse(w.varve('log', 'lib', '--json').stdout) as readonly object[];
  expect(across).toMatchObject([{ task: 'do_install', ok: true, restored: true }]);
  expect(w.varve('build', '-q', '-c', 'unpack', 'lib').said).toMatch(/^build 2 ok/);
  expect(rows('lib', '--', 'usr/include/lib.h')[0]).toBe('do_install restored +1 ~0 -0 DATE builds 1-2');
  const { value } = JSON.parse(w.varve('env', 'lib', 'WORKDIR', '--json').stdout) as { value: string };
  writeFileSync(join(value, 'sources/LICENSE'), 'what was typed\n');
  expect(w.varve('build', '-q', '-f', '-c', 'patch', 'lib').status).toBe(0);
  expect(rows('lib').map((row) => row.replace(/ \+.*/, ''))).toEqual([
    'do_fetch',
    'do_unpack',
    'edited@1',
    'do_patch with edits',
    'do_install restored',
  ]);
});
