/** What recipes get by inheriting classes, with the real program and a real shell. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

import { makeWorkspace, plainRecipe, type Workspace } from '../support/workspace.ts';

const install = (path: string, text: string): string =>
  `install -d $(dirname \${D}${path})\necho ${text} > \${D}${path}`;

/** Builds the recipe and lists what its artifact holds, directories left out. */
function installed(w: Workspace, recipe: string): readonly string[] {
  const built = w.varve('build', recipe);
  expect(built.said).toContain(' ok: ');
  const to = w.path('restored', recipe);
  expect(w.varve('restore', recipe, to).stderr).toBe('');
  const found = readdirSync(to, { recursive: true, withFileTypes: true }).filter((one) => !one.isDirectory());
  return found.map((one) => `${one.parentPath}/${one.name}`.slice(to.length + 1)).sort();
}

test('an image has what its recipes need to run, and what its own commands make of it', () => {
  const w = makeWorkspace({
    files: {
      'recipes/pic.bb': `LICENSE = "MIT"
inherit core-image
IMAGE_INSTALL = "group"
ROOTFS_POSTPROCESS_COMMAND += "greet; "
greet() {
	echo hello > \${IMAGE_ROOTFS}/motd
}
`,
      'recipes/group.bb': 'inherit packagegroup\nRDEPENDS:${PN} = "tool (>= 1.0)"\n',
      'recipes/tool.bb': plainRecipe({ do_install: install('/bin/tool', 'tool') }, 'RDEPENDS:${PN} = "data"'),
      'recipes/data.bb': plainRecipe({ do_install: install('/data', 'data') }, 'DEPENDS = "maker-native"'),
      'recipes/maker-native.bb': plainRecipe({ do_install: install('/maker', 'maker') }, 'inherit native'),
    },
    local: 'INHERIT += "license create-spdx"\nIMAGE_FSTYPES = "tar"\n',
  });
  expect(installed(w, 'pic')).toEqual(['bin/tool', 'data', 'motd']);
  const manifest = w.varve('cat', 'pic:install', 'pic.manifest').stdout;
  const tools = w.varve('sysroot', 'diff', 'data:unpack', 'data:compile').stdout;
  expect(tools).toBe('maker-native (native sysroot) is new\n');
  expect(manifest).toBe('bin drwxr-xr-x\nbin/tool -rw-r--r-- 5\ndata -rw-r--r-- 5\nmotd -rw-r--r-- 6\n');
  const deployed = 'tmp/deploy/images/host/pic-host.rootfs';
  expect(w.read(`${deployed}.licenses/license.manifest`)).toContain('RECIPE NAME: tool\nLICENSE: MIT\n');
  const bill = w.read(`${deployed}.spdx.json`);
  expect([...bill.matchAll(/"CONTAINS",\s*"relatedSpdxElement": "(.*)"/g)].map(([, id]) => id)).toEqual([
    'SPDXRef-Recipe-data',
    'SPDXRef-Recipe-group',
    'SPDXRef-Recipe-tool',
  ]);
  // An artifact's id is the SHA-256 of its tar.
  const sha256 = createHash('sha256')
    .update(readFileSync(w.path(`${deployed}.tar`)))
    .digest('hex');
  expect(bill).toContain(sha256);
  // However short a file is: it stands where its recipe installed it.
  expect(w.varve('blame', 'pic', 'bin/tool').stdout).toMatch(/^tool:do_install /);
  w.write(
    'recipes/pic.bb',
    `${w.read('../layer/recipes/pic.bb')}greet:append() {\n\techo more >> \${IMAGE_ROOTFS}/data\n}\n`,
  );
  expect(w.varve('build', '-q', 'pic').status).toBe(0);
  expect(w.varve('blame', 'pic', 'data').stdout.replaceAll(/ +/g, ' ')).toBe(
    'data:do_install build 1 1) data\ndo_install build 2 2) more\n',
  );
});

test('who needs in vain to run is named with what to write where the target has it anyway', () => {
  const w = makeWorkspace({
    files: {
      'recipes/pic.bb': 'LICENSE = "MIT"\ninherit image\nIMAGE_INSTALL = "tool"\n',
      'recipes/tool.bb': plainRecipe({ do_install: install('/tool', 'tool') }, 'RDEPENDS:${PN} = "bash"'),
    },
  });
  const warned = w.varve('build', 'pic');
  expect(warned.status).toBe(0);
  expect(warned.stderr).toContain('tool needs "bash" to run, which no recipe provides');
  expect(warned.stderr).toContain('in conf/local.conf: ASSUME_PROVIDED += "bash"');
  w.write('../build/conf/local.conf', 'ASSUME_PROVIDED += "bash"\n');
  expect(installed(w, 'pic')).toEqual(['tool']);
  w.write('recipes/pic.bb', 'LICENSE = "MIT"\ninherit image\nIMAGE_INSTALL = ""\n');
  expect(w.varve('why', 'pic').stdout).toMatch(
    /^variable IMAGE_INSTALL: "tool" → "" \(.*recipes\/pic\.bb:3\) in pic:do_install\ndependency tool: no longer needed/,
  );
});

test('tests of a recipe come along where DISTRO_FEATURES has ptest, and only there', () => {
  const recipe = `SRC_URI = "file://run-ptest file://Makefile"
LICENSE = "MIT"
S = "\${UNPACKDIR}"
inherit ptest
do_compile_ptest() {
	echo checked > check
}
do_install_ptest() {
	install -m 0644 check \${D}\${PTEST_PATH}/check
}
`;
  const w = makeWorkspace({
    files: {
      'recipes/app.bb': recipe,
      'recipes/files/run-ptest': '#!/bin/sh\n./check\n',
      'recipes/files/Makefile': 'all:\ninstall-ptest:\n\techo $(CURDIR)/src > $(DESTDIR)/Makefile\n',
    },
  });
  expect(installed(w, 'app')).toEqual([]);
  w.write('../build/conf/local.conf', 'DISTRO_FEATURES = "ptest"\n');
  const tests = ['Makefile', 'check', 'run-ptest'].map((name) => `usr/lib/app/ptest/${name}`);
  expect(installed(w, 'app')).toEqual(tests);
  expect(w.varve('cat', 'app', 'usr/lib/app/ptest/Makefile').stdout).toBe('sources/src\n');
});

test('what comes built is installed as it is', () => {
  const w = makeWorkspace({
    files: {
      'recipes/blob.bb': `LICENSE = "CLOSED"
SRC_URI = "file://etc/blob.conf;subdir=\${BP} file://lib/blob;subdir=\${BP}"
inherit bin_package allarch
`,
      'recipes/files/etc/blob.conf': 'conf\n',
      'recipes/files/lib/blob': 'blob\n',
    },
  });
  expect(installed(w, 'blob')).toEqual(['etc/blob.conf', 'lib/blob']);
});

test('a program that pkg-config makes needless says so to whoever calls it', () => {
  const further = 'inherit binconfig-disabled\nBINCONFIG = "${bindir}/z-config"';
  const w = makeWorkspace({
    files: { 'recipes/z.bb': plainRecipe({ do_install: install('${bindir}/z-config', '-lz') }, further) },
  });
  expect(installed(w, 'z')).toEqual(['usr/bin/z-config']);
  expect(w.varve('cat', 'z', 'usr/bin/z-config').stdout).toContain('ask pkg-config');
});

test('what a board is started from is an artifact of do_deploy', () => {
  const deploy = { do_install: ':', do_deploy: 'echo board > ${DEPLOYDIR}/boot.img' };
  const further = 'inherit deploy\naddtask deploy after do_compile before do_build';
  const w = makeWorkspace({ files: { 'recipes/boot.bb': plainRecipe(deploy, further) } });
  expect(w.varve('build', 'boot').said).toContain(' ok: ');
  expect(w.varve('artifact', 'export', 'boot:deploy', w.path('boot.tar.gz')).status).toBe(0);
  expect(w.varve('cat', 'boot:deploy', 'deploy-boot/boot.img').stdout).toBe('board\n');
});

test('manuals are empty without api-documentation, also where the machine has no makeinfo', () => {
  const compile =
    'makeinfo -I . -o one.info one.texi\nmakeinfo --no-split two.texi\nmakeinfo --version > version';
  const keep = 'install -d ${D}${infodir}\ncp one.info two.info ${D}${infodir}\ngrep -q texinfo version';
  const further = 'inherit texinfo\nB = "${WORKDIR}/build"';
  const w = makeWorkspace({
    files: { 'recipes/man.bb': plainRecipe({ do_compile: compile, do_install: keep }, further) },
    local: 'HOSTTOOLS:remove = "makeinfo"\n',
  });
  expect(installed(w, 'man')).toEqual(['usr/share/info/one.info', 'usr/share/info/two.info']);
  expect(w.varve('cat', 'man', 'usr/share/info/two.info').stdout).toBe('');
});
