import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { makeWorkspace, plainRecipe, type Ran, type Workspace } from '../support/workspace.ts';

/** Two recipes, the second against the first; built. */
function built(): Workspace {
  const w = makeWorkspace({
    files: {
      'recipes/lib_1.0.bb': plainRecipe({
        do_install: 'install -d ${D}/usr/include\necho 1 > ${D}/usr/include/lib.h',
      }),
      'recipes/app_1.0.bb': plainRecipe(
        {
          do_compile: 'cat ${RECIPE_SYSROOT}/usr/include/lib.h > out',
          do_install: 'install -D out ${D}/usr/share/app',
        },
        'DEPENDS = "lib"\nB = "${WORKDIR}/build"\n',
      ),
    },
  });
  expect(w.varve('build', 'app').status).toBe(0);
  return w;
}

test('clean removes the WORKDIR, says what it kept, and the next build takes its result from there', () => {
  const w = built();
  const ran = w.varve('clean', 'app');
  expect(ran.stdout).toMatch(
    /^app: removed tmp\/work\/\S+\/app\n {2}kept its history in \S+\n {2}kept 1 artifact in artifacts\n.*varve build -f -c TASK app\n$/,
  );
  expect(ran.status).toBe(0);
  expect(w.counts('app')['run']).toBe(0);
});

test('who stands in a WORKDIR that was removed is told so', () => {
  const w = makeWorkspace({ files: { 'recipes/lib_1.bb': plainRecipe({ do_compile: ':' }) } });
  expect(w.varve('build', 'lib').status).toBe(0);
  const varve = `'${process.execPath}' '${resolve('dist/bin/varve.js')}'`;
  const script = `cd tmp/work/x86_64/lib && ${varve} clean lib > ../said && ${varve} builds`;
  const { status, stdout, stderr } = spawnSync('sh', ['-c', script], { cwd: w.buildDir, encoding: 'utf8' });
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(/^error: the current directory is gone: .*\nhint: cd "\$PWD" {3}.*\n$/);
});

test('clean --artifacts --history leaves nothing: the recipe is built anew', () => {
  const w = built();
  expect(w.varve('clean', 'app', '--artifacts', '--history').status).toBe(0);
  const { status, stderr } = w.varve('log', 'app');
  expect(status).toBe(2);
  expect(stderr).toContain('what the tasks of app did in build 1 is no longer in its history');
  expect(stderr).toContain('varve build -f -c install app ');
  expect(w.counts('-f', '-c', 'install', 'app')['run']).toBeGreaterThan(0);
  expect(w.varve('log', 'app').stdout).toContain('do_install');
});

test('clean keeps edits in the history, and does not remove a history that has edits to lose', () => {
  const w = built();
  writeFileSync(join(w.varve('shell', 'app', '--', 'pwd').stdout.trim(), 'mine'), 'precious\n');
  const refused = w.varve('clean', 'app', '--history');
  expect([refused.status, refused.stderr]).toEqual([
    2,
    expect.stringContaining('app has edits in its WORKDIR, which would be lost with its history'),
  ]);
  expect(w.varve('clean', 'app').stdout).toContain('varve restore app:edited@1 DIR');
  expect(w.varve('cat', 'app:edited', 'build/mine').stdout).toBe('precious\n');
});

test('shell puts the WORKDIR where a task ended, with its environment and the sysroot of that build', () => {
  const w = built();
  w.write(
    'recipes/lib_1.0.bb',
    plainRecipe({ do_install: 'install -d ${D}/usr/include\necho 2 > ${D}/usr/include/lib.h' }),
  );
  expect(w.varve('build', 'app').status).toBe(0);
  const shown = (rev: string): string =>
    w.varve('shell', rev, '--', 'sh', '-c', 'cat out ../recipe-sysroot/usr/include/lib.h; echo $bindir')
      .stdout;
  expect(shown('app@1:compile')).toBe('1\n1\n/usr/bin\n');
  expect(shown('app@2:compile')).toBe('2\n2\n/usr/bin\n');
  expect(w.varve('shell', 'app:compile', '--', 'sh', '-c', 'exit 7').status).toBe(7);
  expect(w.varve('shell', 'app:compile', '--', 'sh', '-c', 'kill -TERM $$').status).toBe(143);
});

test('a shell that reads its commands from a pipe ends with its exit code', () => {
  const w = built();
  const piped = (input: string): number | null =>
    spawnSync(process.execPath, [resolve('dist/bin/varve.js'), 'shell', 'app:compile'], {
      cwd: w.buildDir,
      input,
    }).status;
  expect(['exit 3\n', 'false\n', 'true\n'].map(piped)).toEqual([3, 1, 0]);
});

test('shell keeps edits that it finds, and says so of those that it leaves', () => {
  const w = built();
  const left = w.varve('shell', 'app:compile', '--', 'sh', '-c', 'seq 100 > new; echo mine > out').stderr;
  expect(left).toContain('the WORKDIR has edits now\n build/new | 100 ++');
  expect(left).toContain('\n+24\n … and 82 more lines\nhint: varve diff app:edited   shows them\n');
  expect(w.varve('shell', 'app:configure', '--', 'ls').said).toContain(
    'varve shell app:edited@1 brings them back',
  );
  expect(w.varve('cat', 'app:edited', 'build/out').stdout).toBe('mine\n');
});

test('an open shell keeps its WORKDIR: what would take it away is refused, and a build of its edits goes on', () => {
  const w = built();
  const varve = `PATH='${process.env['PATH']}' '${process.execPath}' '${resolve('dist/bin/varve.js')}'`;
  const beside = (typed: string): string[] => [
    'sh',
    '-c',
    `echo mine > out; ${typed}; echo "=> $?"; cat out`,
  ];
  const inShell = (typed: string): Ran =>
    w.varve('shell', 'app:compile', '--', ...beside(`(cd ${w.buildDir} && ${typed}) 2>&1`));
  const second = inShell(`${varve} shell app:configure -- ls`);
  expect(second.stdout).toMatch(
    /^error: the WORKDIR of app is in use by process \d+ on \S+ \("varve shell app:compile [^]*\nhint: varve restore app@1:do_configure DIR [^]*=> 2\nmine\n$/,
  );
  for (const typed of ['edit drop app', "edit finish app --message 'say more'", 'clean app --history'])
    expect(inShell(`${varve} ${typed}`).stdout).toMatch(
      new RegExp(
        `^error: the WORKDIR of app is in use by [^]*\nhint: When that has ended: varve ${typed}\n=> 2\nmine\n$`,
      ),
    );
  const forced = inShell(`${varve} build -f -c compile app`);
  expect(forced.stdout).toContain('app:do_compile  ran');
  expect(forced.stdout).toMatch(/=> 0\n1\n$/);
  expect(w.varve('edit', 'drop', 'app').status).toBe(0);
  w.write(
    'recipes/app_1.0.bb',
    plainRecipe({ do_configure: 'echo anew > configured', do_compile: 'echo 2 > out' }),
  );
  const changed = inShell(`${varve} build --no-wait app`);
  expect(changed.stdout).toMatch(
    /\napp:do_\w+ +failed [^]*the WORKDIR of app is in use by process \d+ [^]*hint: When that has ended: varve build --no-wait app\n[^]*=> 1\nmine\n$/,
  );
});

test('the sysroot of a shell has of an artifact only what its recipe gives to sysroots', () => {
  const w = built();
  w.write(
    'recipes/lib_1.0.bb',
    plainRecipe(
      {
        do_install:
          'install -d ${D}/usr/include ${D}/etc\necho 3 | tee ${D}/usr/include/lib.h > ${D}/etc/lib',
      },
      'SYSROOT_DIRS = "/usr/include"\n',
    ),
  );
  expect(w.varve('build', 'app').status).toBe(0);
  const shell = w.varve('shell', 'app:compile', '--', 'find', '../recipe-sysroot', '-type', 'f');
  expect(shell.stdout).toBe('../recipe-sysroot/usr/include/lib.h\n');
});

test('a shell after a task that has not run so far names the one line that makes its commit, and opens it', () => {
  const w = makeWorkspace({
    files: { 'recipes/app_1.0.bb': plainRecipe({ do_compile: 'echo made > out' }) },
  });
  const line = 'varve build -c compile app && varve shell app:compile';
  const refused = (rev: string): string => w.varve('shell', rev, '--', 'pwd').stderr;
  const unmade = `error: app:do_compile has no commit yet: it has not come to its end here\nhint: ${line}\n`;
  expect(refused('app')).toBe(`error: app has no WORKDIR now\nhint: ${line}\n`);
  expect(refused('app:compile')).toBe(unmade);
  expect(w.varve('build', '-c', 'fetch', 'app').status).toBe(0);
  expect(refused('app:compile')).toBe(unmade);
  expect(w.varve('build', '-c', 'compile', 'app').status).toBe(0);
  expect(w.varve('shell', 'app:compile', '--', 'cat', 'out').stdout).toBe('made\n');
});

test('a shell after a task that was covered, or that failed, names the line that opens one', () => {
  const w = built();
  for (const path of ['tmp', 'history']) rmSync(w.path(path), { recursive: true });
  expect(w.counts('app')['run']).toBe(0);
  expect(w.varve('shell', 'app:compile', '--', 'pwd').stderr).toContain(
    'hint: varve build -c compile app && varve shell app:compile\n',
  );
  const forced = 'varve build -f -c install app && varve shell app:install';
  expect(w.varve('shell', 'app:install', '--', 'pwd').stderr).toContain(`hint: ${forced}\n`);
  expect(w.varve('build', '-f', '-c', 'install', 'app').status).toBe(0);
  expect(w.varve('shell', 'app:install', '--', 'true').status).toBe(0);
  w.write('recipes/bad_1.0.bb', plainRecipe({ do_compile: 'false' }));
  expect(w.varve('build', 'bad').status).toBe(1);
  expect(w.varve('shell', 'bad:compile', '--', 'pwd').stderr).toContain(
    'hint: varve shell bad:do_compile@failed   is where it failed\n',
  );
});
