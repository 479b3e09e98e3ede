/** do_package_write_rpm: packages that rpm takes, and directories of them that dnf installs from. */
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { testWith } from '../support/needs.ts';
import { makeWorkspace, plainRecipe, type Workspace } from '../support/workspace.ts';

const rpmTest = testWith({ programs: ['fakeroot', 'rpm', 'setcap'], commands: ['unshare -rm true'] });
const feedTest = testWith({ programs: ['rpm', 'dnf', 'createrepo_c'], commands: ['unshare -rm true'] });

const local = 'PACKAGE_CLASSES = "package_rpm"\nHOSTTOOLS += "setcap"\n';

const install = `install -d \${D}\${bindir} \${D}\${libdir} \${D}\${sysconfdir}/x \${D}/srv/däta
echo 'exec true' > \${D}\${bindir}/x
chmod 4755 \${D}\${bindir}/x
ln \${D}\${bindir}/x \${D}\${bindir}/y
echo between > \${D}\${bindir}/xx
echo conf > \${D}\${sysconfdir}/x/x.conf
ln -s libx.so.1 \${D}\${libdir}/libx.so
echo lib > \${D}\${libdir}/libx.so.1
echo far > "\${D}/srv/däta/a b"
install -d -m 1777 \${D}/srv/empty`;

const fields = `SUMMARY = "Prints  nothing"
DESCRIPTION = "It prints nothing at all, which takes it rather long, and has to be told in more words than would ever fit into a line.\\n\\nTwice."
MAINTAINER = "Ann Example <ann@example.org>"
HOMEPAGE = "https://example.org/x"
SECTION = "console/utils"
LICENSE = "MIT"
LICENSE:\${PN}-dev = "Zlib"
PE = "2"
PV = "1-rc1~a"
FILES:\${PN} += "/srv"
RDEPENDS:\${PN} = "y (>= 1.2-3) \${PN}-doc Some_Thing"
RRECOMMENDS:\${PN} = "z (< 3)"
RSUGGESTS:\${PN} = "w (> 3)"
RPROVIDES:\${PN} = "virtual-x /bin/sh"
RCONFLICTS:\${PN} = "old-x (<= 1)"
RREPLACES:\${PN} = "old-x"
CONFFILES:\${PN} = "\${sysconfdir}/x/*"
ASSUME_PROVIDED += "y Some_Thing"
pkg_postinst:\${PN}() {
	#!/bin/sh -e
	echo "configured \${PV}" > /etc/x/state
}
pkg_prerm:\${PN}() {
	rm /etc/x/state
}
`;

function packaging(further = '', place = 'w'): Workspace {
  return makeWorkspace({
    files: { 'recipes/x_1.bb': plainRecipe({ do_install: install }, fields + further) },
    local,
    place,
  });
}

function tool(command: string, cwd: string): string {
  const { stdout, stderr, status } = spawnSync('sh', ['-ec', command], { cwd, encoding: 'utf8' });
  expect(status, stdout + stderr).toBe(0);
  return stdout;
}

/** Where the packages of a recipe lie. */
function feed(w: Workspace): string {
  const [arch = ''] = readdirSync(w.path('tmp/deploy/rpm')).filter((name) => name !== 'noarch');
  return w.path('tmp/deploy/rpm', arch);
}

/** Every file of a feed, its index too, in hexadecimal. */
function bytes(w: Workspace): Readonly<Record<string, string>> {
  const names = readdirSync(feed(w), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.includes('.'),
  );
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(feed(w), name)).toString('hex')]));
}

rpmTest('what a recipe says of its packages stands in them, as rpm reads it', () => {
  const w = packaging(`do_install:append() {
	setcap cap_net_raw,cap_net_admin+ep "\${D}/srv/däta/a b"
	echo 'int main(void) { return 0; }' | \${CC} -g -x c -o \${D}\${bindir}/ping -
	setcap cap_net_raw+ep \${D}\${bindir}/ping
	echo theirs > \${D}/srv/theirs
	chown 3000000:7 \${D}/srv/theirs
}
`);
  appendFileSync(join(w.layer, 'recipes/x_1.bb'), 'do_install[fakeroot] = "1"\n');
  const { said, status } = w.varve('build', 'x');
  expect(status, said).toBe(0);
  expect(said).toContain('/srv/theirs of package x is given to root by rpm, which knows owners by name');
  // It goes behind what the recipe says there.
  expect(said).toContain('pkg_postinst:x:append() {\n      \tchown -h 3000000:7 "/srv/theirs"');
  const dir = feed(w);
  expect(tool('ls *.rpm', dir)).toBe(
    'x-1+rc1~a-r0.x86_64.rpm\nx-dbg-1+rc1~a-r0.x86_64.rpm\nx-dev-1+rc1~a-r0.x86_64.rpm\n'.replaceAll(
      'x86_64',
      dir.split('/').at(-1) ?? '',
    ),
  );
  expect(tool('rpm -K --nosignature *.rpm', dir)).toMatch(/^(x-.*: digests OK\n){3}$/);
  const ask = (query: string, filter = 'cat'): string =>
    tool(`rpm -qp ${query} x-1+*.rpm 2>/dev/null | ${filter}`, dir);
  expect(
    ask(
      '--qf "%{epoch}:%{evr} %{group} %{license} %{url} %{packager} %{sourcerpm}\\n%{summary}\\n%{description}\\n"',
    ),
  ).toBe(
    `2:2:1+rc1~a-r0 console/utils MIT https://example.org/x Ann Example <ann@example.org> x-1+rc1~a-r0.src.rpm
Prints nothing
It prints nothing at all, which takes it rather long, and has to be told in
more words than would ever fit into a line.

Twice.
`,
  );
  expect(ask('--requires', 'grep -v rpmlib')).toBe('/bin/sh\n/bin/sh\nSome_Thing\ny >= 1.2-3\n');
  expect(ask('--provides --conflicts --obsoletes --recommends --suggests')).toBe(
    '/bin/sh\nvirtual-x\nx = 2:1+rc1~a-r0\nold-x <= 1\nold-x\nz < 3\nw > 3\n',
  );
  expect(ask('--scripts')).toBe(`postinstall scriptlet (using /bin/sh -e):
	echo "configured 1-rc1~a" > /etc/x/state

preuninstall scriptlet (using /bin/sh):
if [ "$1" = 0 ]; then
	rm /etc/x/state
fi

`);
  expect(ask('--configfiles')).toBe('/etc/x/x.conf\n');
  expect(ask('--filecaps', 'grep cap_')).toBe(
    '/srv/däta/a b\tcap_net_admin,cap_net_raw=ep\n/usr/bin/ping\tcap_net_raw=ep\n',
  );
  expect(ask('--qf "[%{filemodes:perms} %{fileusername} %{filegroupname} %{filenames}\\n]"', 'grep -v ^d'))
    .toBe(`-rw-r--r-- root root /etc/x/x.conf
-rw-r--r-- root root /srv/däta/a b
-rw-r--r-- 3000000 7 /srv/theirs
-rwxr-xr-x root root /usr/bin/ping
-rwsr-xr-x root root /usr/bin/x
-rw-r--r-- root root /usr/bin/xx
-rwsr-xr-x root root /usr/bin/y
-rw-r--r-- root root /usr/lib/libx.so.1
`);
  expect(tool('rpm -qp --requires x-dev*.rpm 2>/dev/null | grep -v rpmlib', dir)).toBe('x = 2:1+rc1~a-r0\n');
});

rpmTest('rpm installs them with modes, links and scripts, and takes them out again', () => {
  const w = packaging();
  expect(w.counts('x')).toMatchObject({ failed: 0 });
  const root = join(w.top, 'root');
  mkdirSync(root);
  // For the scripts.
  tool(`cp -L --parents /bin/sh /bin/rm $(ldd /bin/sh /bin/rm | grep -o '/[^ :]*' | sort -u) ${root}`, '/');
  const before = tool('find . -type f', root);
  const rpm = `rpm --root ${root} --dbpath /rpmdb --nodeps`;
  const own = `chroot() { unshare -rm sh -ec "$1"; }`;
  const ask = `stat -c '%A %h %n' usr/bin/x usr/bin/y srv/empty "srv/däta/a b"; readlink usr/lib/libx.so; cat etc/x/state; ${rpm} -V x x-dev`;
  expect(tool(`${own}; chroot '${rpm} -i ${feed(w)}/*.rpm 2>/dev/null'; ${ask} 2>/dev/null`, root))
    .toBe(`-rwsr-xr-x 2 usr/bin/x
-rwsr-xr-x 2 usr/bin/y
drwxrwxrwt 2 srv/empty
-rw-r--r-- 1 srv/däta/a b
libx.so.1
configured 1-rc1~a
`);
  tool(`${own}; chroot '${rpm} -e x-dev x 2>/dev/null'; rm -r rpmdb`, root);
  expect(tool('find . -type f', root)).toBe(before);
});

rpmTest(
  'they and their index come back from the store byte for byte, and are the same from another path',
  () => {
    const w = packaging();
    expect(w.counts('x')).toMatchObject({ failed: 0 });
    const made = bytes(w);
    expect(Object.keys(made)).toHaveLength(5);
    for (const dir of ['tmp', 'history']) rmSync(w.path(dir), { recursive: true });
    expect(w.counts('x')).toMatchObject({ run: 0, failed: 0 });
    expect(bytes(w)).toEqual(made);
    // From the image alone, which came prebuilt.
    for (const dir of ['tmp', 'history']) rmSync(w.path(dir), { recursive: true });
    expect(w.counts('-f', '-c', 'package_write_rpm', 'x')).toMatchObject({ run: 1, failed: 0 });
    expect(bytes(w)).toEqual(made);
    const other = packaging('', 'somewhere/else');
    expect(other.counts('x')).toMatchObject({ failed: 0 });
    expect(bytes(other)).toEqual(made);
  },
);

const program = (name: string): string =>
  `install -d \${D}\${bindir}\necho ${name} > \${D}\${bindir}/${name}`;

feedTest('dnf installs from the feeds with what is needed, and brings what is newer', () => {
  const w = makeWorkspace({
    files: {
      'recipes/app_1.bb': plainRecipe(
        { do_install: program('app') },
        'RDEPENDS:${PN} = "lib (>= 1) data /usr/bin/lib"\nASSUME_PROVIDED += "/usr/bin/lib"',
      ),
      'recipes/lib_1.bb': plainRecipe({ do_install: program('lib') }),
      'recipes/data_1.bb': plainRecipe(
        { do_install: program('data') },
        'inherit allarch\nRCONFLICTS:${PN} = "lib (< 1)"',
      ),
    },
    local: 'PACKAGE_CLASSES = "package_rpm package_deb"\n',
  });
  expect(w.counts('app')).toMatchObject({ failed: 0 });
  expect(w.exists('tmp/deploy/deb/all/data_1-r0_all.deb')).toBe(true);
  const root = join(w.top, 'root');
  const dnf = (words: string): string => {
    const feeds = [feed(w), w.path('tmp/deploy/rpm/noarch')].map(
      (dir, n) => `--repofrompath=f${n},file://${dir} --repo=f${n}`,
    );
    const options = `--installroot=${root} --releasever=1 --nogpgcheck --setopt=reposdir=/dev/null --setopt=cachedir=${w.top}/cache --setopt=metadata_expire=0`;
    return tool(`unshare -rm dnf -y ${options} ${feeds.join(' ')} ${words} 2>&1`, w.top);
  };
  dnf('install app');
  expect(readdirSync(join(root, 'usr/bin')).sort()).toEqual(['app', 'data', 'lib']);
  w.write(
    'recipes/lib_1.bb',
    plainRecipe({ do_install: program('newer') }, 'PR = "r1"\nRPROVIDES:${PN} = "/usr/bin/lib"'),
  );
  expect(w.counts('app')).toMatchObject({ failed: 0 });
  expect(dnf('upgrade')).toMatch(/lib +\S+ +1-r1/);
  expect(readdirSync(join(root, 'usr/bin')).sort()).toEqual(['app', 'data', 'newer']);
  // What the usual tool says of the same packages.
  const told = (dir: string): string =>
    tool(`zcat ${dir}/repodata/*primary.xml.gz ${dir}/repodata/*filelists.xml.gz`, w.top).replaceAll(
      /<time file="\d+"|\n(?=<\?xml|$)/g,
      '',
    );
  const own = told(feed(w));
  tool(`cp -r ${feed(w)} copy && rm -r copy/repodata && createrepo_c -q copy`, w.top);
  expect(own).toBe(told('copy'));
});

const wrong = [
  ['PV = "1:1"', '2:1:1-r0 is no version that rpm takes', 'PKGV = "…"'],
  ['PKG:${PN} = "x-dev"', 'x-dev and x of x would both be x-dev-1+rc1~a-r0.', 'PKG:x = "…"'],
] as const;

rpmTest('what rpm could not take is an error that says what to write', () => {
  const w = packaging();
  for (const [line, message, hint] of wrong) {
    w.write('recipes/x_1.bb', plainRecipe({ do_install: install }, `${fields}${line}`));
    const { said, status } = w.varve('build', 'x');
    expect(status, said).toBe(1);
    expect(said).toContain(message);
    expect(said).toContain(hint);
  }
});
