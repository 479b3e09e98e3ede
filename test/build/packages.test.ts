/** do_package: what of a recipe's artifact goes into each of its packages. */
import { spawnSync } from 'node:child_process';
import { appendFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { testWith } from '../support/needs.ts';
import { makeWorkspace, plainRecipe, type Workspace } from '../support/workspace.ts';

const packagingTest = testWith({ programs: ['fakeroot'] });

const library = `install -d \${D}\${libdir} \${D}\${includedir} \${D}\${mandir}/man3 \${D}\${sysconfdir}/x.d
echo lib > \${D}\${libdir}/libx.so.1
ln -s libx.so.1 \${D}\${libdir}/libx.so
echo archive > \${D}\${libdir}/libx.a
echo header > \${D}\${includedir}/x.h
echo manual > \${D}\${mandir}/man3/x.3
chmod 0600 \${D}\${mandir}/man3/x.3`;

function packaging(install: string, further = '', local = ''): Workspace {
  return makeWorkspace({
    files: { 'recipes/x_1.bb': plainRecipe({ do_install: install }, further) },
    local: `INHERIT += "package"\n${local}`,
  });
}

/** What a tar of the packages says of each path: mode, owner, and the path by package. */
function packages(w: Workspace): readonly string[] {
  const tar = w.path('packages.tar.gz');
  expect(w.varve('artifact', 'export', 'x:package', tar).said).not.toContain('error');
  const { stdout } = spawnSync('tar', ['-tvzf', tar, '--numeric-owner'], { encoding: 'utf8' });
  return stdout
    .trim()
    .split('\n')
    .map((line) => line.replace(/^(\S+) +(\S+) +\d+ \S+ \S+ /, '$1 $2 '))
    .filter((line) => !line.startsWith('d') || line.endsWith('.d/'));
}

packagingTest(
  'an image is split as in OpenEmbedded where the recipe says nothing, and what it says goes before',
  () => {
    const w = packaging(library);
    expect(w.counts('x')).toMatchObject({ failed: 0 });
    expect(packages(w)).toEqual([
      '-rw-r--r-- 0/0 x-dev/usr/include/x.h',
      'lrwxrwxrwx 0/0 x-dev/usr/lib/libx.so -> libx.so.1',
      '-rw------- 0/0 x-doc/usr/share/man/man3/x.3',
      '-rw-r--r-- 0/0 x-staticdev/usr/lib/libx.a',
      'drwxr-xr-x 0/0 x/etc/x.d/',
      '-rw-r--r-- 0/0 x/usr/lib/libx.so.1',
    ]);
    w.write(
      'recipes/x_1.bb',
      plainRecipe(
        { do_install: library },
        'PACKAGES =+ "x-conf"\nFILES:x-conf = "/etc"\nFILES:${PN}-dev:remove = "${includedir}"\nFILES:${PN} += "${includedir}/*.h"',
      ),
    );
    expect(w.varve('build', 'x').stdout).toMatch(/x:do_package +ran/);
    expect(packages(w).filter((line) => /x\.d|x\.h/.test(line))).toEqual([
      'drwxr-xr-x 0/0 x-conf/etc/x.d/',
      '-rw-r--r-- 0/0 x/usr/include/x.h',
    ]);
  },
);

packagingTest(
  'packages come from the store, and after a change of the recipe only they are made anew',
  () => {
    const w = packaging(library);
    expect(w.counts('x')).toMatchObject({ failed: 0 });
    for (const dir of ['tmp', 'history']) rmSync(w.path(dir), { recursive: true });
    expect(w.counts('x')).toMatchObject({ run: 0, failed: 0 });
    w.write(
      'recipes/x_1.bb',
      plainRecipe({ do_install: library }, 'FILES:${PN}-doc = ""\nFILES:${PN} += "${mandir}"'),
    );
    expect(w.counts('x')).toMatchObject({ run: 1, failed: 0 });
    expect(packages(w)).toContain('-rw------- 0/0 x/usr/share/man/man3/x.3');
  },
);

packagingTest(
  'programs of lib_package, plugins without FILES_SOLIBSDEV, and units have their packages',
  () => {
    const w = packaging(
      `install -d \${D}\${bindir} \${D}\${libdir} \${D}\${systemd_system_unitdir} \${D}\${base_libdir}
echo x > \${D}\${bindir}/x
echo plugin > \${D}\${libdir}/libplug.so
echo loader > \${D}\${base_libdir}/ld-x.so.1
echo unit > \${D}\${systemd_system_unitdir}/x.service`,
      `inherit lib_package systemd
FILES_SOLIBSDEV = ""
FILES:\${PN} += "\${libdir}/*.so"
SYSTEMD_SERVICE:\${PN} = "x.service"`,
    );
    expect(w.varve('build', 'x').said).not.toContain('in no package');
    expect(packages(w)).toEqual([
      '-rw-r--r-- 0/0 x-bin/usr/bin/x',
      '-rw-r--r-- 0/0 x/lib/ld-x.so.1',
      '-rw-r--r-- 0/0 x/lib/systemd/system/x.service',
      '-rw-r--r-- 0/0 x/usr/lib/libplug.so',
    ]);
  },
);

packagingTest('what no package takes is told with its path, unless the recipe means it', () => {
  const stray = `${library}\ninstall -d \${D}/opt/empty\necho x > \${D}/opt/x`;
  const w = packaging(stray);
  const { said } = w.varve('build', 'x');
  expect(said).toContain('x: installed, but in no package: /opt/empty, /opt/x');
  expect(said).toContain('FILES:${PN} += "/opt/empty"');
  w.write(
    'recipes/x_1.bb',
    plainRecipe({ do_install: stray }, 'INSANE_SKIP:${PN} += "installed-vs-shipped"'),
  );
  expect(w.varve('build', 'x').said).not.toContain('in no package');
});

packagingTest(
  'a package with nothing in it is none, unless the recipe means it; a native recipe has no packages',
  () => {
    const w = packaging(
      'install -d ${D}${bindir}\necho x > ${D}${bindir}/x',
      'ALLOW_EMPTY:${PN}-doc = "1"\nBBCLASSEXTEND = "native"',
    );
    expect(w.counts('x', 'x-native')).toMatchObject({ failed: 0 });
    expect(w.varve('restore', 'x:package', w.path('restored')).status).toBe(0);
    expect(readdirSync(w.path('restored/packages-split')).sort()).toEqual(['x', 'x-dev', 'x-doc']);
    expect(w.varve('tasks', 'x-native').stdout).not.toContain('do_package ');
  },
);

packagingTest('a file keeps its owner in its package', () => {
  const w = packaging(`${library}\nchown 7:9 \${D}\${libdir}/libx.so.1`);
  appendFileSync(join(w.layer, 'recipes/x_1.bb'), 'do_install[fakeroot] = "1"\n');
  expect(w.counts('x')).toMatchObject({ failed: 0 });
  expect(packages(w)).toContain('-rw-r--r-- 7/9 x/usr/lib/libx.so.1');
});
