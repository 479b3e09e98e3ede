/** Programs that several recipes bring under one name: update-alternatives.bbclass. */
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { dpkgRoot } from '../support/dpkg-root.ts';
import { testWith } from '../support/needs.ts';
import { makeWorkspace, plainRecipe, type Workspace } from '../support/workspace.ts';

const alternativesTest = testWith({ programs: ['fakeroot', 'dpkg', 'python3'] });

const inherit = 'inherit update-alternatives\n';

/** As busybox: one program under many names, which are known only once it is installed. */
const box = `${plainRecipe(
  {
    do_install: `install -d \${D}\${base_bindir} \${D}\${sysconfdir}
echo box > \${D}\${base_bindir}/box
ln -s elsewhere \${D}\${base_bindir}/sh
printf '/bin/ls\\n/usr/bin/[\\n' > \${D}\${sysconfdir}/box.links`,
  },
  `${inherit}ALTERNATIVE_PRIORITY = "50"
ALTERNATIVE:\${PN} = "sh"
ALTERNATIVE_LINK_NAME[sh] = "/bin/sh"
ALTERNATIVE_TARGET[sh] = "box"`,
)}
python do_package:prepend() {
    for link in open(d.expand("\${D}\${sysconfdir}/box.links")).read().split():
        name = os.path.basename(link).replace("[", "lbracket")
        d.appendVar("ALTERNATIVE:box", " " + name)
        d.setVarFlag("ALTERNATIVE_LINK_NAME", name, link)
        d.setVarFlag("ALTERNATIVE_TARGET", name, "/bin/box")
}
`;

/** As coreutils and inetutils: some are installed under the common name, some are not, and FILES knows either. */
const core = plainRecipe(
  {
    do_install: `install -d \${D}\${bindir} \${D}\${base_bindir}
echo core > \${D}\${bindir}/lbracket.core
echo core > \${D}\${base_bindir}/ls
ln -s ls \${D}\${base_bindir}/dir
echo core > \${D}\${bindir}/ping`,
  },
  `${inherit}PACKAGES =+ "\${PN}-ping"
FILES:\${PN}-ping = "\${bindir}/ping.\${BPN}"
FILES:\${PN} = "\${base_bindir}/ls \${base_bindir}/d* \${bindir}/l*"
ALTERNATIVE:\${PN} = "lbracket ls dir gone"
ALTERNATIVE:\${PN}-ping = "ping"
ALTERNATIVE_LINK_NAME[lbracket] = "\${bindir}/["
ALTERNATIVE_TARGET[lbracket] = "\${bindir}/lbracket.\${BPN}"
ALTERNATIVE_LINK_NAME[ls] = "\${base_bindir}/ls"
ALTERNATIVE_LINK_NAME[dir] = "\${base_bindir}/dir"
ALTERNATIVE_PRIORITY[ls] = "100"
ALTERNATIVE_PRIORITY_\${PN}-ping = "60"
pkg_postinst:\${PN}() {
	#!/bin/sh -e
	echo configured
}
`,
);

const recipes = {
  'recipes/box_1.bb': box,
  'recipes/core_2.bb': core,
  'recipes/pic.bb': 'LICENSE = "MIT"\ninherit image\nIMAGE_INSTALL = "box core core-ping"\n',
};

/** What an image has in its directories of programs, links with where they lead. */
function programs(w: Workspace): readonly string[] {
  const tar = w.path('pic.tar.gz');
  expect(w.varve('artifact', 'export', 'pic', tar).said).not.toContain('error');
  const { stdout } = spawnSync('tar', ['-tvzf', tar], { encoding: 'utf8' });
  return [...stdout.matchAll(/\S*bin\/\S.*$/gm)].map(([line]) => line);
}

const inImage = [
  'bin/box',
  'bin/dir -> dir.core',
  'bin/dir.core -> ls.core',
  'bin/ls -> ls.core',
  'bin/ls.core',
  'bin/sh -> box',
  'usr/bin/[ -> ../../bin/box',
  'usr/bin/lbracket.core',
  'usr/bin/ping -> ping.core',
  'usr/bin/ping.core',
];

alternativesTest(
  'of several programs the one with the highest priority has the name',
  { timeout: 60_000 },
  () => {
    const w = makeWorkspace({ files: recipes, local: 'PACKAGE_CLASSES = "package_deb package_rpm"\n' });
    const built = w.varve('build', 'pic');
    expect(built.status, built.said).toBe(0);
    expect(built.said).toContain(
      'ALTERNATIVE:core has gone, but no package has /usr/bin/gone: it is left out',
    );
    expect(programs(w)).toEqual(inImage);
    const { root, dpkg, debs } = dpkgRoot(w);
    for (const dir of ['var/lib/dpkg/alternatives', 'etc/alternatives'])
      mkdirSync(join(root, dir), { recursive: true });
    expect(dpkg('-i', ...debs('box', 'core')).status).toBe(0);
    const led = (): readonly string[] =>
      ['ls', 'lbracket', 'sh'].map(
        (name) => spawnSync('readlink', [join(root, 'etc/alternatives', name)], { encoding: 'utf8' }).stdout,
      );
    expect(led()).toEqual(['/bin/ls.core\n', '/bin/box\n', '/bin/box\n']);
    expect(dpkg('-r', 'core').status).toBe(0);
    expect(led()).toEqual(['/bin/box\n', '/bin/box\n', '/bin/box\n']);
    expect(readFileSync(join(root, 'var/lib/dpkg/alternatives/ls'), 'utf8')).toContain('/bin/box\n50\n');
    // An image of .rpms, from what is prebuilt.
    rmSync(w.path('tmp'), { recursive: true });
    appendFileSync(w.path('conf/local.conf'), 'PACKAGE_CLASSES = "package_rpm"\n');
    expect(w.varve('build', 'pic').said).not.toMatch(/^(box|core):\S+ +ran/m);
    expect(programs(w)).toEqual(inImage);
    w.write('recipes/core_2.bb', core.replace('= "100"', '= "40"'));
    expect(w.varve('build', 'pic').said).toMatch(/^core:do_package  ran/m);
    expect(programs(w)).toContain('bin/ls -> box');
  },
);
