import { expect, test } from 'vitest';
import { makeWorkspace, plainRecipe } from '../support/workspace.ts';

/** Events of a build, one a line. */
const eventsOf = (stdout: string): readonly Record<string, unknown>[] =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
const warningsOf = (stdout: string): readonly unknown[] =>
  eventsOf(stdout).flatMap((event) => (event['level'] === 'warning' ? [event['text']] : []));

const shell = plainRecipe({
  do_compile: 'bbwarn "the table is old"\nbbwarn "the table is old"\necho "WARNING: of a program\'s own"',
  do_install: 'bberror "no manual for %s"\nbbnote "nothing"\ninstall -d ${D}/usr',
});
const python = `${plainRecipe({ do_install: 'install -d ${D}/usr' })}
python do_compile() {
    bb.warn("the ", "täble is old")
    bb.error("two\\nlines")
    bb.note("nothing")
    bb.build.exec_func("say", d)
}
say() {
	bbwarn "of a function"
}
`;

test('what bbwarn and bberror of a task that goes on say is told once per text, and counted in the summary', () => {
  const w = makeWorkspace({ files: { 'recipes/app_1.0.bb': shell } });
  const ran = w.varve('build', 'app');
  expect(ran.status).toBe(0);
  expect(ran.stderr).toBe(
    'warning: app:do_compile: the table is old\nwarning: app:do_install: ERROR: no manual for %s\n',
  );
  expect(ran.stdout).toMatch(/^build 1 ok: .* in .*, 2 warnings$/m);
  expect(w.varve('show', 'app:compile').stdout).toContain("WARNING: of a program's own");
});

test('what bb.warn and bb.error of a Python task say is told too', () => {
  const w = makeWorkspace({ files: { 'recipes/app_1.0.bb': python } });
  const { stdout } = w.varve('build', '--json', 'app');
  expect(warningsOf(stdout)).toEqual([
    'app:do_compile: the täble is old',
    'app:do_compile: ERROR: two\nlines',
    'app:do_compile: of a function',
  ]);
  expect(eventsOf(stdout).at(-1)).toMatchObject({ event: 'build-finished', ok: true, warnings: 3 });
});

test('a task that is current, taken up again or restored does not repeat what it said', () => {
  const w = makeWorkspace({ files: { 'recipes/app_1.0.bb': shell } });
  w.varve('build', '-q', 'app');
  const again = w.varve('build', 'app');
  expect([again.stderr, again.stdout]).toEqual(['', expect.stringMatching(/covered in [^,]*\n$/)]);
  w.varve('clean', 'app', '--history');
  expect(w.varve('build', 'app').stderr).toBe('');
});

test('a task that fails tells what it warned of, and why it failed only once', () => {
  const w = makeWorkspace({
    files: { 'recipes/app_1.0.bb': plainRecipe({ do_compile: 'bbwarn "odd"\nbberror "broken"\nexit 3' }) },
  });
  const ran = w.varve('build', 'app');
  expect(ran.status).toBe(1);
  expect(ran.stderr).toBe('warning: app:do_compile: odd\n');
  expect(ran.stdout.match(/broken/g)).toHaveLength(1);
});

test('a task that leaves a pipe where its warnings are noted does not hold the build up', () => {
  const compile = 'rm -f ${T}/warnings; mkfifo ${T}/warnings';
  const w = makeWorkspace({
    files: { 'recipes/app_1.0.bb': plainRecipe({ do_compile: compile }) },
    local: 'HOSTTOOLS += "mkfifo"\n',
  });
  expect(w.varve('build', 'app').status).toBe(0);
});

test('a do_install that installs nothing is told, with the line for a recipe that means it', () => {
  const nothing = (further: string): string => plainRecipe({ do_install: ':' }, further);
  const files = {
    'recipes/nothing_1.0.bb': nothing(''),
    'recipes/meant_1.0.bb': nothing('ALLOW_EMPTY:${PN} = "1"'),
    'recipes/no-install_1.0.bb': nothing('do_install[noexec] = "1"'),
    'recipes/no-packages_1.0.bb': nothing('inherit nopackages'),
    'recipes/group_1.0.bb': 'inherit packagegroup\n',
    'recipes/empty-image_1.0.bb': 'LICENSE = "MIT"\ninherit image\n',
    'recipes/directory_1.0.bb': plainRecipe({ do_install: 'install -d ${D}/var' }),
  };
  const w = makeWorkspace({ files });
  const names = Object.keys(files).map((path) => path.replace(/.*\/|_.*/g, ''));
  const ran = w.varve('build', ...names);
  expect(ran.status).toBe(0);
  const told = ran.stdout.split('\n').filter((line) => /^(?:note|hint|warning):/.test(line));
  expect(told).toEqual([
    'note: nothing:do_install left ${D} empty: there is nothing of nothing for others to use',
    'hint: ALLOW_EMPTY:${PN} = "1"   in the recipe says that it is meant',
  ]);
  expect(ran.stderr).toBe('');
});
