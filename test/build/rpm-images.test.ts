/** Images are made of packages, with the files that rpm would install. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { testWith } from '../support/needs.ts';
import { makeWorkspace, plainRecipe } from '../support/workspace.ts';

const imageTest = testWith({ programs: ['fakeroot', 'setcap'] });

const local = `PACKAGE_CLASSES = "package_rpm"
HOSTTOOLS += "setcap"
`;

const install = `install -d \${D}\${bindir} \${D}\${libdir} \${D}\${sysconfdir}/x \${D}/srv/däta
echo 'exec true' > \${D}\${bindir}/x
chmod 4755 \${D}\${bindir}/x
ln \${D}\${bindir}/x \${D}\${bindir}/y
echo conf > \${D}\${sysconfdir}/x/x.conf
ln -s libx.so.1 \${D}\${libdir}/libx.so
echo lib > \${D}\${libdir}/libx.so.1
echo far > "\${D}/srv/däta/a b"
install -d -m 1777 \${D}/srv/empty`;

const program = (name: string): string =>
  `install -d \${D}\${bindir}\necho ${name} > \${D}\${bindir}/${name}`;

function tool(command: string, cwd: string): string {
  const { stdout, stderr, status } = spawnSync('sh', ['-ec', command], { cwd, encoding: 'utf8' });
  expect(status, stdout + stderr).toBe(0);
  return stdout;
}

const pic = 'LICENSE = "MIT"\ninherit image\nIMAGE_INSTALL = "app"\nIMAGE_FSTYPES = "tar"\n';

imageTest(
  'an image has the files that rpm would install, and where packages are prebuilt nothing else runs',
  () => {
    const files = {
      'recipes/app_2.bb': `${plainRecipe(
        {
          do_install: `${install}
ln -s usr \${D}/srv/link
install -d \${D}/srv/theirs
chown 7:3000000 \${D}/srv/theirs
setcap cap_net_raw,cap_checkpoint_restore=eip "\${D}/srv/däta/a b"`,
        },
        'FILES:${PN} += "/srv"\nRDEPENDS:${PN} = "virtual-editor (>= 1)"\npkg_postinst:${PN}() {\n\techo app\n}',
      )}do_install[fakeroot] = "1"\n`,
      'recipes/ed_1.bb': plainRecipe(
        { do_install: program('ed') },
        'RPROVIDES:${PN} = "virtual-editor (= 2)"\npkg_postinst:${PN}() {\n\techo ed\n}',
      ),
      'recipes/pic.bb': pic,
    };
    const w = makeWorkspace({ files, local: `${local}PACKAGE_CLASSES += "package_deb"\n` });
    const { said, status } = w.varve('build', 'pic');
    expect(status, said).toBe(0);
    const tar = w.path('tmp/deploy/images/host/pic-host.rootfs.tar');
    const list = tool(`tar -tvf ${tar} --numeric-owner --quoting-style=literal`, w.top).split('\n');
    expect(
      list
        .map((line) => line.replace(/^(\S+) +(\S+) +\d+ \S+ \S+ /, '$1 $2 '))
        .filter((line) => !/(usr|bin|lib|rpm|etc)\/$/.test(line)),
    ).toEqual([
      'drwxr-xr-x 0/0 etc/rpm-postinsts/',
      '-rwxr-xr-x 0/0 etc/rpm-postinsts/0-ed',
      '-rwxr-xr-x 0/0 etc/rpm-postinsts/1-app',
      'drwxr-xr-x 0/0 etc/x/',
      '-rw-r--r-- 0/0 etc/x/x.conf',
      'drwxr-xr-x 0/0 srv/',
      'drwxr-xr-x 0/0 srv/däta/',
      '-rw-r--r-- 0/0 srv/däta/a b',
      'drwxrwxrwt 0/0 srv/empty/',
      'lrwxrwxrwx 0/0 srv/link -> usr',
      'drwxr-xr-x 7/3000000 srv/theirs/',
      '-rw-r--r-- 0/0 usr/bin/ed',
      '-rwsr-xr-x 0/0 usr/bin/x',
      'hrwsr-xr-x 0/0 usr/bin/y link to usr/bin/x',
      '-rw-r--r-- 0/0 usr/lib/libx.so.1',
      'drwxr-xr-x 0/0 var/',
      '-rw-r--r-- 0/0 var/lib/rpm/rpmdb.sqlite',
      '',
    ]);
    expect(tool(`tar -xOf ${tar} etc/rpm-postinsts/1-app usr/bin/ed usr/bin/x`, w.top)).toBe(
      '#!/bin/sh\n\techo app\ned\nexec true\n',
    );
    const capability = (path: string): string | undefined =>
      /security\.capability=[^]{21}/.exec(readFileSync(path, 'latin1'))?.[0];
    w.varve('artifact', 'export', 'app', w.path('a.tar.gz'));
    tool('gunzip a.tar.gz', w.buildDir);
    expect(capability(tar)).toBe(capability(w.path('a.tar')) ?? 'none');
    expect(w.varve('cat', 'pic:install', 'pic.packages').stdout).toMatch(/^app \S+ 2-r0\ned \S+ 1-r0\n$/);
    expect(w.varve('blame', 'pic', 'usr/bin/ed').stdout).toMatch(/^package ed of ed\ned:do_install /);
    const mirror = `${local}ARTIFACT_MIRRORS = "file://${w.path('artifacts')}"\nPACKAGE_CLASSES += "package_deb"\n`;
    const far = makeWorkspace({ files, local: mirror, place: 'somewhere/else' });
    expect(far.counts('-f', '-c', 'image_complete', 'pic')).toMatchObject({ run: 1, failed: 0 });
    expect(
      readFileSync(far.path('tmp/deploy/images/host/pic-host.rootfs.tar')).equals(readFileSync(tar)),
    ).toBe(true);
    far.write('recipes/pic.bb', `${pic}IMAGE_INSTALL += "app-dev"\n`);
    expect(far.varve('build', 'pic').said.match(/^(?!pic:)\S+ +ran/gm)).toBeNull();
  },
);

imageTest('an image is warned of where its packages depend on what no package is', () => {
  const files = {
    'recipes/app_1.bb': plainRecipe({ do_install: program('app') }, 'RDEPENDS:${PN} = "bash"'),
    'recipes/pic.bb': pic,
  };
  for (const [given, times] of [
    ['', 1],
    ['ASSUME_PROVIDED += "bash"\n', 0],
  ] as const) {
    const w = makeWorkspace({ files, local: `${local}${given}` });
    const { said, status } = w.varve('build', 'pic');
    expect(status, said).toBe(0);
    expect(said.split('pic: app depends on bash, which no package is or stands for')).toHaveLength(1 + times);
  }
});

imageTest('what rpm knows goes where a link of a package leads in the image, and nowhere else', () => {
  const linked = (to: string): string =>
    plainRecipe(
      { do_install: `install -d \${D}/data/var\nln -s ${to} \${D}/var` },
      'FILES:${PN} = "/data /var"\n',
    );
  const w = makeWorkspace({
    files: { 'recipes/app_1.bb': linked('data/var'), 'recipes/pic.bb': pic },
    local,
  });
  expect(w.counts('pic')).toMatchObject({ failed: 0 });
  expect(w.varve('cat', 'pic', 'data/var/lib/rpm/rpmdb.sqlite').status).toBe(0);
  w.write('recipes/app_1.bb', linked('/data/var'));
  expect(w.varve('build', 'pic').said).toContain(
    '/var of app is a link to /data/var, and what rpm knows of its packages is to be in /var/lib/rpm of the image',
  );
});

testWith({ programs: ['fakeroot', 'rpm', 'dnf', 'unshare'] })(
  'rpm and dnf know what is in an image, and dnf brings what is newer',
  () => {
    const recipe = (name: string, further = ''): string =>
      plainRecipe({ do_install: `install -D /dev/null \${D}\${bindir}/${name}` }, further);
    const w = makeWorkspace({
      files: {
        'recipes/app_1.bb': recipe('app', 'RDEPENDS:${PN} = "lib"'),
        'recipes/lib_1.bb': recipe('lib'),
        'recipes/pic.bb': pic,
      },
      local,
    });
    expect(w.counts('pic')).toMatchObject({ failed: 0 });
    const root = w.path('root');
    tool(`mkdir root && tar -C root -xf tmp/deploy/images/host/pic-host.rootfs.tar`, w.buildDir);
    const inRoot = (command: string): string =>
      tool(`unshare -rm sh -ec '${command}' 2>&1 | grep -v -e '^rpm: ' -e '^warning: '`, w.buildDir);
    const rpm = `rpm --root ${root} --dbpath /var/lib/rpm`;
    expect(inRoot(`${rpm} -qa | sort; ${rpm} -Va && ${rpm} -q --whatrequires lib`)).toMatch(
      /^app-1-r0\S+\nlib-1-r0\S+\napp-1-r0\S+\n$/,
    );
    rmSync(w.path('root/usr/bin/app'));
    expect(inRoot(`${rpm} -V app || true`)).toBe('missing     /usr/bin/app\n');
    w.write('recipes/lib_1.bb', recipe('newer', 'PR = "r1"'));
    expect(w.counts('app')).toMatchObject({ failed: 0 });
    const [arch = ''] = readdirSync(w.path('tmp/deploy/rpm'));
    const options = `--installroot=${root} --releasever=1 --nogpgcheck --setopt=reposdir=/dev/null --setopt=cachedir=${w.top}/cache`;
    const feed = `--repofrompath=f,file://${w.path('tmp/deploy/rpm', arch)} --repo=f`;
    // Debian's rpm has its database elsewhere.
    writeFileSync(join(w.top, '.rpmmacros'), '%_dbpath /var/lib/rpm\n');
    inRoot(`HOME=${w.top} dnf -y ${options} ${feed} upgrade`);
    expect(inRoot(`${rpm} -qa | sort`)).toMatch(/^app-1-r0\S+\nlib-1-r1\S+\n$/);
    expect(readdirSync(w.path('root/usr/bin'))).toEqual(['newer']);
  },
);
