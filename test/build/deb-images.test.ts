/** Images are made of packages, as dpkg would make them. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { testWith } from '../support/needs.ts';
import { makeWorkspace, plainRecipe, type Workspace } from '../support/workspace.ts';

const imageTest = testWith({ programs: ['gcc', 'fakeroot', 'dpkg'], commands: ['unshare -rm true'] });

const library = `install -d \${D}\${libdir} \${D}\${includedir} \${D}/var/spool
echo 'int seven(void) { return 7; }' > \${B}/seven.c
$CC -shared -fPIC -Wl,-soname,libseven.so.1 -o \${D}\${libdir}/libseven.so.1 \${B}/seven.c
ln -s libseven.so.1 \${D}\${libdir}/libseven.so
echo 'int seven(void);' > \${D}\${includedir}/seven.h`;

const program = `install -d \${D}\${bindir} \${D}\${sysconfdir} \${D}/var/spool/app
echo 'int seven(void); int main(void) { return seven(); }' > \${B}/app.c
$CC -o \${D}\${bindir}/app \${B}/app.c $LDFLAGS -lseven
ln \${D}\${bindir}/app \${D}\${bindir}/${'a'.repeat(120)}
chmod 4755 \${D}\${bindir}/app
chmod 1777 \${D}/var/spool
chown 7:3000000 \${D}/var/spool/app
echo first > \${D}\${sysconfdir}/app.conf`;

const further = `DEPENDS = "seven"
RDEPENDS:\${PN} = "virtual-editor"
FILES:\${PN} += "/var/spool"
CONFFILES:\${PN} = "\${sysconfdir}"
pkg_postinst:\${PN}() {
	true
}
`;

const editor = plainRecipe(
  { do_install: 'install -D /dev/null ${D}${bindir}/ed' },
  'RPROVIDES:${PN} = "virtual-editor"',
);

const recipes = {
  'recipes/seven_1.bb': plainRecipe({ do_install: library }, 'FILES:${PN} += "/var/spool"'),
  'recipes/app_2.bb': `${plainRecipe({ do_install: program }, further)}do_install[fakeroot] = "1"\n`,
  'recipes/ed_1.bb': editor,
  'recipes/pic.bb': 'LICENSE = "MIT"\ninherit image\nIMAGE_INSTALL = "app"\n',
};

function imaging(): Workspace {
  return makeWorkspace({ files: recipes, local: 'PACKAGE_CLASSES = "package_deb"\n' });
}

/** The image as a tar: mode, owner and path of each thing, without what dpkg keeps. */
function listing(w: Workspace): readonly string[] {
  const tar = w.path('pic.tar.gz');
  expect(w.varve('artifact', 'export', 'pic', tar).said).not.toContain('error');
  const { stdout } = spawnSync('tar', ['-tvzf', tar, '--numeric-owner'], { encoding: 'utf8' });
  return stdout
    .trim()
    .split('\n')
    .map((line) => line.replace(/^(\S+) +(\S+) +\d+ \S+ \S+ /, '$1 $2 '))
    .filter((line) => !line.includes('var/lib'));
}

imageTest('an image has what IMAGE_INSTALL depends on, as dpkg would unpack it, and dpkg knows of it', () => {
  const w = imaging();
  const built = w.varve('build', 'pic');
  expect(built.status, built.said).toBe(0);
  const made = listing(w);
  expect(made.filter((line) => !/usr\/$|bin\/$|lib\/$|etc\/$|var\/$/.test(line))).toEqual([
    '-rw-r--r-- 0/0 etc/app.conf',
    `-rwsr-xr-x 0/0 usr/bin/${'a'.repeat(120)}`,
    `hrwsr-xr-x 0/0 usr/bin/app link to usr/bin/${'a'.repeat(120)}`,
    '-rwxr-xr-x 0/0 usr/bin/ed',
    '-rwxr-xr-x 0/0 usr/lib/libseven.so.1',
    'drwxrwxrwt 0/0 var/spool/',
    'drwxr-xr-x 7/3000000 var/spool/app/',
  ]);
  const root = join(w.top, 'root');
  mkdirSync(root);
  spawnSync('tar', ['-xzf', w.path('pic.tar.gz'), '-C', root]);
  const dpkg = (...args: string[]): string =>
    spawnSync('dpkg', [`--root=${root}`, ...args], { encoding: 'utf8' }).stdout;
  const rows = dpkg('-l').split('\n').slice(5, -1);
  expect(rows.map((row) => row.split(/\s+/).slice(0, 3).join(' '))).toEqual([
    'iU app 2-r0',
    'ii ed 1-r0',
    'ii seven 1-r0',
  ]);
  expect(dpkg('--verify')).toBe('');
  expect(dpkg('-S', '/etc/app.conf')).toBe('app: /etc/app.conf\n');
  const mounts = '[ -d $d ] && mkdir -p root$d && mount --bind $d root$d';
  const run = `for d in /lib /lib64 /usr/lib/*-linux-gnu; do ${mounts}; done; chroot root /usr/bin/app`;
  expect(spawnSync('unshare', ['-rm', 'sh', '-c', run], { cwd: w.top }).status).toBe(7);
  expect(w.varve('blame', 'pic', 'etc/app.conf').stdout).toMatch(/^app:do_install /);
  // Where the packages are prebuilt, nothing else runs.
  for (const dir of ['tmp', 'history']) rmSync(w.path(dir), { recursive: true });
  w.write('recipes/pic.bb', `${recipes['recipes/pic.bb']}PR = "r1"\nIMAGE_INSTALL += "seven-dev"\n`);
  const { said } = w.varve('build', 'pic');
  expect(said.match(/^(?!pic:)\S+ +ran/gm)).toBeNull();
  expect(listing(w).filter((line) => !made.includes(line))).toEqual([
    'drwxr-xr-x 0/0 usr/include/',
    '-rw-r--r-- 0/0 usr/include/seven.h',
    'lrwxrwxrwx 0/0 usr/lib/libseven.so -> libseven.so.1',
  ]);
});

imageTest('what cannot be in one image is told with the packages that it is in', () => {
  const w = makeWorkspace({
    files: {
      'recipes/ed_1.bb': editor,
      'recipes/vi_1.bb': editor.replace('/dev/null', '/proc/version'),
      'recipes/pic.bb': 'LICENSE = "MIT"\ninherit image\nIMAGE_INSTALL = "ed vi"\n',
    },
    local: 'PACKAGE_CLASSES = "package_deb"\n',
  });
  expect(w.varve('build', 'pic').said).toContain('/usr/bin/ed is in ed and in vi, and not the same');
  w.write('recipes/pic.bb', 'LICENSE = "MIT"\ninherit image\nIMAGE_INSTALL = "ed vi-doc"\n');
  expect(w.varve('build', 'pic').said).toContain('IMAGE_INSTALL of pic has vi-doc, which is no package');
});
