/** Users and groups that packages bring: useradd.bbclass. */
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { dpkgRoot } from '../support/dpkg-root.ts';
import { testWith } from '../support/needs.ts';
import { withoutNamespaces } from '../support/without-namespaces.ts';
import { makeWorkspace, plainRecipe, type Workspace } from '../support/workspace.ts';

const usersTest = testWith({
  programs: ['fakeroot', 'dpkg', 'useradd', 'python3'],
  commands: ['unshare -rm true'],
});

/** As dbus and avahi. */
const bus = plainRecipe(
  {
    do_install: `install -d \${D}\${libexecdir} \${D}\${localstatedir}/lib/bus
echo helper > \${D}\${libexecdir}/helper
chown root:busd \${D}\${libexecdir}/helper
chmod 4750 \${D}\${libexecdir}/helper
chown busd: \${D}\${localstatedir}/lib/bus
install -d -o busd -g netdev \${D}\${sysconfdir}/bus
python3 -c 'import shutil; shutil.chown("\${D}\${sysconfdir}/bus", group="video")'`,
  },
  `inherit useradd
USERADD_PACKAGES = "\${PN}"
GROUPADD_PARAM:\${PN} = "-r netdev; -g 301 --system lpadmin"
USERADD_PARAM:\${PN} = "--system --home \${localstatedir}/lib/bus \\
    --no-create-home -s /bin/false \\
    -c \\"The bus\\" -U busd;"
GROUPMEMS_PARAM:\${PN} = "--add busd --group netdev"`,
);

const person = plainRecipe(
  { do_install: 'install -D /dev/null ${D}${sysconfdir}/skel/.profile' },
  `inherit useradd
USERADD_PACKAGES = "\${PN}"
USERADD_PARAM:\${PN} = "--create-home --groups audio,video --user-group ann; -u 2000 -p 'a$b' -N bob; -m -d /home/ann/box -U cat"`,
);

const recipes = {
  'recipes/bus_1.bb': bus,
  'recipes/person_1.bb': person,
  'recipes/pic.bb': 'LICENSE = "MIT"\ninherit image\nIMAGE_INSTALL = "bus person"\n',
};

/** What in an image is not root's, and its lines about who is nobody else's. */
function owned(w: Workspace): { readonly files: readonly string[]; readonly lines: readonly string[] } {
  const tar = w.path('pic.tar.gz');
  expect(w.varve('artifact', 'export', 'pic', tar).said).not.toContain('error');
  const { stdout } = spawnSync('tar', ['-tvzf', tar, '--numeric-owner'], { encoding: 'utf8' });
  const read = spawnSync('tar', ['-xzOf', tar, 'etc/passwd', 'etc/group', 'etc/shadow'], {
    encoding: 'utf8',
  });
  return {
    files: stdout
      .split('\n')
      .map((line) => line.replace(/^(\S+) +(\S+) +\d+ \S+ \S+ /, '$1 $2 '))
      .filter((line) => line !== '' && (!/ 0\/0 /.test(line) || line.includes('shadow'))),
    lines: read.stdout.split('\n').filter((line) => /busd|netdev|lpadmin|ann|bob/.test(line)),
  };
}

const inImage = {
  files: [
    'drwxr-xr-x 963/44 etc/bus/',
    '-r-------- 0/0 etc/shadow',
    'drwxr-xr-x 1000/1000 home/ann/',
    '-rwxr-xr-x 1000/1000 home/ann/.profile',
    'drwxr-xr-x 1001/1001 home/ann/box/',
    '-rwxr-xr-x 1001/1001 home/ann/box/.profile',
    '-rwsr-x--- 0/963 usr/libexec/helper',
    'drwxr-xr-x 963/963 var/lib/bus/',
  ],
  lines: [
    'audio:x:29:ann',
    'video:x:44:ann',
    'lpadmin:x:301:',
    'netdev:x:935:busd',
    'ann:x:1000:',
    'busd:x:963:',
    'ann:x:1000:1000::/home/ann:/bin/sh',
    'bob:x:2000:100::/home/bob:/bin/sh',
    'busd:x:963:963:The bus:/var/lib/bus:/bin/false',
    'cat:x:1001:1001::/home/ann/box:/bin/sh',
    'ann:!::0:99999:7:::',
    'bob:a$b::0:99999:7:::',
    'busd:!:::::::',
  ],
};

usersTest(
  'files belong to users that packages bring, in the image and on a target',
  { timeout: 60_000 },
  () => {
    const w = makeWorkspace({ files: recipes, local: 'PACKAGE_CLASSES = "package_deb package_rpm"\n' });
    const built = w.varve('build', 'pic');
    expect(built.status, built.said).toBe(0);
    expect(owned(w)).toEqual(inImage);
    expect(w.varve('cat', 'pic', 'etc/shadow').stdout).toMatch(/^root:\*:/);

    const { root, dpkg, debs } = dpkgRoot(w, {
      'etc/shadow': '',
      'etc/passwd': 'root:x:0:0:root:/root:/bin/sh\n',
      'etc/group': 'root:x:0:\naudio:x:63:\nvideo:x:64:\nusers:x:100:\n',
    });
    mkdirSync(join(root, 'home'));
    const [deb = ''] = debs('bus');
    expect(spawnSync('dpkg-deb', ['-c', deb], { encoding: 'utf8' }).stdout).toContain('busd/video');
    const installed = dpkg('-i', ...debs('bus', 'person'));
    expect(installed.status, installed.stderr).toBe(0);
    expect(readFileSync(join(root, 'etc/passwd'), 'utf8')).toMatch(
      /^busd:x:\d+:\d+:The bus:\/var\/lib\/bus:\/bin\/false$/m,
    );
    expect(readFileSync(join(root, 'etc/group'), 'utf8')).toMatch(/^netdev:x:\d+:busd$/m);

    // An image of .rpms, from what is prebuilt.
    rmSync(w.path('tmp'), { recursive: true });
    appendFileSync(
      w.path('conf/local.conf'),
      'PACKAGE_CLASSES = "package_rpm"\nEXTRA_IMAGE_FEATURES = "empty-root-password"\n',
    );
    const again = w.varve('build', 'pic');
    expect(again.said).not.toMatch(/^(bus|person):\S+ +ran|given to root/m);
    expect(owned(w)).toEqual(inImage);
    expect(w.varve('cat', 'pic', 'etc/shadow').stdout).toMatch(/^root::/);

    // A package that has /etc/passwd says who is there.
    w.write(
      'recipes/base_1.bb',
      plainRecipe({
        do_install:
          'install -d ${D}/etc; echo "root::0:0::/root:/bin/sh" > ${D}/etc/passwd; printf "root:x:0:\\nvideo:x:77:\\naudio:x:78:\\nusers:x:79:\\nbusd:x:999:\\n" > ${D}/etc/group',
      }),
    );
    w.write('recipes/pic.bb', recipes['recipes/pic.bb'].replace('bus person', 'bus person base'));
    expect(w.varve('build', 'pic').status).toBe(0);
    expect(owned(w).files).toContain('drwxr-xr-x 963/77 etc/bus/');
    expect(owned(w).lines).toContain('bob:x:2000:79::/home/bob:/bin/sh');
    expect(owned(w).files).toContain('-rwsr-x--- 0/999 usr/libexec/helper');

    // Another package of the recipe may be there before the one that makes its owner.
    const helper = `${bus}\nPACKAGES =+ "\${PN}-helper"\nFILES:\${PN}-helper = "\${libexecdir}"\n`;
    w.write('recipes/bus_1.bb', helper);
    expect(w.varve('build', 'bus').said).toContain(
      '/usr/libexec/helper of package bus-helper belongs to busd, whom package bus makes',
    );
    w.write('recipes/bus_1.bb', `${helper}RDEPENDS:\${PN}-helper = "\${PN}"\n`);
    expect(w.varve('build', 'bus').said).not.toContain('whom package bus makes');

    // Who cannot be made is told.
    w.write('recipes/person_1.bb', person.replace('-u 2000', '-u 0'));
    expect(w.varve('build', 'pic').said).toContain('bob of person is to be number 0, and so is root');
    w.write('recipes/person_1.bb', person.replace('-u 2000', '--nosuch'));
    expect(w.varve('build', 'pic').said).toContain(
      `USERADD_PARAM:person of person has "--nosuch -p a$b -N bob": it has no --nosuch`,
    );
  },
);

usersTest('a user of the machine is never taken for one of the target', () => {
  const recipe = person.replace('/skel/.profile', '/skel/.profile\n\tchown bin ${D}/etc/skel/.profile');
  const files = { 'recipes/person_1.bb': recipe };
  const plain = makeWorkspace({ files, env: { PATH: withoutNamespaces() } }).varve('build', 'person');
  expect([plain.status, plain.said]).toEqual([1, expect.stringContaining('this machine has answered')]);
  expect(makeWorkspace({ files }).counts('person')).toMatchObject({ failed: 0 });
});
