import { chmodSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeWorkspace, plainRecipe, type Workspace } from '../support/workspace.ts';

const tasks = {
  do_configure: 'echo configured > config',
  do_compile: 'cat config ${UNPACKDIR}/text > out',
  do_install: 'install -D out ${D}/usr/share/app',
};
const recipe = (further = '', own: Record<string, string> = tasks): string =>
  plainRecipe(own, `SRC_URI = "file://text"\nB = "\${WORKDIR}/build"\n${further}`);
const workspace = (text = recipe()): Workspace =>
  makeWorkspace({ files: { 'recipes/app_1.0.bb': text, 'recipes/app/text': 'hello\n' } });
const user = makeWorkspace;

/** The tasks that a build ran, in order. */
function ran(w: Workspace, ...args: string[]): string[] {
  const result = w.varve('build', '--json', ...args);
  if (result.status !== 0) throw new Error(result.said);
  const events = result.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { event: string; task?: string; verdict?: string });
  return events
    .filter((event) => event.event === 'task-finished' && event.verdict === 'run')
    .map((event) => event.task ?? '');
}

test('a build that has nothing to do runs nothing', () => {
  const w = workspace();
  expect(ran(w, 'app')).toContain('app:do_compile');
  expect(ran(w, 'app')).toEqual([]);
});

test('another do_install runs do_install and not do_compile; undoing it runs nothing', () => {
  const w = workspace();
  ran(w, 'app');
  w.write('recipes/app_1.0.bb', recipe('', { ...tasks, do_install: 'install -D out ${D}/usr/share/apq' }));
  expect(ran(w, 'app')).toEqual(['app:do_install']);
  w.write('recipes/app_1.0.bb', recipe());
  expect(ran(w, 'app')).toEqual([]);
});

test('another file:// source runs from do_unpack on; undoing it runs nothing', () => {
  const w = workspace();
  ran(w, 'app');
  w.write('recipes/app/text', 'hello again\n');
  const again = ran(w, 'app');
  expect(again[0]).toBe('app:do_unpack');
  expect(again).toContain('app:do_install');
  expect(again).not.toContain('app:do_fetch');
  w.write('recipes/app/text', 'hello\n');
  expect(ran(w, 'app')).toEqual([]);
});

test('sources in another order, and a patch in another S, are unpacked and applied anew', () => {
  const of = (srcUri: string, s: string): string =>
    plainRecipe(
      {
        do_install: 'install -d ${D}/usr/share\ncd ${UNPACKDIR}/tree\ncat text a/f b/f > ${D}/usr/share/app',
      },
      `SRC_URI = "${srcUri} file://fix.patch"\nS = "\${UNPACKDIR}/tree/${s}"\n`,
    );
  const w = makeWorkspace({
    files: {
      'recipes/app_1.0.bb': of('file://tree file://text;subdir=tree', 'a'),
      'recipes/app/text': 'over it\n',
      'recipes/app/tree/text': 'in it\n',
      'recipes/app/tree/a/f': 'one\n',
      'recipes/app/tree/b/f': 'one\n',
      'recipes/app/fix.patch': '--- a/f\n+++ b/f\n@@ -1 +1 @@\n-one\n+fixed\n',
    },
  });
  const installed = (): string => {
    ran(w, 'app');
    return w.varve('cat', 'app', 'usr/share/app').stdout;
  };
  expect(installed()).toBe('over it\nfixed\none\n');
  w.write('recipes/app_1.0.bb', of('file://text;subdir=tree file://tree', 'a'));
  expect(installed()).toBe('in it\nfixed\none\n');
  w.write('recipes/app_1.0.bb', of('file://text;subdir=tree file://tree', 'b'));
  expect(installed()).toBe('in it\none\nfixed\n');
});

test('with tmp/ and history/ gone everything comes from the artifact', () => {
  const w = workspace();
  ran(w, 'app');
  rmSync(w.path('tmp'), { recursive: true });
  rmSync(w.path('history'), { recursive: true });
  expect(w.counts('app')).toMatchObject({ run: 0, restore: 1 });
});

test('with the artifact there a side task still runs, and another one does not run do_compile', () => {
  const side = (text: string): string =>
    recipe(
      `addtask check after do_patch before do_build\ndo_check() {\n\techo ${text} > \${WORKDIR}/checked\n}\n`,
    );
  const w = workspace();
  ran(w, 'app');
  rmSync(w.path('tmp'), { recursive: true });
  rmSync(w.path('history'), { recursive: true });
  w.write('recipes/app_1.0.bb', side('one'));
  const first = ran(w, 'app');
  expect(first).toContain('app:do_check');
  expect(first).not.toContain('app:do_compile');
  w.write('recipes/app_1.0.bb', side('two'));
  expect(ran(w, 'app')).toEqual(['app:do_check']);
});

test('an edit of a library whose artifact stays the same runs nothing of what uses it', () => {
  const lib = (compile: string): string =>
    plainRecipe(
      { do_compile: compile, do_install: 'install -D out ${D}/usr/share/lib' },
      'B = "${WORKDIR}/build"\n',
    );
  const app = plainRecipe(
    { do_install: 'install -D ${STAGING_DATADIR}/lib ${D}/usr/share/app' },
    'DEPENDS = "lib"\n',
  );
  const w = makeWorkspace({ files: { 'recipes/lib_1.bb': lib('echo same > out'), 'recipes/app_1.bb': app } });
  ran(w, 'app');
  w.write('recipes/lib_1.bb', lib('echo "same" > out'));
  expect(ran(w, 'app')).toEqual(['lib:do_compile']);
  w.write('recipes/lib_1.bb', lib('echo other > out'));
  const again = ran(w, 'app');
  expect(again).toContain('app:do_install');
});

test('another gcc in PATH runs what uses it, and why says from which to which', () => {
  const w = workspace();
  const tools = w.path('tools');
  mkdirSync(tools);
  const gcc = (version: string): void => {
    writeFileSync(join(tools, 'gcc'), `#!/bin/sh\necho "gcc (test) ${version}"\n`);
    chmodSync(join(tools, 'gcc'), 0o755);
  };
  const on = user({
    files: { 'recipes/app_1.0.bb': recipe(), 'recipes/app/text': 'hello\n' },
    env: { PATH: `${tools}:${process.env['PATH']}` },
  });
  gcc('1.0');
  ran(on, 'app');
  gcc('2.0');
  const again = ran(on, 'app');
  expect(again).not.toContain('app:do_unpack');
  expect(again).toContain('app:do_configure');
  expect(on.varve('why', 'app:do_compile').stdout).toMatch(/hosttool gcc: .*1\.0.* → .*2\.0/);
});

test('artifact ids do not hang on the place of the build directory, the user, the umask or -j', () => {
  const files = {
    'recipes/app_1.0.bb': recipe('', {
      ...tasks,
      do_compile:
        "printf '#include <stdio.h>\\nint main(void){puts(__FILE__);return 0;}\\n' > main.c\n${CC} ${CFLAGS} ${LDFLAGS} ${B}/main.c -o out",
    }),
    'recipes/app/text': 'hello\n',
  };
  const id = (w: Workspace): string =>
    (JSON.parse(w.varve('artifact', 'show', 'app', '--json').stdout) as { id: string }).id;
  const here = makeWorkspace({ files });
  ran(here, 'app', '-j', '1');
  const longer = makeWorkspace({ files, place: 'a/much/longer/place/than/the/other' });
  const command = `umask 077; exec "$0" "$@"`;
  const built = spawnSync(
    'sh',
    ['-c', command, process.execPath, 'dist/bin/varve.js', '-B', longer.buildDir, 'build', 'app', '-j', '4'],
    { encoding: 'utf8' },
  );
  expect(built.status).toBe(0);
  expect(id(longer)).toBe(id(here));
  if (process.getuid?.() !== 0) return;
  const other = makeWorkspace({ files, place: 'nobody' });
  spawnSync('chown', ['-R', '65534:65534', join(other.top, '..')]);
  const asNobody = spawnSync(
    'setpriv',
    [
      '--reuid',
      '65534',
      '--regid',
      '65534',
      '--clear-groups',
      process.execPath,
      'dist/bin/varve.js',
      '-B',
      other.buildDir,
      'build',
      'app',
    ],
    { encoding: 'utf8', env: { PATH: process.env['PATH'] } },
  );
  expect(asNobody.stderr + asNobody.stdout).toContain('ok');
  expect(id(other)).toBe(id(here));
});

test('nothing of the caller reaches a task, and what the caller exports changes no signature', () => {
  const w = workspace(recipe('', { ...tasks, do_compile: 'env > out\n! env | grep SECRET' }));
  const secret = { ...process.env, SECRET: 'yes', CFLAGS: '-DHOST', LANG: 'de_DE' };
  const first = spawnSync(process.execPath, ['dist/bin/varve.js', '-B', w.buildDir, 'build', 'app'], {
    encoding: 'utf8',
    env: secret,
  });
  expect(first.status).toBe(0);
  expect(ran(w, 'app')).toEqual([]);
});

test('a question writes nothing: not -n, not why, neither before a build nor after the store was emptied', () => {
  const w = workspace();
  const files = (): readonly string[] =>
    readdirSync(w.top, { recursive: true, encoding: 'utf8' }).filter(
      (path) => !/tmp(\/cache.*)?$/.test(path),
    );
  const untouched = files();
  expect(w.varve('build', '-n', 'app').status).toBe(0);
  expect(files()).toEqual(untouched);
  w.counts('app');
  rmSync(w.path('artifacts'), { recursive: true });
  rmSync(w.path('tmp/hosttools'), { recursive: true });
  const built = files();
  expect(w.varve('build', '-n', 'app').status).toBe(0);
  expect(w.varve('why', 'app').status).toBe(0);
  expect(files()).toEqual(built);
});

test('-n says what would be done, and does nothing', () => {
  const w = workspace();
  const verdicts = (): Record<string, string> => {
    const lines = w
      .varve('build', '-n', '--json', 'app')
      .stdout.trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string; task: string; verdict: string });
    return Object.fromEntries(
      lines.filter((line) => line.event === 'verdict').map((line) => [line.task, line.verdict]),
    );
  };
  expect(verdicts()['app:do_compile']).toBe('run');
  expect(w.exists('tmp/work')).toBe(false);
  ran(w, 'app');
  expect(verdicts()).toMatchObject({ 'app:do_install': 'current', 'app:do_compile': 'covered' });
  w.write('recipes/app_1.0.bb', recipe('', { ...tasks, do_configure: 'echo other > config' }));
  expect(verdicts()).toMatchObject({
    'app:do_configure': 'run',
    'app:do_compile': 'depends',
    'app:do_install': 'depends',
  });
});

test('an upgrade leaves nothing of the old version in the WORKDIR', () => {
  const w = workspace(recipe('', { ...tasks, do_compile: 'touch only-in-1.0\necho 1 > out' }));
  ran(w, 'app');
  rmSync(join(w.layer, 'recipes/app_1.0.bb'));
  w.write('recipes/app_2.0.bb', recipe('', { ...tasks, do_compile: 'ls > out' }));
  ran(w, 'app');
  expect(w.varve('cat', 'app', 'usr/share/app').stdout).not.toContain('only-in-1.0');
});

test('a layer reached through a symbolic link is the same layer', () => {
  const w = workspace();
  ran(w, 'app');
  symlinkSync(w.layer, join(w.top, 'link'));
  writeFileSync(
    w.path('conf/bblayers.conf'),
    `BBPATH = "\${TOPDIR}"\nBBFILES = ""\nBBLAYERS = "${join(w.top, 'link')}"\n`,
  );
  expect(ran(w, 'app')).toEqual([]);
});

test('that a forced task came out otherwise is told, and what has it made of that; the same again is not told', () => {
  const check = 'addtask check after do_compile before do_build\ndo_check() {\n\tcat out\n}\n';
  const w = workspace(recipe(check, { ...tasks, do_compile: 'date +%N > out' }));
  const forced = (task: string): string => w.varve('build', '-f', '-c', task, 'app').said;
  ran(w, 'app');
  const told = forced('compile');
  expect(told).toContain(
    'app:do_compile came out otherwise than before of the same inputs (first difference: build/out)',
  );
  expect(told).toContain('hint: varve build -f -c install app   goes on from this one');
  expect(w.varve('why', 'app:check').stdout).toContain(
    'app:do_check would run: its result was made on another one of do_compile\n',
  );
  const out = (rev: string, path: string): string => w.varve('cat', rev, path).stdout;
  expect(out('app', 'usr/share/app')).not.toBe(out('app:compile', 'build/out'));
  forced('install');
  expect(out('app', 'usr/share/app')).toBe(out('app:compile', 'build/out'));
  expect(forced('configure')).not.toContain('otherwise');
});
