/** Services that systemd starts: systemd.bbclass. */
import { spawnSync } from 'node:child_process';
import { appendFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { dpkgRoot } from '../support/dpkg-root.ts';
import { testWith } from '../support/needs.ts';
import { makeWorkspace, plainRecipe, type Workspace } from '../support/workspace.ts';

const unitsTest = testWith({ programs: ['fakeroot', 'dpkg', 'dpkg-deb'] });

const install = `install -d \${D}\${systemd_system_unitdir} \${D}\${systemd_user_unitdir}
cd \${D}\${systemd_system_unitdir}
printf '[Unit]\\nAlias=no\\n[Install]\\nWantedBy=multi-user.target\\nRequiredBy=a.target \\\\\\n b.target\\nAlias=%%p-too.service\\nAlso=svc.socket\\n' > svc.service
printf '[Install]\\nWantedBy=sockets.target\\n' > svc.socket
printf '[Install]\\nWantedBy=multi-user.target\\n' > off.service
printf '[Install]\\nWantedBy=getty.target\\nDefaultInstance=tty9\\nAlias=autovt@.service\\n' > getty@.service
printf '[Install]\\nWantedBy=getty.target\\nDefaultInstance=ttyS0\\n' > serial@.service
printf '[Install]\\nWantedBy=multi-user.target\\n' > plain@.service
printf '[Install]\\nWantedBy=default.target\\n' > \${D}\${systemd_user_unitdir}/agent.service`;

const further = `inherit systemd
PACKAGES =+ "\${PN}-off \${PN}-getty"
SYSTEMD_PACKAGES = "\${PN} \${PN}-off \${PN}-getty"
SYSTEMD_SERVICE:\${PN} = "svc.service agent.service"
SYSTEMD_SERVICE:\${PN}-off = "off.service"
SYSTEMD_SERVICE:\${PN}-getty = "getty@tty1.service serial@.service plain@.service"
SYSTEMD_AUTO_ENABLE:\${PN}-off = "disable"
`;

const recipe = plainRecipe({ do_install: install }, further);
const recipes = {
  'recipes/svc_1.bb': recipe,
  'recipes/pic.bb': 'LICENSE = "MIT"\ninherit image\nIMAGE_INSTALL = "svc svc-off svc-getty"\n',
};

/** The links in an image, with where they lead. */
function links(w: Workspace): readonly string[] {
  const tar = w.path('pic.tar.gz');
  expect(w.varve('artifact', 'export', 'pic', tar).said).not.toContain('error');
  const { stdout } = spawnSync('tar', ['-tvzf', tar], { encoding: 'utf8' });
  return [...stdout.matchAll(/etc\/systemd\/(.* -> .*)$/gm)].map(([, link = '']) => link);
}

/** Word for word what systemctl makes. */
const enabled = [
  'system/a.target.requires/svc.service -> /lib/systemd/system/svc.service',
  'system/autovt@tty1.service -> /lib/systemd/system/getty@.service',
  'system/b.target.requires/svc.service -> /lib/systemd/system/svc.service',
  'system/getty.target.wants/getty@tty1.service -> /lib/systemd/system/getty@.service',
  'system/getty.target.wants/serial@ttyS0.service -> /lib/systemd/system/serial@.service',
  'system/multi-user.target.wants/svc.service -> /lib/systemd/system/svc.service',
  'system/sockets.target.wants/svc.socket -> /lib/systemd/system/svc.socket',
  'system/svc-too.service -> /lib/systemd/system/svc.service',
  'user/default.target.wants/agent.service -> /usr/lib/systemd/user/agent.service',
];

unitsTest('units are enabled in an image, and by a package on a target', { timeout: 60_000 }, () => {
  const local = 'PACKAGE_CLASSES = "package_deb package_rpm"\n';
  const w = makeWorkspace({ files: recipes, local });
  expect(w.varve('build', 'pic').status).toBe(0);
  expect(links(w)).toEqual([]);
  appendFileSync(w.path('conf/local.conf'), 'DISTRO_FEATURES:append = " systemd"\n');
  const built = w.varve('build', 'pic');
  expect(built.status, built.said).toBe(0);
  expect(links(w)).toEqual(enabled);
  const tar = w.path('pic.tar.gz');
  const presets = spawnSync('tar', ['-xzOf', tar, '--wildcards', 'lib/systemd/*-preset/*'], {
    encoding: 'utf8',
  });
  expect(presets.stdout).toBe(`enable getty@.service tty1
enable serial@.service
enable plain@.service
disable off.service
enable svc.service
enable agent.service
`);

  if (spawnSync('systemctl', ['--version']).status === 0) {
    const { root, dpkg, debs } = dpkgRoot(w);
    const installed = dpkg('-i', ...debs('svc', 'svc-off', 'svc-getty'));
    expect(installed.status, installed.stderr).toBe(0);
    const find = spawnSync('find', [join(root, 'etc/systemd'), '-type', 'l', '-printf', '%P -> %l\\n'], {
      encoding: 'utf8',
    });
    expect(find.stdout.trim().split('\n').sort()).toEqual(enabled);
  }

  // An image of .rpms, from what is prebuilt.
  rmSync(w.path('tmp'), { recursive: true });
  appendFileSync(w.path('conf/local.conf'), 'PACKAGE_CLASSES = "package_rpm"\n');
  expect(w.varve('build', 'pic').said).not.toMatch(/^svc:\S+ +ran/m);
  expect(links(w)).toEqual(enabled);
  w.write('recipes/svc_1.bb', recipe.replace('agent.service"', 'agent.service gone.service"'));
  expect(w.varve('build', 'pic').said).toContain(
    'SYSTEMD_SERVICE:svc of svc has gone.service, which no package has',
  );
});
