/** Recipes that say that they work where they must not: varve empties and fills what is theirs. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeWorkspace, plainRecipe, type Workspace } from '../support/workspace.ts';

const app = plainRecipe({ do_compile: 'echo built > out', do_install: 'install -D out ${D}/usr/share/app' });

/** The recipe with a further line, beside a directory that is a person's own. */
function besidePrecious(line: string): Workspace {
  const w = makeWorkspace({ files: { 'recipes/app_1.0.bb': `${app}\n${line}\n` } });
  mkdirSync(join(w.top, 'precious'));
  writeFileSync(join(w.top, 'precious/file'), 'mine');
  return w;
}

const precious = (w: Workspace): readonly string[] => readdirSync(join(w.top, 'precious'));

test.each([
  ['WORKDIR = "/"', 'WORKDIR of app is /, and '],
  ['WORKDIR = "${TMPDIR}"', 'WORKDIR of app is '],
  ['WORKDIR = "${TOPDIR}/../precious"', 'which holds what varve did not put there'],
  ['D = "${TOPDIR}/../precious"', 'D of app is '],
  ['D = "${WORKDIR}"', 'D of app is '],
  ['T = "${TOPDIR}/../precious/temp"', 'T of app is '],
  ['RECIPE_SYSROOT = "${TOPDIR}/../precious"', 'RECIPE_SYSROOT of app is '],
])('a recipe with %s is refused before anything runs, and nothing is touched', (line, said) => {
  const w = besidePrecious(line);
  for (const words of [
    ['build', 'app'],
    ['clean', 'app'],
  ]) {
    const ran = w.varve(...words);
    expect({ words, status: ran.status, stdout: ran.stdout }).toEqual({ words, status: 2, stdout: '' });
    expect(ran.stderr).toContain(said);
  }
  expect(precious(w)).toEqual(['file']);
});

test.each([
  ['do_install[cleandirs] = "${TOPDIR}/../precious"', 'do_install[cleandirs] names '],
  ['do_install[cleandirs] = "${WORKDIR}/../../../../../precious"', 'do_install[cleandirs] names '],
  ['B = "${TOPDIR}/../precious/new"', 'do_configure[dirs] names '],
  ['UNPACKDIR = "${TOPDIR}/../precious"', 'do_unpack[cleandirs] names '],
])('with %s a task fails that would write elsewhere, and nothing is touched', (line, said) => {
  const w = besidePrecious(line);
  const ran = w.varve('build', 'app');
  expect(ran.status).toBe(1);
  expect(ran.stdout).toContain(said);
  expect(precious(w)).toEqual(['file']);
});

test('a WORKDIR elsewhere is taken where it is new or empty, and stays its own', () => {
  const w = besidePrecious('WORKDIR = "${TOPDIR}/../elsewhere"');
  expect(w.varve('build', 'app').status).toBe(0);
  w.write('recipes/app_1.0.bb', `${app}\nWORKDIR = "\${TOPDIR}/../elsewhere"\nCFLAGS = "-O3"\n`);
  expect(w.varve('build', 'app').status).toBe(0);
});

test('two recipes with WORKDIRs in one another are an error that names both', () => {
  const w = makeWorkspace({
    files: {
      'recipes/a_1.bb': `${app}\nDEPENDS = "b"\n`,
      'recipes/b_1.bb': `${app}\nWORKDIR = "\${TMPDIR}/work/\${PACKAGE_ARCH}/a/b"\n`,
    },
  });
  const ran = w.varve('build', 'a');
  expect(ran.status).toBe(2);
  expect(ran.stderr).toContain('a and b have WORKDIRs in one another');
});

test('two recipes with one WORKDIR are an error that names both', () => {
  const w = makeWorkspace({
    files: {
      'recipes/a_1.bb': `${app}\nDEPENDS = "b"\nWORKDIR = "\${TMPDIR}/work/same"\n`,
      'recipes/b_1.bb': `${app}\nWORKDIR = "\${TMPDIR}/work/same"\n`,
    },
  });
  const ran = w.varve('build', 'a');
  expect(ran.status).toBe(2);
  expect(ran.stderr).toMatch(/(a and b|b and a) have one WORKDIR/);
});
