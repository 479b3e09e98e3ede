/** Images are made of packages, as dpkg would make them. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { testWith } from '../support/needs.ts';
import { makeWorkspace, plainRecipe, type Workspace } from '../support/workspace.ts';

const imageTest = testWith({
  programs: ['gcc', 'fakeroot', 'dpkg', 'cpio', 'patch'],
  commands: ['unshare -rm true'],
});

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
  `RPROVIDES:\${PN} = "virtual-editor"
LIC_FILES_CHKSUM = "file://\${COMMON_LICENSE_DIR}/MIT;md5=b16a37494da6265d9839a8a4d31a7e3c"`,
);

const recipes = {
  'recipes/seven_1.bb': plainRecipe(
    { do_install: library },
    `FILES:\${PN} += "/var/spool"
SRC_URI = "file://COPYING file://more.patch"
LIC_FILES_CHKSUM = "file://COPYING;md5=5bd2d09aa47ef5535b58b13f26c2d74b"
HOMEPAGE = "https://example.org/seven"
LICENSE = "MIT & (Zlib | Own_One)"`,
  ),
  'files/common-licenses/MIT': 'Be nice.\n',
  'recipes/files/COPYING': 'Do what you like.\n',
  'recipes/files/more.patch': '--- /dev/null\n+++ b/more\n@@ -0,0 +1 @@\n+more\n',
  'recipes/app_2.bb': `${plainRecipe({ do_install: program }, further)}do_install[fakeroot] = "1"\n`,
  'recipes/ed_1.bb': editor,
  'recipes/pic.bb': 'LICENSE = "MIT"\ninherit image\nIMAGE_INSTALL = "app"\n',
};

const local = `PACKAGE_CLASSES = "package_deb"
IMAGE_FSTYPES = "cpio.gz tar.gz"
INHERIT += "license create-spdx"
COMMON_LICENSE_DIR = "\${TOPDIR}/../layer/files/common-licenses"
`;

function imaging(further = '', place = 'w'): Workspace {
  return makeWorkspace({ files: recipes, local: local + further, place });
}

const deployed = 'tmp/deploy/images/host';

/** What lies in DEPLOY_DIR_IMAGE, by name. */
function bytes(w: Workspace): Readonly<Record<string, string>> {
  const dir = w.path(deployed);
  const names = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  const paths = names.map(({ parentPath, name }) => join(parentPath, name).slice(dir.length + 1)).sort();
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(dir, path), 'latin1')]));
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

/** What is in an archive, as a system of one's own would have it; the times are those of files. */
function unpacked(w: Workspace, command: string): string {
  const dir = join(w.top, 'unpacked');
  const find = `find . -printf '%P %M %U:%G %n %l' ! -type d -printf ' %T@' -type f -exec md5sum '{}' ';' -o -printf '\\n'`;
  const script = `rm -rf ${dir}; mkdir ${dir}; cd ${dir}; ${command}; ${find} | sort`;
  const { stdout, stderr } = spawnSync('fakeroot', ['sh', '-ec', script], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout;
}

interface Bill {
  readonly relations: readonly string[];
  license(id: string): string | undefined;
  sha256(id: string): string | undefined;
}

interface Described {
  readonly SPDXID: string;
  readonly licenseDeclared: string;
  readonly checksums?: readonly { readonly checksumValue: string }[];
}

/** An SPDX document, ids without what all begin with. */
function readBill(text: string): Bill {
  const { packages, relationships } = JSON.parse(text) as {
    readonly packages: readonly Described[];
    readonly relationships: readonly {
      readonly spdxElementId: string;
      readonly relationshipType: string;
      readonly relatedSpdxElement: string;
    }[];
  };
  const find = (id: string): Described | undefined =>
    packages.find(({ SPDXID }) => SPDXID === `SPDXRef-${id}`);
  return {
    relations: relationships.map(({ spdxElementId, relationshipType, relatedSpdxElement }) =>
      `${spdxElementId} ${relationshipType} ${relatedSpdxElement}`.replaceAll('SPDXRef-', ''),
    ),
    license: (id) => find(id)?.licenseDeclared,
    sha256: (id) => find(id)?.checksums?.[0]?.checksumValue,
  };
}

function artifactOf(w: Workspace, recipe: string): string {
  return (JSON.parse(w.varve('artifact', 'show', recipe, '--json').stdout) as { id: string }).id;
}

imageTest(
  'an image has what IMAGE_INSTALL depends on, as dpkg would unpack it, and dpkg knows of it',
  { timeout: 240_000 },
  () => {
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
    expect(w.varve('blame', 'pic', 'etc/app.conf').stdout).toMatch(/^package app of app\napp:do_install /);

    const files = bytes(w);
    expect(Object.keys(files)).toEqual([
      'pic-host.rootfs.cpio.gz',
      'pic-host.rootfs.licenses/ed/MIT',
      'pic-host.rootfs.licenses/license.manifest',
      'pic-host.rootfs.licenses/seven/COPYING',
      'pic-host.rootfs.manifest',
      'pic-host.rootfs.spdx.json',
      'pic-host.rootfs.tar.gz',
    ]);
    const arch = spawnSync('dpkg', ['--print-architecture'], { encoding: 'utf8' }).stdout.trim();
    expect(files['pic-host.rootfs.manifest']).toBe(`app ${arch} 2-r0\ned ${arch} 1-r0\nseven ${arch} 1-r0\n`);
    // The kernel takes no gzip but one with the shortest header.
    expect(files['pic-host.rootfs.cpio.gz']?.slice(0, 10)).toBe('\x1f\x8b\b\0\0\0\0\0\0\x03');
    const archive = w.path(deployed, 'pic-host.rootfs');
    const inCpio = unpacked(w, `gzip -dc ${archive}.cpio.gz | cpio -idm --quiet`);
    expect(inCpio).toContain('usr/bin/app -rwsr-xr-x 0:0 2  1577836800.0000000000');
    expect(inCpio).toContain('var/spool/app drwxr-xr-x 7:3000000 2 \n');
    expect(inCpio).toBe(unpacked(w, `tar -xpzf ${archive}.tar.gz`));
    expect(files['pic-host.rootfs.licenses/license.manifest']?.split('\n\n')[2]).toBe(`PACKAGE NAME: seven
PACKAGE VERSION: 1-r0
RECIPE NAME: seven
LICENSE: MIT & (Zlib | Own_One)
`);
    expect(files['pic-host.rootfs.licenses/seven/COPYING']).toBe('Do what you like.\n');
    const bill = readBill(files['pic-host.rootfs.spdx.json'] ?? '');
    expect(bill.license('Recipe-seven')).toBe('MIT AND (Zlib OR LicenseRef-Own-One)');
    expect(bill.sha256('Image')).toBe(artifactOf(w, 'pic'));
    expect(bill.sha256('Recipe-seven')).toBe(artifactOf(w, 'seven'));
    const deb = readFileSync(
      w.path(
        'tmp/deploy/deb',
        spawnSync('uname', ['-m'], { encoding: 'utf8' }).stdout.trim(),
        `seven_1-r0_${arch}.deb`,
      ),
    );
    expect(bill.sha256('Package-seven')).toBe(createHash('sha256').update(deb).digest('hex'));
    expect(bill.sha256('Patch-seven-1')).toBe(
      createHash('sha256').update(recipes['recipes/files/more.patch']).digest('hex'),
    );
    expect(bill.relations).toEqual([
      'DOCUMENT DESCRIBES Image',
      'Image CONTAINS Package-app',
      'Image CONTAINS Package-ed',
      'Image CONTAINS Package-seven',
      'Package-app DEPENDS_ON Package-ed',
      'Package-app DEPENDS_ON Package-seven',
      'Package-app GENERATED_FROM Recipe-app',
      'Package-ed GENERATED_FROM Recipe-ed',
      'Package-seven GENERATED_FROM Recipe-seven',
      'Recipe-seven GENERATED_FROM Source-seven-1',
      'Patch-seven-1 PATCH_APPLIED Recipe-seven',
    ]);
    // In an empty directory at another path, of what a mirror has: where packages are prebuilt, nothing else runs.
    const far = imaging(`ARTIFACT_MIRRORS = "file://${w.path('artifacts')}"\n`, 'somewhere/else');
    expect(far.counts('-f', '-c', 'image_complete', 'pic')).toMatchObject({ run: 1, failed: 0 });
    expect(bytes(far)).toEqual(files);
    far.write('recipes/pic.bb', `${recipes['recipes/pic.bb']}PR = "r1"\nIMAGE_INSTALL += "seven-dev"\n`);
    const { said } = far.varve('build', 'pic');
    expect(said.match(/^(?!pic:)\S+ +ran/gm)).toBeNull();
    expect(listing(far).filter((line) => !made.includes(line))).toEqual([
      'drwxr-xr-x 0/0 usr/include/',
      '-rw-r--r-- 0/0 usr/include/seven.h',
      'lrwxrwxrwx 0/0 usr/lib/libseven.so -> libseven.so.1',
    ]);
    const mirror = `ARTIFACT_MIRRORS = "file://${w.path('artifacts')}"\n`;
    const withSettings = (settings: string): string => {
      writeFileSync(far.path('conf/local.conf'), `${local}${mirror}${settings}`);
      return far.varve('build', 'pic').said;
    };
    const inImage = withSettings('INCOMPATIBLE_LICENSE:pn-pic = "Zlib Own_One"\n');
    expect(inImage).toContain('what pic would have: seven (Zlib, Own_One), seven-dev (Zlib, Own_One)');
    expect(inImage).toContain('seven is in it because app depends on it');
    const allowing = 'INCOMPATIBLE_LICENSE_EXCEPTIONS:append:pn-pic = " seven:Zlib seven-dev:Zlib"';
    expect(withSettings(`INCOMPATIBLE_LICENSE:pn-pic = "Zlib Own_One"\n${allowing}\n`)).toContain(' ok: ');
    far.write('recipes/pic.bb', recipes['recipes/pic.bb']);
    // What goes with packages, as far as it is there, and what a feature brings.
    withSettings(
      `EXTRA_IMAGE_FEATURES = "dbg-pkgs dev-pkgs more"\nFEATURE_PACKAGES_more = "virtual-editor"\n`,
    );
    const there = far.varve('cat', 'pic:install', 'pic.packages').stdout.match(/^\S+/gm)?.join(' ');
    expect(there).toBe('app app-dbg app-dev ed ed-dev seven seven-dbg seven-dev');
    expect(far.varve('why', 'pic').stdout).toContain(
      'variable EXTRA_IMAGE_FEATURES: now "dbg-pkgs dev-pkgs more" (conf/local.conf:6)',
    );
    const left = withSettings('INCOMPATIBLE_LICENSE = "BSD-3-Clause"\nLICENSE:app-dev = "BSD-3-Clause"\n');
    expect(left).toContain(' ok: ');
    const packages = readdirSync(far.path('tmp/deploy/deb'), { recursive: true, encoding: 'utf8' });
    expect(packages.filter((path) => /\/(?:app|ed)-dev_/.test(path))).toEqual([
      expect.stringMatching(/ed-dev_/),
    ]);
    expect(listing(far)).toEqual(made);
  },
);

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
  w.write('recipes/pic.bb', 'LICENSE = "MIT"\ninherit image\nIMAGE_INSTALL = "ed ed-dov"\n');
  const unknown = w.varve('build', 'pic');
  expect(unknown.status).toBe(2);
  expect(unknown.stderr).toContain('recipes/pic.bb:3');
  expect(unknown.stderr).toContain('IMAGE_INSTALL of pic has ed-dov, which no recipe provides');
  expect(unknown.stderr).toContain('did you mean "ed-dev"?');
  w.write('recipes/pic.bb', 'LICENSE = "MIT"\ninherit image\nIMAGE_INSTALL = "ed vi-doc"\n');
  expect(w.varve('build', 'pic').said).toContain('IMAGE_INSTALL of pic has vi-doc, which is no package');
  w.write(
    'recipes/vi_1.bb',
    `${editor.replaceAll('bindir}/ed', 'bindir}/vi')}\nRDEPENDS:\${PN} = "ed (>= 2)"\n`,
  );
  w.write('recipes/pic.bb', 'LICENSE = "MIT"\ninherit image\nIMAGE_INSTALL = "vi"\n');
  expect(w.varve('build', 'pic').said).toContain('pic needs vi, which depends on ed (>= 2), and has ed 1-r0');
  w.write('recipes/pic.bb', 'LICENSE = "MIT"\ninherit image\nIMAGE_FSTYPES += "tar.gz ext4"\n');
  const refused = w.varve('build', 'pic');
  expect(refused.status).toBe(2);
  expect(refused.stderr).toContain('IMAGE_FSTYPES of pic has ext4: varve writes cpio, cpio.gz, tar, tar.gz');
  expect(refused.stderr).toContain('recipes/pic.bb:3');
});
