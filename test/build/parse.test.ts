import { expect, test } from 'vitest';
import { makeWorkspace, plainRecipe } from '../support/workspace.ts';

test('parse --bare reads a recipe with its append and its class by the rules of the language alone', () => {
  const w = makeWorkspace({
    files: {
      'bare/conf/bitbake.conf': 'OVERRIDES = "mine"\n',
      'bare/recipes/demo_1.2.bb':
        'inherit greet\nA = "base"\nA:mine = "${TOPDIR}"\ndo_say() {\n\techo ${A}\n}\naddtask say\n',
      'bare/more/demo_%.bbappend': 'A:append = " appended"\n',
      'bare/classes/greet.bbclass': 'python () {\n    d.setVar("GREETING", "hello " + d.getVar("A"))\n}\n',
    },
  });
  const top = `${w.layer}/bare`;
  const words = ['parse', `${top}/recipes/demo_1.2.bb`, '--bare', '--top', top];
  const further = ['--append', `${top}/more/demo_%.bbappend`, '--want', 'B,A:mine', '--raw', 'A'];
  const ran = w.varve(...words, ...further, '--sig', '--sig-values', 'A', '--json');
  expect(ran.stderr).toBe('');
  expect(JSON.parse(ran.stdout)).toEqual({
    variants: [''],
    inherited: ['@TOP@/classes/greet.bbclass'],
    vars: {
      A: '@TOP@ appended',
      'A:mine': '@TOP@',
      B: null,
      GREETING: 'hello @TOP@ appended',
      OVERRIDES: 'mine',
    },
    funcs: { do_say: { body: '\techo @TOP@ appended\n' } },
    raw: { A: '${TOPDIR} appended' },
    tasks: { do_say: { deps: [] } },
    taskOrder: ['do_say'],
    sig: { do_say: { direct: ['A'], all: ['A', 'TOPDIR'] } },
    sigValues: { A: '${TOPDIR} appended' },
  });
});

test('parse --bare tells an error with its phase, and its file from the top', () => {
  const w = makeWorkspace({ files: { 'bare/conf/bitbake.conf': 'A = "1"\nB = \n' } });
  const recipe = 'bare/recipes/demo.bb';
  w.write(recipe, 'A = "1"\n');
  const ran = w.varve('parse', `${w.layer}/${recipe}`, '--bare', '--top', `${w.layer}/bare`, '--json');
  expect(ran.status).toBe(2);
  expect(JSON.parse(ran.stdout)).toMatchObject({
    error: { phase: 'config', file: 'conf/bitbake.conf', line: 2 },
  });
});

test('parse reads a recipe within the build directory, with the appends of the layers', () => {
  const w = makeWorkspace({
    files: {
      'recipes/lib_1.0.bb': plainRecipe({ do_install: ':' }),
      'recipes/lib_%.bbappend': 'SUMMARY:append = ", appended"\n',
    },
  });
  const ran = w.varve('parse', `${w.layer}/recipes/lib_1.0.bb`);
  expect(ran.stdout).toContain('PN = "lib"\n');
  expect(ran.stdout).toContain('SUMMARY = "test, appended"\n');
  expect(ran.stdout).toMatch(/^do_install +after do_compile$/m);
});

test('parse tells of a slip in the recipe, as every command that reads it does', () => {
  const w = makeWorkspace({ files: { 'recipes/hello_1.0.bb': 'do_instal:append() {\n\t:\n}\n' } });
  const file = `${w.layer}/recipes/hello_1.0.bb`;
  const told = `warning: ${file}:1: do_instal:append counts for nothing, there is no task do_instal: did you mean do_install?\n`;
  const ran = w.varve('parse', file, '--json');
  expect(ran.stderr).toBe(told);
  expect(JSON.parse(ran.stdout)).toMatchObject({ warnings: 1 });
  expect(w.varve('env', 'hello', 'PV').stderr).toBe(told);
  expect(w.varve('recipes').stderr).toBe(told);
});

test('parse reads a configuration file on top of the configuration', () => {
  const w = makeWorkspace({ files: { 'conf/more.conf': 'A = "${MACHINE} and more"\n' } });
  const ran = w.varve('parse', `${w.layer}/conf/more.conf`, '--json');
  expect(JSON.parse(ran.stdout)).toMatchObject({ schema: 1, vars: { A: 'host and more' } });
});

test('parse says why a value cannot be expanded, and what a layer adds to oe is there', () => {
  const w = makeWorkspace({
    files: {
      'bare/conf/bitbake.conf': 'addpylib ${TOPDIR}/lib oe\n',
      'bare/lib/oe/mine.py': 'def twice(text):\n    return text * 2\n',
      'bare/demo.bb': 'A = "${@oe.mine.twice(\'ab\')}"\nB = "${@oe.theirs.twice(\'ab\')}"\n',
    },
  });
  const ran = w.varve('parse', `${w.layer}/bare/demo.bb`, '--bare', '--top', `${w.layer}/bare`);
  expect(ran.stdout).toContain('A = "abab"\nB cannot be expanded: ExpansionError\n');
  expect(ran.stderr).toContain(
    "demo.bb:2: ${@oe.theirs.twice('ab')} in B fails with AttributeError: oe has no module theirs",
  );
});
