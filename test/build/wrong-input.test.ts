import { spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeWorkspace, plainRecipe, type Workspace } from '../support/workspace.ts';

const app = plainRecipe({ do_compile: 'echo built > out', do_install: 'install -D out ${D}/usr/share/app' });
const appIn = (recipe: string, further: Record<string, string> = {}): Workspace =>
  makeWorkspace({ files: { 'recipes/app_1.0.bb': recipe, ...further } });

test('an unknown recipe is named, with the nearest one', () => {
  const ran = appIn(app).varve('build', 'apq');
  expect(ran.status).toBe(2);
  expect(ran.stderr).toContain('apq');
  expect(ran.stderr).toContain('did you mean "app"?');
});

test('an unknown task is named, with the nearest one', () => {
  const ran = appIn(app).varve('build', '-c', 'compil', 'app');
  expect(ran.status).toBe(2);
  expect(ran.stderr).toContain('app has no task do_compil');
  expect(ran.stderr).toContain('did you mean "compile"?');
});

test('DEPENDS on nothing tells who asked', () => {
  const ran = appIn(`${app}\nDEPENDS = "ghost"\n`).varve('build', 'app');
  expect(ran.status).toBe(2);
  expect(ran.stderr).toMatch(/ghost/);
  expect(ran.stderr).toMatch(/app/);
});

test('a dependency cycle is named as a path', () => {
  const w = makeWorkspace({
    files: { 'recipes/a_1.bb': `${app}\nDEPENDS = "b"\n`, 'recipes/b_1.bb': `${app}\nDEPENDS = "a"\n` },
  });
  const ran = w.varve('build', 'a');
  expect(ran.status).toBe(2);
  expect(ran.stderr).toMatch(/dependency cycle: .*a:do_\w+ needs .*b:do_\w+/);
  expect(ran.stderr).toMatch(/^hint: \S+\/a_1\.bb:\d+: a asks for b$/m);
});

test('a recipe with a syntax error is shown with file, line and the line itself', () => {
  const ran = appIn('SUMMARY = "fine"\nthis is not BitBake\n').varve('build', 'app');
  expect(ran.status).toBe(2);
  expect(ran.stderr).toContain('app_1.0.bb:2');
  expect(ran.stderr).toContain('this is not BitBake');
});

test('a patch that does not apply is named with its reject', () => {
  const patch = '--- a/hello.txt\n+++ b/hello.txt\n@@ -1 +1 @@\n-something else\n+changed\n';
  const w = appIn(`${app}\nSRC_URI = "file://hello.txt file://wrong.patch"\n`, {
    'recipes/app/hello.txt': 'hello\n',
    'recipes/app/wrong.patch': patch,
  });
  const ran = w.varve('build', 'app');
  expect(ran.status).toBe(1);
  expect(ran.said).toContain('wrong.patch');
  expect(ran.said).toContain('-something else');
});

test('a wrong checksum is said once, with the line to write', () => {
  const right = 'b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c';
  const w = appIn(
    `${app}
SRC_URI = "http://nowhere.invalid/hello.txt"
SRC_URI[sha256sum] = "${'0'.repeat(64)}"
PREMIRRORS = "http://.*/.* file://\${THISDIR}/app/"
`,
    { 'recipes/app/hello.txt': 'foo\n' },
  );
  const ran = w.varve('build', 'app');
  expect(ran.status).toBe(1);
  expect(ran.said.match(/has the sha256/g)).toHaveLength(1);
  expect(ran.said).toContain(`hint: SRC_URI[sha256sum] = "${right}"`);
});

test('an S that do_unpack did not make is said after it, and again where a task fails for it', () => {
  const w = appIn(
    plainRecipe({ do_compile: 'cat hello.txt' }, 'SRC_URI = "file://hello.txt"\nS = "${WORKDIR}/hello"'),
    { 'recipes/app/hello.txt': 'hello\n' },
  );
  const ran = w.varve('build', 'app');
  expect(ran.stderr).toMatch(
    /^warning: app: S is .*\/hello, which does not exist; in .* there is hello\.txt$/m,
  );
  expect(ran.stderr).toContain('hint: put into the recipe: S = "${UNPACKDIR}"');
  expect(ran.stdout).toMatch(/^hint: S is .*, which is empty/m);
});

test('S = "${WORKDIR}" is said after do_unpack, and again where a task fails for it', () => {
  const w = appIn(
    plainRecipe({ do_compile: 'gcc -c hello.c' }, 'SRC_URI = "file://hello.c"\nS = "${WORKDIR}"'),
    { 'recipes/app/hello.c': 'int hello;\n' },
  );
  const line = 'hint: put into the recipe: S = "${UNPACKDIR}"\n';
  expect(w.varve('build', 'app').stderr).toContain(line);
  const again = w.varve('build', 'app');
  expect([again.status, again.stderr]).toEqual([1, '']);
  expect(again.stdout).toContain(line);
});

test('a license text that is not what LIC_FILES_CHKSUM says stops the recipe before do_install', () => {
  const wrong = `LIC_FILES_CHKSUM = "file://COPYING;md5=${'0'.repeat(32)}"`;
  const recipe = (line: string): string => `${app}\nSRC_URI = "file://COPYING"\n${line}\n`;
  const w = appIn(recipe(wrong), { 'recipes/app/COPYING': 'foo\n' });
  const ran = w.varve('build', 'app');
  expect(ran.status).toBe(1);
  expect(ran.stdout).toContain('app:do_populate_lic  failed');
  const line = /^hint: (LIC_FILES_CHKSUM = .*)$/m.exec(ran.stdout)?.[1] ?? '';
  w.write('recipes/app_1.0.bb', recipe(line));
  expect(w.varve('build', 'app').status).toBe(0);
});

test('what restores an artifact unpacks nothing to read a license text', () => {
  const md5 = 'd3b07384d113edec49eaa6238ad5ff00';
  const w = appIn(`${app}\nSRC_URI = "file://COPYING"\nLIC_FILES_CHKSUM = "file://COPYING;md5=${md5}"\n`, {
    'recipes/app/COPYING': 'foo\n',
  });
  expect(w.varve('build', 'app').status).toBe(0);
  rmSync(w.path('tmp'), { recursive: true });
  rmSync(w.path('history'), { recursive: true });
  expect(w.counts('app')).toMatchObject({ run: 0, restore: 1 });
});

test('a task that fails shows the end of its log, its scripts, and what to type next', () => {
  const w = appIn(plainRecipe({ do_compile: 'echo about to fail\nfalse' }));
  const ran = w.varve('build', 'app');
  expect(ran.status).toBe(1);
  expect(ran.said).toContain('about to fail');
  expect(ran.said).toMatch(/run\.do_compile/);
  expect(ran.said).toContain('varve shell app:do_compile@failed');
  expect(w.git('app', 'tag')).toContain('do_compile@failed');
});

test('a task that is killed is a failure that says by what', () => {
  const ran = appIn(plainRecipe({ do_compile: 'kill -9 $$' })).varve('build', 'app');
  expect(ran.status).toBe(1);
  expect(ran.said).toMatch(/SIGKILL|137/);
});

test('a task that prints 100 MB is recorded, its log shortened', () => {
  const w = appIn(
    plainRecipe({ do_compile: 'yes "a line of the log that comes again and again" | head -c 100000000' }),
  );
  expect(w.varve('build', 'app').status).toBe(0);
  const logs = readdirSync(join(w.buildDir, 'tmp/work'), { recursive: true, encoding: 'utf8' }).filter(
    (path) => /log\.do_compile\.\d+$/.test(path),
  );
  expect(statSync(join(w.buildDir, 'tmp/work', logs[0] ?? '')).size).toBeGreaterThan(100_000_000 - 1);
  expect(w.git('app', 'notes', '--ref=logs', 'show', 'do_compile')).toContain('left out of the record');
});

test.each([
  [{ do_compile: 'nosuch' }, '', 'add HOSTTOOLS += "nosuch" to conf/local.conf'],
  [{ do_compile: 'nosuch' }, 'HOSTTOOLS += "nosuch"', 'but this machine has none: install it'],
  [{ do_compile: 'ionice' }, 'HOSTTOOLS:append:pn-app = " ionice"', 'HOSTTOOLS counts in a configuration'],
  [{ do_install: 'chown nosuch ${D}' }, '', 'inherit useradd   in the recipe'],
])('%o of what is not there, with "%s" in conf/local.conf: %s', (tasks, local, hint) => {
  const w = makeWorkspace({ files: { 'recipes/app_1.0.bb': plainRecipe(tasks) }, local: `${local}\n` });
  const ran = w.varve('build', 'app');
  expect([ran.status, ran.said]).toEqual([1, expect.stringContaining(hint)]);
});

test('a task that writes outside its WORKDIR is stopped', () => {
  const w = appIn(plainRecipe({ do_compile: 'echo stray > ${TOPDIR}/stray' }));
  const ran = w.varve('build', 'app');
  expect({ status: ran.status, stray: w.exists('stray') }).toEqual({ status: 1, stray: false });
  expect(ran.said).toContain('what it installs below ${D}: all else is read-only for it');
});

test('a program of the sysroot for the target that is called is told apart from one of the machine', () => {
  const maker = plainRecipe({ do_install: 'install -D /dev/null ${D}${bindir}/make-words' });
  const user = plainRecipe({ do_compile: 'make-words' }, 'DEPENDS = "maker"');
  const w = makeWorkspace({ files: { 'recipes/maker_1.0.bb': maker, 'recipes/user_1.0.bb': user } });
  expect(w.varve('build', 'user').said).toContain(
    'hint: "make-words" in the sysroot is for the target: what runs here comes from a native recipe',
  );
});

test('a task after do_install that misses what was compiled is told why it is not there', () => {
  const deploy =
    'do_deploy() {\n\tcp ${B}/out ${DEPLOYDIR}/\n}\naddtask deploy after do_install before do_build\n';
  const w = appIn(`${app}inherit deploy\n${deploy}`);
  expect(w.varve('build', 'app').said).toContain(
    'hint: do_deploy comes after do_install and starts from its artifact, where S and B are not',
  );
});

test('a build directory that cannot be written is named', () => {
  const w = appIn(app);
  // Root may write anywhere: a file where a directory must be stops it as well as a mode.
  writeFileSync(w.path('history'), 'not a directory');
  chmodSync(w.buildDir, 0o555);
  const ran = w.varve('build', 'app');
  chmodSync(w.buildDir, 0o755);
  expect(ran.status).toBe(2);
  expect(ran.stderr).toContain(w.buildDir);
  expect(ran.stderr).not.toMatch(/^\s+at /m);
});

test('a corrupted artifact is detected, said, and rebuilt', () => {
  const w = appIn(app);
  expect(w.varve('build', 'app').status).toBe(0);
  rmSync(w.path('tmp'), { recursive: true });
  rmSync(w.path('history'), { recursive: true });
  const cas = w.path('artifacts/cas');
  for (const file of readdirSync(cas, { recursive: true, encoding: 'utf8' })) {
    if (statSync(join(cas, file)).isFile())
      writeFileSync(join(cas, file), Buffer.alloc(statSync(join(cas, file)).size, 7));
  }
  const ran = w.varve('build', 'app');
  expect(ran.status).toBe(0);
  expect(ran.said).toMatch(/artifact.*(damaged|cannot be used)/);
  expect(w.varve('cat', 'app', 'usr/share/app').stdout).toBe('built\n');
});

test('a truncated archive is a miss too', () => {
  const w = appIn(app);
  w.varve('build', 'app');
  rmSync(w.path('tmp'), { recursive: true });
  rmSync(w.path('history'), { recursive: true });
  const cas = w.path('artifacts/cas');
  for (const file of readdirSync(cas, { recursive: true, encoding: 'utf8' })) {
    if (statSync(join(cas, file)).isFile()) truncateSync(join(cas, file), 20);
  }
  expect(w.varve('build', 'app').status).toBe(0);
  expect(w.varve('cat', 'app', 'usr/share/app').stdout).toBe('built\n');
});

test('a flag that means nothing is a warning with file and line', () => {
  const ran = appIn(`${app}\ndo_compile[nonsense] = "1"\n`).varve('build', 'app');
  expect(ran.status).toBe(0);
  expect(ran.said).toMatch(/app_1\.0\.bb:\d+.*do_compile\[nonsense\]/);
});

test('two builds in one build directory: the second says who holds it, or with --no-wait gives up', async () => {
  const w = appIn(plainRecipe({ do_compile: 'while [ ! -e ${TOPDIR}/go ]; do sleep 0.1; done' }));
  const ended = (child: ChildProcess): Promise<number | null> =>
    new Promise((done) => child.on('exit', done));
  const said = (child: ChildProcess, text: string): Promise<void> =>
    new Promise((done) => {
      let all = '';
      for (const stream of [child.stdout, child.stderr])
        stream?.on('data', (more) => {
          all += String(more);
          if (all.includes(text)) done();
        });
    });
  const first = w.start('build', 'app');
  const firstEnded = ended(first);
  while (!w.exists('build.lock')) spawnSync('sleep', ['0.05']);
  const asked = w.varve('build', '-n', 'app');
  expect(asked.status).toBe(0);
  expect(asked.said).toContain(`process ${first.pid}`);
  expect(w.varve('log', 'app').said).toContain(`process ${first.pid}`);
  const second = w.varve('build', '--no-wait', 'app');
  expect(second.status).toBe(2);
  expect(second.stderr).toContain(`process ${first.pid}`);
  const third = w.start('build', 'app');
  const thirdEnded = ended(third);
  await said(third, `waiting for process ${first.pid}`);
  writeFileSync(w.path('go'), '');
  expect([await firstEnded, await thirdEnded]).toEqual([0, 0]);
});

test('two artifacts with one path and other content are an error that names both recipes and the path', () => {
  const lib = (text: string): string =>
    plainRecipe({ do_install: `mkdir -p \${D}/usr/share\necho ${text} > \${D}/usr/share/same` });
  const w = makeWorkspace({
    files: {
      'recipes/one_1.bb': lib('1'),
      'recipes/two_1.bb': lib('2'),
      'recipes/app_1.bb': `${app}\nDEPENDS = "one two"\n`,
    },
  });
  const ran = w.varve('build', 'app');
  expect([1, 2]).toContain(ran.status);
  for (const name of ['one', 'two', 'usr/share/same']) expect(ran.said).toContain(name);
});

test('no build directory: the error says how to make one', () => {
  const w = appIn(app);
  mkdirSync(join(w.top, 'elsewhere'));
  const ran = w.varve('-B', join(w.top, 'elsewhere'), 'build', 'app');
  expect(ran.status).toBe(2);
  expect(ran.stderr).toContain('varve init');
});

test('a name that another build has, or that cannot be one, is refused before anything runs', () => {
  const w = appIn(app);
  expect(w.varve('build', '--name', 'release', 'app').status).toBe(0);
  for (const name of ['release', 'deadbeef', 'a/b', '1', 'ok']) {
    const ran = w.varve('build', '--name', name, 'app');
    expect({ name, status: ran.status, stdout: ran.stdout }).toEqual({ name, status: 2, stdout: '' });
  }
  expect(JSON.parse(w.varve('builds', '--json').stdout)).toHaveLength(1);
});
