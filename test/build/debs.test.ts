/** do_package_write_deb: packages that dpkg takes, made of do_package's artifact and of nothing else. */
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { testWith } from '../support/needs.ts';
import { makeWorkspace, plainRecipe, type Workspace } from '../support/workspace.ts';

const debTest = testWith({ programs: ['fakeroot', 'dpkg', 'dpkg-deb'] });

const local = `PACKAGE_CLASSES = "package_deb"
TARGET_ARCH = "aarch64"
`;

const install = `install -d \${D}\${bindir} \${D}\${libdir} \${D}\${sysconfdir}/x
echo 'exec true' > \${D}\${bindir}/x
chmod 4755 \${D}\${bindir}/x
ln \${D}\${bindir}/x \${D}\${bindir}/y
echo conf > \${D}\${sysconfdir}/x/x.conf
ln -s libx.so.1 \${D}\${libdir}/libx.so
echo lib > \${D}\${libdir}/libx.so.1`;

const fields = `SUMMARY = "Prints  nothing"
DESCRIPTION = "It prints nothing at all, which takes it rather long, and has to be told in more words than would ever fit into a line.\\n\\nTwice."
MAINTAINER = "Ann Example <ann@example.org>"
HOMEPAGE = "https://example.org/x"
SECTION = "console/utils"
LICENSE = "MIT"
LICENSE:\${PN}-dev = "Zlib"
PE = "2"
RDEPENDS:\${PN} = "y (>= 1.2) \${PN}-doc Some_Thing"
RRECOMMENDS:\${PN} = "z (< 3)"
RSUGGESTS:\${PN} = "w (> 3)"
RPROVIDES:\${PN} = "virtual-x /bin/sh"
RCONFLICTS:\${PN} = "old-x (<= 1)"
RREPLACES:\${PN} = "old-x"
CONFFILES:\${PN} = "\${sysconfdir}/x/*"
ASSUME_PROVIDED += "y Some_Thing"
`;

const scripts = `pkg_postinst:\${PN}() {
	#!/bin/sh -e
	echo "configured \${PV}" > "$DPKG_ROOT/etc/x/state"
}
pkg_postinst_ontarget:\${PN}() {
	echo on target >> "$DPKG_ROOT/etc/x/state"
}
pkg_prerm:\${PN}() {
	rm "$DPKG_ROOT/etc/x/state"
}
`;

function packaging(further = '', place = 'w'): Workspace {
  return makeWorkspace({
    files: { 'recipes/x_1.bb': plainRecipe({ do_install: install }, further) },
    local,
    place,
  });
}

const feed = 'tmp/deploy/deb/aarch64';

function tool(command: string, cwd: string): string {
  const { stdout, stderr, status } = spawnSync('sh', ['-ec', command], { cwd, encoding: 'utf8' });
  expect(status, stdout + stderr).toBe(0);
  return stdout;
}

/** The bytes of every package, in hexadecimal, by the file's name. */
function bytes(w: Workspace): Readonly<Record<string, string>> {
  const names = readdirSync(w.path(feed)).filter((name) => name.endsWith('.deb'));
  return Object.fromEntries(names.map((name) => [name, readFileSync(w.path(feed, name)).toString('hex')]));
}

debTest('what a recipe says of its packages stands in them, as dpkg-deb reads it', () => {
  const w = packaging(fields + scripts);
  expect(w.counts('x')).toMatchObject({ failed: 0 });
  const dir = w.path(feed);
  expect(tool('ls *.deb', dir)).toBe('x-dev_1-r0_arm64.deb\nx_1-r0_arm64.deb\n');
  expect(tool('dpkg-deb -f x_1-r0_arm64.deb', dir)).toBe(`Package: x
Version: 2:1-r0
Architecture: arm64
Maintainer: Ann Example <ann@example.org>
Installed-Size: 9
Depends: y (>= 1.2), some-thing
Recommends: z (<< 3)
Suggests: w (>> 3)
Provides: virtual-x, file-bin-sh
Conflicts: old-x (<= 1)
Replaces: old-x
Section: console/utils
Priority: optional
Homepage: https://example.org/x
License: MIT
Description: Prints nothing
 It prints nothing at all, which takes it rather long, and has to be told in
 more words than would ever fit into a line.
 .
 Twice.
`);
  expect(tool('dpkg-deb -f x-dev_1-r0_arm64.deb Source Version Depends License', dir)).toBe(
    'Source: x\nVersion: 2:1-r0\nDepends: x (= 2:1-r0)\nLicense: Zlib\n',
  );
  expect(tool('dpkg-deb -I x_1-r0_arm64.deb conffiles postinst prerm', dir)).toBe(`/etc/x/x.conf
#!/bin/sh -e
	echo "configured 1" > "$DPKG_ROOT/etc/x/state"
	echo on target >> "$DPKG_ROOT/etc/x/state"
#!/bin/sh
	rm "$DPKG_ROOT/etc/x/state"
`);
});

debTest('dpkg installs them with modes, owners, links and scripts, and takes them out again', () => {
  const long = 'a-name-longer-than-the-header-of-an-archive-has-room-for/'.repeat(3);
  const w = packaging(`${scripts}FILES:\${PN} += "/srv"
do_install:append() {
	install -d \${D}/srv/${long}
	echo far > \${D}/srv/${long}file
	ln -s ${long}file \${D}/srv/link
	chown 3000000:7 \${D}/srv/${long}file
	install -d -m 1777 \${D}/srv/empty
	mkfifo \${D}/srv/pipe
}
`);
  appendFileSync(join(w.layer, 'recipes/x_1.bb'), 'do_install[fakeroot] = "1"\n');
  expect(w.counts('x')).toMatchObject({ failed: 0 });
  const root = join(w.top, 'root');
  mkdirSync(join(root, 'var/lib/dpkg/updates'), { recursive: true });
  writeFileSync(join(root, 'var/lib/dpkg/status'), '');
  writeFileSync(join(root, 'var/lib/dpkg/arch'), 'arm64\n');
  const dpkg = `dpkg --root=${root} --force-not-root --force-script-chrootless --force-architecture --force-bad-path --log=${w.top}/log`;
  const ask = `stat -c '%A %u:%g %h %n' usr/bin/x usr/bin/y srv/*/*/*/file srv/empty srv/pipe
readlink srv/link usr/lib/libx.so; cat etc/x/state; ${dpkg} --verify x-dev`;
  const command = `${dpkg} -i ${w.path(feed)}/*.deb >/dev/null 2>&1 && cd ${root} && ${ask}`;
  expect(tool(`fakeroot sh -ec "${command.replaceAll('"', '\\"')}"`, w.top)).toBe(`-rwsr-xr-x 0:0 2 usr/bin/x
-rwsr-xr-x 0:0 2 usr/bin/y
-rw-r--r-- 3000000:7 1 srv/${long}file
drwxrwxrwt 0:0 2 srv/empty
prw-r--r-- 0:0 1 srv/pipe
${long}file
libx.so.1
configured 1
on target
`);
  tool(`fakeroot ${dpkg} --purge x-dev x >/dev/null 2>&1`, w.top);
  expect(tool('find usr srv etc 2>/dev/null || true', root)).toBe('');
});

debTest('they come back from the store byte for byte, and are the same from another path', () => {
  const w = packaging(fields + scripts);
  expect(w.counts('x')).toMatchObject({ failed: 0 });
  const made = bytes(w);
  expect(Object.keys(made)).toHaveLength(2);
  for (const dir of ['tmp', 'history']) rmSync(w.path(dir), { recursive: true });
  expect(w.counts('x')).toMatchObject({ run: 0, failed: 0 });
  expect(bytes(w)).toEqual(made);
  // From the image alone, which came prebuilt.
  for (const dir of ['tmp', 'history']) rmSync(w.path(dir), { recursive: true });
  expect(w.counts('-f', '-c', 'package_write_deb', 'x')).toMatchObject({ run: 1, failed: 0 });
  expect(bytes(w)).toEqual(made);
  const other = packaging(fields + scripts, 'somewhere/else');
  expect(other.counts('x')).toMatchObject({ failed: 0 });
  expect(bytes(other)).toEqual(made);
});

const lines = [
  'SUMMARY = "other"',
  'SUMMARY:${PN}-dev = "other"',
  'RDEPENDS:${PN} = "x-dev"',
  'RPROVIDES:${PN} += "other"',
  'CONFFILES:${PN} = "/etc"',
  'PKG:${PN} = "libx1"',
  'DPKG_ARCH = "armhf"',
  'pkg_postrm:${PN}() {\n\ttrue\n}',
];

debTest('what is said of packages makes them anew, and nothing but them', () => {
  const w = packaging();
  expect(w.counts('x')).toMatchObject({ failed: 0 });
  for (const line of lines) {
    w.write('recipes/x_1.bb', plainRecipe({ do_install: install }, line));
    // Others go by the package's name.
    const run = line.startsWith('PKG') ? 2 : 1;
    expect(w.counts('x'), line).toMatchObject({ run, failed: 0 });
  }
});

debTest('a package with another name in PKG is still found by that in PACKAGES', () => {
  const w = packaging('PKG:${PN} = "libx1"');
  expect(w.counts('x')).toMatchObject({ failed: 0 });
  const dir = w.path(feed);
  expect(tool('dpkg-deb -f libx1_1-r0_arm64.deb Package Source Provides', dir)).toBe(
    'Package: libx1\nSource: x\nProvides: x (= 1-r0)\n',
  );
  expect(tool('dpkg-deb -f x-dev_1-r0_arm64.deb Depends', dir)).toBe('libx1 (= 1-r0)\n');
});

const wrong = [
  ['PV = "git"', 'git-r0 is no version that dpkg takes', 'PKGV = "0+${PV}"'],
  [
    'RDEPENDS:${PN}-dev = "y >= 3"',
    'RDEPENDS:x-dev is "y >= 3", which is no list of packages',
    'varve env x',
  ],
  ['PKG:${PN} = "x-dev"', 'x-dev and x of x would both be x-dev_1-r0_arm64.deb', 'PKG:x = "…"'],
  ['TARGET_ARCH = "pdp11"', 'Debian has no name for TARGET_ARCH pdp11', 'DPKG_ARCH = "…"'],
] as const;

debTest('what dpkg could not take is an error that says what to write', () => {
  const w = packaging();
  for (const [line, message, hint] of wrong) {
    const further = `ASSUME_PROVIDED += "y >= 3"\n${line}`;
    w.write('recipes/x_1.bb', plainRecipe({ do_install: install }, further));
    const { said, status } = w.varve('build', 'x');
    expect(status, said).toBe(1);
    expect(said).toContain(message);
    expect(said).toContain(hint);
  }
});

debTest('a name is in md5sums and conffiles as its bytes are', () => {
  const w = packaging();
  const names = `install -d \${D}/opt
echo x > \${D}/opt/ünï→
echo x > "\${D}/opt/$(printf 'k\\351')"`;
  w.write(
    'recipes/x_1.bb',
    plainRecipe({ do_install: names }, 'FILES:${PN} = "/opt"\nCONFFILES:${PN} = "/opt/k*"'),
  );
  w.write('recipes/image.bb', 'inherit image\nIMAGE_INSTALL = "x"\nIMAGE_FSTYPES = "tar"\nLICENSE = "MIT"\n');
  expect(w.counts('image')).toMatchObject({ failed: 0 });
  const sum = '401b30e3b8b5d629635a5c613cdb7919';
  const own = (file: string): string =>
    tool(`dpkg-deb --ctrl-tarfile x_1-r0_arm64.deb | tar -xO ./${file} | LC_ALL=C od -An -c`, w.path(feed));
  const asBytes = (text: string): string => tool(`printf '${text}' | LC_ALL=C od -An -c`, w.path(feed));
  expect(own('md5sums')).toBe(asBytes(`${sum}  opt/k\\351\\n${sum}  opt/ünï→\\n`));
  expect(own('conffiles')).toBe(asBytes('/opt/k\\351\\n'));
  const root = w.path('root');
  mkdirSync(root);
  tool(`tar -C ${root} -xf tmp/deploy/images/host/*.tar`, w.path('.'));
  expect(tool(`dpkg --root=${root} --verify`, root)).toBe('');
  writeFileSync(join(root, 'opt/ünï→'), 'changed');
  expect(tool(`dpkg --root=${root} --verify`, root)).toBe('??5??????   /opt/ünï→\n');
});

debTest('a name with a line break is an error: dpkg does not take the package', () => {
  const w = packaging();
  w.write(
    'recipes/x_1.bb',
    plainRecipe(
      { do_install: 'install -d ${D}/opt\ntouch "${D}/opt/a$(printf "\\nb")"' },
      'FILES:${PN} = "/opt"',
    ),
  );
  const { said, status } = w.varve('build', 'x');
  expect(status, said).toBe(1);
  expect(said).toContain('package x has /opt/a\\012b, and dpkg takes no line break in a name');
  expect(said).toContain('PACKAGE_CLASSES = "package_rpm"');
});

debTest('native recipes and images have none, and what a recipe needs to run is written with it', () => {
  const w = packaging('RDEPENDS:${PN} = "data"\nBBCLASSEXTEND = "native"');
  w.write(
    'recipes/data.bb',
    plainRecipe({ do_install: 'install -D /dev/null ${D}/etc/data' }, 'inherit allarch'),
  );
  w.write('recipes/image.bb', 'inherit image\nIMAGE_INSTALL = "x"\nLICENSE = "MIT"\n');
  expect(w.counts('x', 'x-native', 'image')).toMatchObject({ failed: 0 });
  expect(tool('ls', w.path('tmp/deploy/deb'))).toBe('aarch64\nall\n');
  expect(tool('ls *.deb', w.path('tmp/deploy/deb/all'))).toMatch(
    /^data-dev_1.0-r0_all.deb\ndata_1.0-r0_all.deb\n$/,
  );
});

debTest('a recipe that does without do_package has no packages', () => {
  for (const line of ['do_package[noexec] = "1"\n', 'deltask do_package\n']) {
    const w = packaging(line);
    expect(w.counts('x')).toMatchObject({ failed: 0 });
    expect(w.exists('tmp/deploy/deb')).toBe(false);
  }
});
