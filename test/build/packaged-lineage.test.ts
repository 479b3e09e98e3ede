/** Whose a file of an image is that is made of packages, and the way that it came. */
import { rmSync } from 'node:fs';
import { expect } from 'vitest';
import { testWith } from '../support/needs.ts';
import { makeWorkspace, plainRecipe, type Workspace } from '../support/workspace.ts';

const packagedTest = testWith({ programs: ['gcc', 'objcopy', 'fakeroot'] });
const forms = ['deb', 'rpm'] as const;

/** A library with a header, whose program code do_package strips; an image of its packages. */
function imaged(form: (typeof forms)[number]): Workspace {
  const w = makeWorkspace({
    files: {
      'recipes/seven_1.bb': plainRecipe(
        {
          do_compile: 'gcc -g -shared -fPIC -Wl,-soname,libseven.so.1 -o libseven.so.1 seven.c',
          do_install: [
            'install -D libseven.so.1 ${D}${libdir}/libseven.so.1',
            'install -D -m 0644 seven.h ${D}${includedir}/seven.h',
            'echo "/* installed by the recipe */" >> ${D}${includedir}/seven.h',
            'install -d ${D}${sysconfdir}',
            'printf "one\\ntwo\\n" > ${D}${sysconfdir}/seven.conf',
          ].join('\n'),
        },
        'SRC_URI = "file://seven.c file://seven.h"\nS = "${UNPACKDIR}"\n',
      ),
      'recipes/seven/seven.c': 'int seven(void) { return 7; }\n',
      'recipes/seven/seven.h': 'int seven(void); /* that many */\n',
      'recipes/pic.bb':
        'LICENSE = "MIT"\ninherit image\nIMAGE_INSTALL = "seven seven-dev"\n' +
        'ROOTFS_POSTPROCESS_COMMAND += "change; "\n' +
        'change() {\n\tsed -i s/two/2/ ${IMAGE_ROOTFS}${sysconfdir}/seven.conf\n}\n',
    },
    local: `PACKAGE_CLASSES = "package_${form}"\n`,
  });
  const built = w.varve('build', '-q', 'pic');
  expect(built.said).toMatch(/^build 1 ok/m);
  return w;
}

/** The answer without ids, times and what a terminal would pad. */
const asked = (w: Workspace, ...words: string[]): readonly string[] =>
  w
    .varve(...words)
    .stdout.replaceAll(/ +[0-9a-f]{12} .*$/gm, '')
    .replaceAll(/ {2,}/g, '  ')
    .split('\n')
    .slice(0, -1);

for (const form of forms) {
  packagedTest(
    `blame of an image of .${form} packages names recipe, package and task, of what was stripped too`,
    () => {
      const w = imaged(form);
      expect(asked(w, 'blame', 'pic', 'usr/lib/libseven.so.1')).toEqual([
        'package seven of seven',
        'seven:do_package  build 1  packages-split/seven/usr/lib/libseven.so.1',
      ]);
      expect(asked(w, 'blame', 'pic:install', 'image/usr/include/seven.h')).toEqual([
        'package seven-dev of seven',
        'seven:do_unpack  build 1  1) int seven(void); /* that many */',
        'seven:do_install  build 1  2) /* installed by the recipe */',
      ]);
      const rows = JSON.parse(w.varve('blame', 'pic', 'usr/include/seven.h', '--json').stdout) as object[];
      expect(rows[1]).toMatchObject({ recipe: 'seven', package: 'seven-dev', task: 'do_install' });
      expect(asked(w, 'blame', 'pic:install', 'pic.packages')[0]).toMatch(
        /^do_install {2}build 1 {2}1\) seven/,
      );
      expect(asked(w, 'blame', 'pic', 'etc/seven.conf')).toEqual([
        'package seven of seven',
        'seven:do_install  build 1  1) one',
        'do_install  build 1  2) 2',
      ]);
      rmSync(w.path('history'), { recursive: true });
      rmSync(w.path('tmp'), { recursive: true });
      expect(w.varve('build', '-q', '-f', '-c', 'install', 'pic').said).toMatch(/^build 1 ok/m);
      expect(asked(w, 'blame', 'pic', 'usr/lib/libseven.so.1')).toEqual([
        'package seven of seven',
        'seven:unknown (not recorded)  ',
      ]);
    },
  );
}

packagedTest('log -- PATH follows a file through packages into an image, and back', () => {
  const w = imaged('deb');
  const way = (...words: string[]): readonly string[] => asked(w, 'log', ...words);
  const library = ['seven:do_compile', '  as sources/libseven.so.1', 'seven:do_install'];
  expect(way('seven', '--', 'usr/lib/libseven.so.1')).toEqual([
    'do_compile',
    '  as sources/libseven.so.1',
    'do_install',
    'do_package',
    '  copied to packages-split/seven/usr/lib/libseven.so.1',
    'pic:do_install',
    '  copied to image/usr/lib/libseven.so.1',
  ]);
  expect(way('pic', '--', 'usr/lib/libseven.so.1')).toEqual([
    ...library,
    '  as image/usr/lib/libseven.so.1',
    'seven:do_package',
    '  as packages-split/seven/usr/lib/libseven.so.1',
    'do_install',
  ]);
  // The image changed it since.
  expect(way('pic', '--', 'etc/seven.conf')).toEqual([
    'seven:do_install',
    '  as image/etc/seven.conf',
    'seven:do_package',
    '  as packages-split/seven/etc/seven.conf',
    'do_install',
  ]);
  expect(way('seven:package', '--', 'packages-split/seven-dev/usr/include/seven.h')).toEqual(['do_package']);
  expect(way('seven', '--', 'packages-split/seven-dev/usr/include/seven.h').slice(-3)).toEqual([
    'do_package',
    'pic:do_install',
    '  copied to image/usr/include/seven.h',
  ]);
});
