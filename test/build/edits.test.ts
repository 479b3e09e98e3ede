import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { makeWorkspace, plainRecipe, type Workspace } from '../support/workspace.ts';

const sources = 'SRC_URI = "file://text"\nB = "${WORKDIR}/build"\n';
const recipe = (version: string, compile = 'cat ${UNPACKDIR}/text > out'): Record<string, string> => ({
  [`recipes/app_${version}.bb`]: plainRecipe(
    { do_compile: compile, do_install: 'install -D out ${D}/usr/share/app' },
    'SRC_URI = "file://text"\nB = "${WORKDIR}/build"\n',
  ),
  'recipes/app/text': 'as the layer has it\n',
});
const built = (): Workspace => {
  const w = makeWorkspace({ files: recipe('1.0') });
  expect(w.varve('build', 'app').status).toBe(0);
  return w;
};
const workdir = (w: Workspace): string => {
  const work = w.path('tmp/work');
  const found = readdirSync(work).flatMap((arch) =>
    readdirSync(join(work, arch)).map((name) => join(work, arch, name)),
  );
  return found.find((path) => path.endsWith('/app')) ?? '';
};
const edit = (w: Workspace, text: string): void => writeFileSync(join(workdir(w), 'sources/text'), text);

test('an edit in S is kept by a build that has to put the WORKDIR back, and the build says so', () => {
  const w = built();
  edit(w, 'precious\n');
  w.write(
    'recipes/app_1.0.bb',
    plainRecipe(
      { do_compile: 'echo other > out', do_install: 'install -D out ${D}/usr/share/app' },
      'SRC_URI = "file://text"\nB = "${WORKDIR}/build"\n',
    ),
  );
  const ran = w.varve('build', 'app');
  expect(ran.status).toBe(0);
  expect(ran.said).toContain('edited@1');
  expect(w.varve('cat', 'app:edited', 'sources/text').stdout).toBe('precious\n');
  expect(w.git('app', 'show', 'edited@1:sources/text')).toBe('precious\n');
});

test('an edit in S is kept by an upgrade of the recipe', () => {
  const w = built();
  edit(w, 'precious\n');
  rmSync(join(w.layer, 'recipes/app_1.0.bb'));
  for (const [path, text] of Object.entries(recipe('2.0', 'tr a-z A-Z < ${UNPACKDIR}/text > out')))
    w.write(path, text);
  expect(w.varve('build', 'app').status).toBe(0);
  expect(w.varve('cat', 'app:edited', 'sources/text').stdout).toBe('precious\n');
});

test('build -f -c compile goes on with the edits; drop undoes them and runs nothing', () => {
  const w = built();
  const published = w.varve('artifact', 'list').stdout;
  edit(w, 'mine\n');
  expect(w.varve('build', '-f', '-c', 'compile', 'app').status).toBe(0);
  const then = w.varve('build', 'app');
  expect(then.status).toBe(0);
  expect(then.said).toContain('built with your edits');
  expect(w.varve('cat', 'app', 'usr/share/app').stdout).toBe('mine\n');
  for (const rev of ['app', 'app:compile'])
    expect(w.varve('show', rev).stdout).toMatch(/^ +made with +a person’s edits: varve diff app:edited@1 /m);
  expect(w.varve('show', 'app:edited').stdout).not.toMatch(/builds|inputs/);
  expect(JSON.parse(w.varve('log', 'app', '-S', 'mine', '--json').stdout)).toMatchObject([
    { task: 'edited', edits: 1, found: [{ path: 'sources/text' }] },
    { task: 'do_compile', edited: true },
    { task: 'do_install', edited: true },
  ]);
  expect(w.git('app', 'log', '-1', '--format=%B', 'do_install')).toContain('Edited: yes');
  expect(w.varve('artifact', 'list').stdout).toBe(published);
  expect(w.varve('edit', 'drop', 'app').status).toBe(0);
  expect(w.counts('app')).toMatchObject({ run: 0 });
  expect(w.varve('cat', 'app', 'usr/share/app').stdout).toBe('as the layer has it\n');
  expect(readFileSync(join(workdir(w), 'sources/text'), 'utf8')).toBe('as the layer has it\n');
  expect(w.git('app', 'show', 'edited@1:sources/text')).toBe('mine\n');
});

test('dropped edits come back to nobody who does not name a build that had them, and then it is said', () => {
  const w = built();
  edit(w, 'mine\n');
  expect(w.varve('build', '-f', '-c', 'compile', 'app').status).toBe(0);
  expect(w.varve('shell', 'app:compile', '--', 'true').said).not.toContain('dropped');
  expect(w.varve('edit', 'drop', 'app').status).toBe(0);
  const shown = (rev: string): ReturnType<Workspace['varve']> =>
    w.varve('shell', rev, '--', 'cat', join(workdir(w), 'sources/text'));
  expect(shown('app:compile').stdout).toBe('as the layer has it\n');
  expect(w.varve('cat', 'app:compile', 'build/out').stdout).toBe('as the layer has it\n');
  const named = shown('app@2:compile');
  expect(named.stdout).toContain('mine\n');
  expect(named.said).toContain(
    'app@2:do_compile was made with edits that were dropped since: app:edited@1\n',
  );
  expect(w.varve('edit', 'drop', 'app').status).toBe(0);
  expect(readFileSync(join(workdir(w), 'sources/text'), 'utf8')).toBe('as the layer has it\n');
});

test('edits that were not made on those in force are no patch before somebody chose', () => {
  const w = built();
  edit(w, 'mine\n');
  expect(w.varve('build', '-f', '-c', 'compile', 'app').status).toBe(0);
  w.varve('shell', 'app:unpack', '--', 'true');
  edit(w, 'other\n');
  const refused = w.varve('edit', 'finish', 'app', '--author', 'Ann <ann@example.org>');
  expect([refused.status, refused.stderr]).toEqual([
    2,
    expect.stringContaining('app is built with app:edited@1, and its WORKDIR has app:edited@2, which was'),
  ]);
  expect(w.read('../layer/recipes/app_1.0.bb')).toBe(recipe('1.0')['recipes/app_1.0.bb']);
});

test('builds that were made with edits are marked, those with nothing to do too, and -q tells it as well', () => {
  const w = built();
  edit(w, 'mine\n');
  const built2 = w.varve('build', '-q', '-f', '-c', 'compile', 'app');
  expect(built2.said).toContain('warning: app is built with your edits from do_compile on');
  for (let n = 3; n <= 5; n += 1) w.varve('build', 'app');
  expect(w.varve('clean', 'app').stdout).toContain(
    'builds go on with its edits, which the history keeps, until: varve edit drop app\n',
  );
  w.varve('edit', 'drop', 'app');
  expect(w.varve('build', 'app').status).toBe(0);
  const rows = JSON.parse(w.varve('builds', '--json').stdout) as { build: number; edited?: string[] }[];
  expect(rows.map(({ edited }) => edited)).toEqual([
    undefined,
    ...Array.from({ length: 4 }, () => ['app']),
    undefined,
  ]);
  const lines = w.varve('builds').stdout.split('\n');
  expect(lines.map((line) => line.endsWith('with edits: app'))).toEqual([
    false,
    ...Array.from({ length: 4 }, () => true),
    false,
    false,
  ]);
  expect(w.varve('show', '@2').stdout).toContain('\nbuilt with edits: app\n');
  expect(w.varve('show', '@6').stdout).not.toContain('edits');
  expect(JSON.parse(w.varve('show', '@5', '--json').stdout)).toMatchObject({ build: { edited: ['app'] } });
  const search = ['bisect', 'app@3', '--over', 'tasks', '--', 'grep', '-q', 'layer', 'sources/text'];
  const found = w.varve(...search);
  expect(found.stdout).toMatch(
    /^what was typed \(edited@1\) is the first bad one .*\nnext: varve diff app:edited@1\n$/,
  );
  expect(found.stderr).toContain('do_install with edits: bad');
  expect(w.varve('diff', 'app:edited@1').stdout).toContain('+mine');
  expect(w.varve('diff', 'app:edited@9').stderr).toBe(
    'error: app:edited@9 is not in the record\nhint: its edits are app:edited@1\n',
  );
});

const failing = (): Workspace => {
  const w = makeWorkspace({
    files: recipe('1.0', 'grep -q fixed ${UNPACKDIR}/text\ncat ${UNPACKDIR}/text > out'),
  });
  expect(w.varve('build', 'app').status).toBe(1);
  return w;
};
const inShell = (w: Workspace, rev: string, script: string): { readonly said: string } =>
  w.varve('shell', rev, '--', 'sh', '-c', script);

test('a shell in a failed task that is entered again shows what was edited there, and a build goes on with it', () => {
  const w = failing();
  expect(inShell(w, 'app:compile@failed', 'echo half > ../sources/text').said).toContain('has edits now');
  const again = inShell(w, 'app:compile@failed', 'cat ../sources/text; echo fixed >> ../sources/text');
  expect(again.said).toContain('half\n');
  expect(again.said).toContain('the WORKDIR is as you edited it; varve edit drop app puts it back');
  expect(w.varve('build', '-f', '-c', 'compile', 'app').status).toBe(0);
  expect(w.varve('cat', 'app:compile', 'build/out').stdout).toBe('half\nfixed\n');
});

test('edits that were put away come back with a shell, and a build goes on with them', () => {
  const w = built();
  edit(w, 'mine\n');
  expect(inShell(w, 'app:install', 'cat ../sources/text').said).toContain('mine');
  expect(inShell(w, 'app:unpack', 'cat ../sources/text').said).toContain(
    'varve shell app:edited@1 brings them back',
  );
  expect(inShell(w, 'app:edited', 'cat ../sources/text').said).toContain('mine');
  expect(w.varve('build', 'app').said).toContain('the WORKDIR has edits that this build did not use');
  expect(w.varve('build', '-f', '-c', 'compile', 'app').said).toContain('is built with your edits');
  expect(w.varve('cat', 'app:compile', 'build/out').stdout).toBe('mine\n');
});

test('edit drop after a failure shows the failure again, and calls it no success', () => {
  const w = failing();
  edit(w, 'half\n');
  const dropped = w.varve('edit', 'drop', 'app');
  expect(dropped.stdout).toContain('edited@1: varve diff app:edited@1\n');
  expect(w.varve('diff', 'app:edited').stdout).toContain('+half');
  expect(w.varve('blame', 'app:edited', 'sources/text').stdout).toBe('edited@1    1) half\n');
  expect(readFileSync(join(workdir(w), 'sources/text'), 'utf8')).toBe('as the layer has it\n');
  expect(w.git('app', 'tag', '-l', 'do_compile')).toBe('');
  for (const text of ['other\n', 'half\n']) {
    edit(w, text);
    w.varve('edit', 'drop', 'app');
    expect(w.varve('diff', 'app:edited').stdout).toContain(`+${text}`);
  }
});

test('-n tells of edits in the WORKDIR what a build would do with them, and changes nothing', () => {
  const w = built();
  edit(w, 'mine\n');
  const refs = w.git('app', 'for-each-ref');
  const plain = w.varve('build', '-n', 'app').said;
  expect(plain).toContain('to build: app:do_build\n');
  expect(plain).toContain('app: the WORKDIR has edits that this build would not use');
  const forced = w.varve('build', '-n', '-f', '-c', 'compile', 'app').said;
  expect(forced).toContain('app is built with your edits from do_compile on');
  expect(w.git('app', 'for-each-ref')).toBe(refs);
  expect(readFileSync(join(workdir(w), 'sources/text'), 'utf8')).toBe('mine\n');
});

test('what a failed task did to files that tasks before it made is nobody’s edit', () => {
  const tasks = { do_compile: 'cp ${UNPACKDIR}/text out', do_install: 'echo log >> out\nfalse' };
  const w = makeWorkspace({ files: { ...recipe('1.0'), 'recipes/app_1.0.bb': plainRecipe(tasks, sources) } });
  const failed = w.varve('build', 'app');
  expect(failed.status).toBe(1);
  w.write(
    'recipes/app_1.0.bb',
    plainRecipe({ ...tasks, do_install: 'install -D out ${D}/usr/share/app' }, sources),
  );
  const mended = w.varve('build', 'app');
  expect(mended.status).toBe(0);
  for (const { said } of [failed, mended, w.varve('build', 'app')]) expect(said).not.toMatch(/\bedits\b/);
});

test('diff and cat of RECIPE:edited show what stands in the WORKDIR, before any build', () => {
  const w = built();
  edit(w, 'first\n');
  expect(w.varve('diff', 'app:edited').stdout).toContain('+first');
  expect(w.varve('edit', 'drop', 'app').status).toBe(0);
  edit(w, 'second\n');
  expect(w.varve('cat', 'app:edited', 'sources/text').stdout).toBe('second\n');
  const { stdout } = w.varve('diff', 'app:edited');
  expect(stdout).toContain('+second');
  expect(stdout).not.toContain('first');
  expect(w.varve('cat', 'app:edited@1', 'sources/text').stdout).toBe('first\n');
});

test('after an undo the WORKDIR shows what is in force again; what is typed there is built on', () => {
  const w = built();
  w.write('recipes/app/text', 'changed\n');
  expect(w.varve('build', 'app').status).toBe(0);
  w.write('recipes/app/text', 'as the layer has it\n');
  expect(w.counts('app')['run']).toBe(0);
  expect(readFileSync(join(workdir(w), 'sources/text'), 'utf8')).toBe('as the layer has it\n');
  expect(spawnSync('git', ['-C', workdir(w), 'status', '--porcelain'], { encoding: 'utf8' }).stdout).toBe('');
  edit(w, 'typed\n');
  expect(w.varve('build', '-f', '-c', 'compile', 'app').status).toBe(0);
  expect(w.varve('build', 'app').status).toBe(0);
  expect(w.varve('cat', 'app', 'usr/share/app').stdout).toBe('typed\n');
});

test('an undo leaves typed edits of the other version where they are', () => {
  const w = built();
  w.write('recipes/app/text', 'changed\n');
  expect(w.varve('build', 'app').status).toBe(0);
  edit(w, 'typed\n');
  w.write('recipes/app/text', 'as the layer has it\n');
  expect(w.varve('build', 'app').said).toContain('has edits');
  expect(readFileSync(join(workdir(w), 'sources/text'), 'utf8')).toBe('typed\n');
});

test("a person's own commits in the WORKDIR are edits, also where they amend what a task left", () => {
  const w = built();
  const git = (...args: string[]): number | null =>
    spawnSync('git', ['-c', 'user.name=me', '-c', 'user.email=me@here', ...args], { cwd: workdir(w) }).status;
  edit(w, 'mine\n');
  expect(git('commit', '-qam', 'mine')).toBe(0);
  expect(w.varve('build', 'app').said).toContain('the WORKDIR has edits that this build did not use');
  expect(w.varve('edit', 'drop', 'app').stdout).toContain('edited@1: varve diff app:edited@1\n');
  expect(w.varve('diff', 'app:edited').stdout).toContain('+mine');
  edit(w, 'amended\n');
  expect(git('commit', '-qa', '--amend', '-C', 'HEAD')).toBe(0);
  expect(w.varve('build', '-f', '-c', 'compile', 'app').said).toContain('is built with your edits');
  expect(w.varve('cat', 'app:compile', 'build/out').stdout).toBe('amended\n');
});

test('where do_compile runs nothing, as in an image, a failure names the task that goes on with edits', () => {
  const w = makeWorkspace({
    files: {
      'recipes/app_1.bb': plainRecipe({ do_install: 'cp mine ${D}/' }, 'do_compile[noexec] = "1"\n'),
    },
  });
  const hint = /^hint: varve (.*) {3}goes on with what you edit there$/m.exec(
    w.varve('build', 'app').said,
  )?.[1];
  expect(hint).toBe('build -f -c install app');
  w.varve('shell', 'app:install@failed', '--', 'sh', '-c', 'echo mine > mine');
  expect(w.varve(...(hint ?? '').split(' ')).status).toBe(0);
  expect(w.varve('cat', 'app', 'mine').stdout).toBe('mine\n');
});
