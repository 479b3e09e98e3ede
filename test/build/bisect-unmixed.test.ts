/** `bisect --over inputs` where not all that differs can be mixed. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { testWith } from '../support/needs.ts';
import { makeWorkspace, plainRecipe } from '../support/workspace.ts';

const minutes = { timeout: 600_000 };
const test = testWith({ programs: ['gcc'] });
const imageTest = testWith({ programs: ['fakeroot'] });

const ends = (from: number, to: number): readonly string[] => {
  return ['--over', 'inputs', '--good', `@${from}`, '--bad', `@${to}`];
};

test('a tool of the host cannot be mixed, and is told of as it is now, with a way on', minutes, () => {
  const w = makeWorkspace({ files: {} });
  const gccIs = (n: number): void =>
    writeFileSync(w.path('conf/local.conf'), `HOSTTOOLS_ID[gcc] = "gcc-${n}"\n`);
  const check = `test ! -e ${w.path('broken')}`;
  for (const level of [1, 2]) {
    gccIs(level);
    w.write(
      'recipes/app_1.bb',
      plainRecipe(
        { do_install: `${check}; install -d \${D}/usr; echo \${LEVEL} > \${D}/usr/level; : \${MARK}` },
        `LEVEL = "${level}"\nMARK = "${level}"\n`,
      ),
    );
    expect(w.varve('build', '-q', 'app')).toMatchObject({ status: 0 });
  }
  const { stdout } = w.varve('bisect', 'app', ...ends(1, 2), '--json', '--', 'grep', '-q', '1', 'usr/level');
  expect(JSON.parse(stdout)).toMatchObject({
    inputs: [{ kind: 'variable', name: 'LEVEL' }],
    unmixed: [{ kind: 'hosttool', name: 'gcc' }],
  });
  gccIs(3);
  expect(w.varve('build', '-q', 'app')).toMatchObject({ status: 0 });
  gccIs(4);
  writeFileSync(w.path('broken'), '');
  const said = (from: number, to: number): string =>
    w.varve('bisect', 'app', ...ends(from, to), '--', 'sh', '-c', `test $VARVE_BUILD = ${from}`).stderr;
  expect(said(2, 3)).toContain(
    `error: nothing that differs between build 2 and build 3 can be mixed: as it is now is hosttool gcc
hint: varve show @3   has the conf/ of that build: with it, and the layers as they were, all can be as it was there`,
  );
  const unmade = said(1, 2);
  expect(unmade).toMatch(
    /^mixture 1: 2 of 2 inputs from @2: skipped \(app:do_install failed: .*log\.do_install/m,
  );
  expect(unmade).toContain(
    `error: with all that can be mixed as in build 2 it cannot be judged, since app:do_install failed: as it is now is hosttool gcc
hint: varve show @2   `,
  );
});

test('what names a recipe that is gone is left as it is now, and the rest is mixed', minutes, () => {
  const w = makeWorkspace({ files: {} });
  const recipe = (needs: string, level: number): string =>
    plainRecipe(
      { do_install: 'install -d ${D}/usr; echo ${LEVEL} > ${D}/usr/level; : ${NEEDS}' },
      `NEEDS = "${needs}"\nDEPENDS = "\${NEEDS}"\nLEVEL = "${level}"\n`,
    );
  for (const [level, needs] of [
    [1, 'old'],
    [2, 'new'],
  ] as const) {
    for (const name of ['old', 'new']) rmSync(join(w.layer, `recipes/${name}_1.bb`), { force: true });
    w.write(`recipes/${needs}_1.bb`, plainRecipe({ do_install: 'install -d ${D}/usr; : > ${D}/usr/it' }));
    w.write('recipes/app_1.bb', recipe(needs, level));
    expect(w.varve('build', '-q', 'app')).toMatchObject({ status: 0 });
  }
  const { stdout, said } = w.varve(
    'bisect',
    'app',
    ...ends(1, 2),
    '--json',
    '--',
    'grep',
    '-q',
    '1',
    'usr/level',
  );
  expect(said).toContain('in every mixture as it is now: ');
  expect(JSON.parse(stdout)).toMatchObject({ inputs: [{ kind: 'variable', name: 'LEVEL' }] });
});

imageTest('what an image has since its packages need it is mixed too', minutes, () => {
  const conf = (text: string): string =>
    plainRecipe({ do_compile: ':', do_install: `install -d \${D}/etc\necho ${text} > \${D}/etc/\${PN}` });
  const w = makeWorkspace({
    files: {
      'recipes/far_1.bb': conf('one'),
      'recipes/near_1.bb': `${conf('one')}RDEPENDS:\${PN} = "far"\n`,
      'recipes/pic.bb': 'LICENSE = "MIT"\ninherit image\nIMAGE_INSTALL = "near"\n',
    },
    local: 'PACKAGE_CLASSES = "package_deb"\n',
  });
  expect(w.varve('build', '-q', 'pic').status).toBe(0);
  w.write('recipes/far_1.bb', conf('two'));
  w.write('recipes/near_1.bb', `${conf('two')}RDEPENDS:\${PN} = "far"\n`);
  expect(w.varve('build', '-q', 'pic').status).toBe(0);
  const search = ['bisect', 'pic', ...ends(1, 2), '--json', '--', 'grep', '-q', 'one', 'etc/far'];
  const found = w.varve(...search);
  expect(JSON.parse(found.stdout)).toMatchObject({
    changed: 2,
    inputs: [{ kind: 'dependency', name: 'far:do_package_write_deb' }],
    unmixed: [],
  });
});
