import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeWorkspace, plainRecipe } from '../support/workspace.ts';

const app = plainRecipe({ do_install: 'mkdir -p ${D}/etc' });

test('files that can be no recipe are each told for what they are, and hide no other', () => {
  const w = makeWorkspace({
    files: {
      'recipes/app_1.bb': app,
      'recipes/bom_1.bb': '\uFEFFSUMMARY = "x"\n',
      'recipes/many_under_scores_1.bb': app,
      'recipes/at@3_1.bb': app,
      'recipes/quote"_1.bb': app,
      'recipes/-lead_1.bb': app,
    },
  });
  mkdirSync(join(w.layer, 'recipes/dir_1.bb'));
  symlinkSync('nowhere', join(w.layer, 'recipes/dangling_1.bb'));
  writeFileSync(
    join(w.layer, 'recipes/latin_1.bb'),
    Buffer.from('SUMMARY = "x"\nAUTHOR = "Ren\xe9"\n', 'latin1'),
  );

  const rows = JSON.parse(w.varve('recipes', '--json').stdout) as {
    name: string;
    error?: { message: string; file: string; line?: number; hints: string[] };
  }[];
  const errors = new Map(rows.map(({ name, error }) => [name, error]));
  expect(errors.get('app')).toBeUndefined();
  expect(errors.get('bom')?.hints[0]).toContain('byte order mark');
  expect(errors.get('many')?.message).toContain('many_under_scores_1.bb');
  expect(errors.get('at@3')?.message).toContain('"at@3" cannot be a recipe\'s name');
  expect(errors.get('quote"')?.message).toContain("cannot be a recipe's name");
  expect(errors.get('-lead')?.message).toContain("cannot be a recipe's name");
  expect(errors.get('dir')?.message).toContain('is a directory, not a file');
  expect(errors.get('dangling')?.message).toContain('there is no file');
  expect(errors.get('latin')).toMatchObject({
    message: 'this is no UTF-8 text',
    file: join(w.layer, 'recipes/latin_1.bb'),
    line: 2,
  });
});

test('an error that comes up in a class says which recipe inherits it', () => {
  const w = makeWorkspace({
    files: {
      'recipes/app_1.bb': `${app}\ninherit ours\n`,
      'classes/ours.bbclass': 'PV = "${@int(d.getVar(\'SUMMARY\'))}"\n',
    },
  });
  const ran = w.varve('build', 'app');
  expect(ran.status).toBe(2);
  expect(ran.stderr).toMatch(/^error: .*classes\/ours\.bbclass:1:7: [^]*recipes\/app_1\.bb/);
});

test('a recipe with CRLF line ends is read as one without', () => {
  const w = makeWorkspace({ files: { 'recipes/app_1.bb': app.replaceAll('\n', '\r\n') } });
  expect(w.varve('build', 'app').status).toBe(0);
});

test.each([
  ['b d', 'a blank in a path breaks recipes', /^hint: varve init .*\/b-d$/m],
  ['q"d', '""" in a path breaks recipes', /^hint: varve init .*\/q-d$/m],
  ['a:b/c', '":" in a path breaks recipes', /^hint: varve init .*\/a-b\/c$/m],
  ['/proc/nowhere', '/proc/nowhere cannot be written', /^hint: varve init ~\/nowhere /m],
])('init refuses "%s", and says what to do', (dir, said, hint) => {
  const w = makeWorkspace();
  const ran = w.varve('init', dir);
  expect(ran.status).toBe(2);
  expect(ran.stderr).toMatch(/^error: /);
  expect(ran.stderr).toContain(said);
  expect(ran.stderr).toMatch(hint);
  expect(existsSync(join(w.buildDir, dir))).toBe(false);
});

test('init refuses a layer below a directory with a blank, and says what to move', () => {
  const w = makeWorkspace();
  w.write('la yer/meta-x/conf/layer.conf', '');
  const ran = w.varve('init', 'new', '--layer', join(w.layer, 'la yer/meta-x'));
  expect(ran.status).toBe(2);
  expect(ran.stderr).toContain(`hint: mv '${w.layer}/la yer' ${w.layer}/la-yer   and name the layer there\n`);
});

test('a build in a directory that was moved where recipes break is refused before anything runs', () => {
  const w = makeWorkspace({ files: { 'recipes/app_1.bb': app }, place: "it's" });
  const ran = w.varve('build', 'app');
  expect(ran.status).toBe(2);
  expect(ran.stderr).toContain(`"'" in a path breaks recipes`);
});
