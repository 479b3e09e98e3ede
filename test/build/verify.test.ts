import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeWorkspace, plainRecipe, type Workspace } from '../support/workspace.ts';

function workspace(tasks: Readonly<Record<string, string>>, more = ''): Workspace {
  return makeWorkspace({ files: { 'recipes/app_1.bb': plainRecipe(tasks, more) } });
}

/** All files of the WORKDIR, T included, with what is in them, when they were written, and their modes. */
function everything(w: Workspace): readonly string[] {
  const [arch = ''] = readdirSync(w.path('tmp/work'));
  const dir = w.path('tmp/work', arch, 'app');
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((path) => path !== '.git')
    .map((path) => {
      const { mode, mtimeMs } = statSync(join(dir, path));
      const isDir = statSync(join(dir, path)).isDirectory();
      return `${path} ${mode} ${mtimeMs} ${isDir ? '' : readFileSync(join(dir, path), 'utf8')}`;
    })
    .toSorted();
}

test('a task that makes something else is named with the file, and what came before it is not blamed', () => {
  const w = workspace({
    do_configure: 'echo configured > a',
    do_compile: 'date +%s%N > when; echo same > b',
    do_install: 'cp when b ${D}/',
  });
  w.varve('build', '-q', 'app');
  const before = everything(w);
  const ran = w.varve('verify', 'app', '--json');
  expect(ran.status).toBe(1);
  const { ok, tasks } = JSON.parse(ran.stdout) as {
    ok: boolean;
    tasks: { task: string; kind: string; files?: { path: string; status: string }[] }[];
  };
  expect(ok).toBe(false);
  expect(tasks.map(({ task, kind }) => `${task} ${kind}`).slice(-2)).toEqual([
    'app:do_configure same',
    'app:do_compile other',
  ]);
  expect(tasks.at(-1)?.files?.map(({ status, path }) => `${status} ${path}`)).toEqual(['M sources/when']);
  expect(everything(w)).toEqual(before);
  expect(w.varve('verify', 'app:install').said).toContain('app: 1 task made the same again');
  expect(w.counts('app')).toMatchObject({ run: 0 });
  expect(w.varve('artifact', 'verify').status).toBe(0);
});

test('what a person typed in the WORKDIR is neither used nor lost', () => {
  const w = workspace({ do_configure: 'echo configured > a', do_compile: 'cp a b' });
  w.varve('build', '-q', '-c', 'compile', 'app');
  const [arch = ''] = readdirSync(w.path('tmp/work'));
  w.varve('shell', 'app', '--', 'sh', '-c', 'echo typed > a');
  const before = everything(w);
  expect(w.varve('verify', 'app:compile').status).toBe(0);
  expect(everything(w)).toEqual(before);
  expect(w.read('tmp/work', arch, 'app/sources/a')).toBe('typed\n');
});

test('a task that fails the second time, or is another one by now, is told as such', () => {
  const w = workspace({ do_compile: 'test ! -e once; exit $(cat ${TOPDIR}/code)' });
  w.write('../build/code', '0');
  w.varve('build', '-q', '-c', 'compile', 'app');
  w.write('../build/code', '3');
  const ran = w.varve('verify', 'app:compile');
  expect([ran.status, ran.stdout]).toEqual([
    1,
    expect.stringContaining('app:do_compile failed when it was run again: do_compile ended with exit code 3'),
  ]);
  w.write('recipes/app_1.bb', plainRecipe({ do_compile: 'true' }));
  expect(w.varve('verify', 'app:compile')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining(
      'app:do_compile is not recorded with the inputs that it has now',
    ) as string,
  });
});

test('it works where the WORKDIR is gone, and leaves none', () => {
  const w = workspace({ do_compile: 'echo x > x', do_install: 'cp x ${D}/' });
  w.varve('build', '-q', 'app');
  const removed = w.varve('clean', 'app');
  expect(removed.status).toBe(0);
  expect(w.varve('verify', 'app').said).toMatch(/app: \d tasks made the same again/);
  const [arch = ''] = readdirSync(w.path('tmp/work'));
  expect(w.exists('tmp/work', arch, 'app')).toBe(false);
});

test('of a result that is made on a revoked one the hint makes both', () => {
  const w = workspace({ do_compile: 'echo x > x', do_install: 'cp x ${D}/' });
  w.varve('build', '-q', '-c', 'compile', 'app');
  const between = new Date().toISOString();
  w.varve('build', '-q', 'app');
  w.varve('artifact', 'revoke', '--recipe', 'app', '--until', between, '--yes');
  const { stderr } = w.varve('verify', 'app:install');
  expect(stderr).toMatch(
    /^error: app:do_install cannot be run again, since do_compile cannot: its result is revoked by /m,
  );
  expect(stderr).toContain('hint: varve build -f -c install app   ');
  expect(w.counts('-f', '-c', 'install', 'app')).toMatchObject({ failed: 0 });
  expect(w.varve('verify', 'app:install')).toMatchObject({ status: 0 });
});

test('verify that is killed leaves a WORKDIR with which the next build goes on', async () => {
  const w = workspace({
    do_configure: 'echo a > a',
    do_compile: 'test -e ${TOPDIR}/wait && exec sleep 60; echo b > b',
  });
  w.varve('build', '-q', '-c', 'compile', 'app');
  w.write('../build/wait', '');
  const child = w.start('verify', 'app:compile');
  const [arch = ''] = readdirSync(w.path('tmp/work'));
  const aside = (): boolean => readdirSync(w.path('tmp/work', arch)).some((name) => name.endsWith('.chain'));
  while (!aside()) await new Promise((resolve) => setImmediate(resolve));
  child.kill('SIGKILL');
  await new Promise((resolve) => child.on('exit', resolve));
  expect(w.counts('-c', 'compile', 'app')).toMatchObject({ run: 0, failed: 0 });
  expect(w.read('tmp/work', arch, 'app/sources/b')).toBe('b\n');
  expect(w.varve('fsck').status).toBe(0);
});

test('of a recipe that came from the artifact store, and of one that was changed, the hint makes what can be verified', () => {
  const tasks = { do_configure: 'echo a > a', do_compile: 'cp a x', do_install: 'cp x ${D}/' };
  const w = workspace(tasks);
  w.varve('build', '-q', 'app');
  for (const path of ['tmp', 'history']) rmSync(w.path(path), { recursive: true });
  w.varve('build', '-q', '-c', 'install', 'app');
  const hintOf = (...args: string[]): string =>
    /^hint: varve (.*?) {3}/m.exec(w.varve(...args).stderr)?.[1] ?? '';
  const restored = w.varve('verify', 'app:install');
  expect(restored.status).toBe(2);
  expect(restored.stderr).toContain(
    'app:do_install did not run here with the inputs that it has now: an artifact stands for it',
  );
  const hint = 'build -f -c install app';
  expect([hintOf('verify', 'app'), hintOf('verify', 'app:install'), hintOf('blame', 'app', 'x')]).toEqual([
    hint,
    hint,
    hint,
  ]);
  expect(hintOf('bisect', 'app', '--over', 'tasks', '--', 'true')).toBe(hint);
  expect(w.varve(...hint.split(' ')).status).toBe(0);
  expect(w.varve('bisect', 'app', '--over', 'tasks', '--good', '@1', '--', 'true').stderr).toBe(
    'error: "@1" is a build, and over tasks a bisection goes from task to task\n' +
      'hint: varve log app   lists the tasks\n' +
      'hint: without --over tasks it goes from build to build\n',
  );
  expect(w.varve('verify', 'app').said).toMatch(/^app: \d+ tasks made the same again$/m);
  expect(w.varve('blame', 'app', 'x').said).not.toContain('not recorded');
  w.write('recipes/app_1.bb', plainRecipe({ ...tasks, do_install: 'cp x ${D}/y' }));
  expect(hintOf('verify', 'app')).toBe('build -c install app');
  expect(w.varve('build', '-c', 'install', 'app').status).toBe(0);
  expect(w.varve('verify', 'app').status).toBe(0);
  const nothing = w.varve('artifact', 'revoke', '--recipe', 'app', '--since', '2030-01-01', '--yes');
  expect(nothing).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('nothing was made after 2030'),
  });
  expect(w.varve('artifact', 'revoke', '--recipe', 'app', '--yes').status).toBe(0);
  expect(w.varve('verify', 'app').stderr).toMatch(
    /^error: app:do_unpack cannot be run again, since its result is revoked by .* \(--recipe app\)$/m,
  );
});

test('blame of an artifact names the build whose result stands, not the one that came out otherwise later', () => {
  const w = workspace({ do_configure: ':', do_compile: ':', do_install: 'date +%N > ${D}/stamp' });
  for (const more of [[], ['--no-cache']]) w.varve('build', '-q', ...more, 'app');
  const stamp = w.varve('cat', 'app', 'stamp').stdout;
  expect(w.varve('cat', 'app@1:install', 'image/stamp').stdout).toBe(stamp);
  expect(w.varve('blame', 'app', 'stamp').stdout).toMatch(/^do_install +build 1 /);
  expect(w.varve('blame', 'app:install', 'image/stamp').stdout).toMatch(/^do_install +build 2 /);
});
