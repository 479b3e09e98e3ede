import { execFileSync } from 'node:child_process';
import {
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  mkdirSync,
  existsSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import { makeWorkspace, plainRecipe, type Setup, type Workspace } from '../support/workspace.ts';

/** Two builds of a recipe, and of another that it needs; the results of both differ. */
function built(setup: Pick<Setup, 'env' | 'damages'> = {}): Workspace {
  const recipe = (word: string): string =>
    plainRecipe(
      {
        do_compile: `echo "${word} said, which nobody has by chance" > out`,
        do_install: 'install -D out ${D}/usr/share/app',
      },
      'DEPENDS = "maker"',
    );
  const maker = (word: string): string =>
    plainRecipe({ do_install: `install -d \${D}/usr/include; echo ${word} > \${D}/usr/include/made` });
  const files = { 'recipes/app_1.bb': recipe('one'), 'recipes/maker_1.bb': maker('one') };
  const w = makeWorkspace({ files, ...setup });
  expect(w.varve('build', '-q', 'app').said).toMatch(/^build 1 ok/);
  w.write('recipes/app_1.bb', recipe('two'));
  w.write('recipes/maker_1.bb', maker('two'));
  expect(w.varve('build', '-q', 'app').said).toMatch(/^build 2 ok/);
  return w;
}

/** Every question, of builds 1 and 2, and what its answer has in it. */
const questions: readonly (readonly [answer: string, ...words: string[]])[] = [
  ['usr/share/app', 'diff', 'app@1', 'app@2'],
  ['1 file changed', 'diff', 'app@1', 'app@2', '--stat'],
  ['sources/out', 'diff', 'app@2:compile', '--name-status'],
  ['app has another artifact', 'diff', '@1', '@2'],
  ['+two said', 'diff', 'app@1', 'app@2', '--tool', 'diff -ru'],
  ['maker has another artifact', 'sysroot', 'diff', 'app@1', 'app@2'],
  ['do_install', 'log', 'app@2'],
  ['build 1', 'log', 'app@1:compile', '--across'],
  ['do_compile', 'log', 'app@2', '-S', 'two said'],
  ['sources/out', 'log', 'app@2', '--', 'usr/share/app'],
  ['used by', 'show', 'app@2:compile'],
  ['app', 'show', '@2'],
  ['two said', 'cat', 'app@2', 'usr/share/app'],
  ['do_compile', 'blame', 'app@2', 'usr/share/app'],
  ['do_compile', 'why', 'app@1:compile', 'app@2:compile'],
  ['build 2', 'bisect', 'app', '--good', '1', '--bad', '2', '--', 'grep', '-q', 'one', 'usr/share/app'],
  ['do_compile', 'bisect', 'app@2', '--over', 'tasks', '--', 'test', '!', '-e', 'sources/out'],
  ['', 'restore', 'app@2:compile', 'restored'],
  ['two said', 'shell', 'app@2:compile', '--', 'cat', 'out'],
];

const meantIn = (words: readonly string[], name: string): readonly string[] =>
  words.map((word) => word.replace(/^(app)?@/, `$1@${name}@`).replace(/^[12]$/, `@${name}@$&`));

function expectAnswers(w: Workspace, name?: string): void {
  const failed = questions.flatMap(([answer, ...words]) => {
    const ran = w.varve(...(name === undefined ? words : meantIn(words, name)));
    rmSync(w.path('restored'), { recursive: true, force: true });
    return ran.status === 0 && ran.stdout.includes(answer) ? [] : [`${words.join(' ')}: ${ran.said}`];
  });
  expect(failed).toEqual([]);
}

test('every question is answered where the WORKDIR is gone', () => {
  const w = built();
  rmSync(w.path('tmp'), { recursive: true });
  expectAnswers(w);
  expect(w.varve('verify', 'app').status).toBe(0);
});

test('every question is answered where there is no git', () => {
  const bin = join(makeWorkspace().top, 'bin');
  mkdirSync(bin);
  for (const dir of (process.env['PATH'] ?? '').split(delimiter).filter((each) => existsSync(each)))
    for (const name of readdirSync(dir))
      if (!name.startsWith('git') && !existsSync(join(bin, name)))
        symlinkSync(join(dir, name), join(bin, name));
  const w = built({ env: { PATH: bin } });
  expectAnswers(w);
  expect(w.varve('verify', 'app').status).toBe(0);
  const commits = w.varve('bisect', 'app', '--over', 'commits', '--good', 'A', '--bad', 'B', '--', 'true');
  expect(commits.said).toContain('asks the program git for commits, and there is none in PATH');
});

test('every question is answered of builds that another machine wrote', () => {
  const there = built();
  const file = join(there.top, 'there.varve-history');
  expect(there.varve('history', 'export', '@1', '@2', file).status).toBe(0);
  const recipes = ['recipes/app_1.bb', 'recipes/maker_1.bb'];
  const here = makeWorkspace({
    files: Object.fromEntries(recipes.map((path) => [path, there.read('../layer', path)])),
  });
  expect(here.varve('history', 'import', file, '--as', 'ann').status).toBe(0);
  expectAnswers(here, 'ann');
});

test('diff --exit-code exits with 1 where something differs that is asked about, in whatever form', () => {
  const w = built();
  const exits = (...words: string[]): number | null => w.varve('diff', ...words, '--exit-code').status;
  for (const form of [[], ['--stat'], ['--name-status'], ['--json'], ['--tool', 'true']])
    expect([form, exits('app@1', 'app@2', ...form)]).toEqual([form, 1]);
  expect([exits('@1', '@2'), exits('app@2', 'app@2'), exits('@2', '@2')]).toEqual([1, 0, 0]);
  const within = (path: string): number | null =>
    w.varve('diff', '@1', '@2', '--exit-code', '--', path).status;
  expect([within('usr/share'), within('usr/lib')]).toEqual([1, 0]);
});

test('diff takes a path as it tells it, and says where nothing that is compared has one', () => {
  const w = built();
  const names = (...words: string[]) => {
    const { status, stdout, stderr } = w.varve('diff', '--name-status', '--exit-code', ...words);
    return [status, stdout, stderr];
  };
  expect(names('@1', '@2', '--', 'app/usr/share/app')).toEqual([1, 'M\tapp/usr/share/app\n', '']);
  expect(names('@1', '@2', '--', 'maker')).toEqual([1, 'M\tmaker/usr/include/made\n', '']);
  expect(names('@1', '@2', '--', 'usr/inlcude', 'app/usr')).toEqual([
    1,
    'M\tapp/usr/share/app\n',
    'no recipe with another artifact has usr/inlcude\n',
  ]);
  expect(names('app@1', 'app@2', '--', 'usr/shrae')).toEqual([
    0,
    '',
    'neither app@1 nor app@2 has usr/shrae\n',
  ]);
  expect(
    w.varve('sysroot', 'diff', 'app@1', 'app@2', '--name-status', '--exit-code', '--', 'usr/include'),
  ).toMatchObject({ status: 1, stdout: 'M\tmaker/usr/include/made\n', stderr: '' });
  expect(w.varve('sysroot', 'diff', 'app@1', 'app@2', '--exit-code', '--', 'usr/lib').status).toBe(0);
  expect(names('app@1:install', 'app@1:install', '--', 'image', 'sources/out')).toEqual([0, '', '']);
});

test('a tool for diff that is not there, or is no program, is told in one error', () => {
  const w = built();
  const said = (tool: string): unknown[] => {
    const { status, stderr, stdout } = w.varve('diff', 'app@1', 'app@2', '--tool', tool);
    return [status, stdout, stderr.split('\n')[0]];
  };
  for (const [tool, why] of [
    ['nosuch -x', 'nosuch was not found, and --tool names a command that is run here'],
    ['LC_ALL=C ./nosuch', './nosuch was not found, and --tool names a command that is run here'],
    [
      w.path('conf/local.conf'),
      `${w.path('conf/local.conf')} cannot be run, and --tool names a command that is run here`,
    ],
    ['', '--tool needs a command'],
  ] as const)
    expect(said(tool)).toEqual([2, '', `error: ${why}`]);
  expect(said("LC_ALL=C 'diff' -q -r")).toEqual([0, expect.stringMatching(/^Files .* differ\n$/), '']);
});

/** Damages an object of a repository below `history`; answers how that is told. */
function damage(w: Workspace, repository: string, rev: string): string {
  const gitDir = w.path('history', repository);
  const oid = execFileSync('git', ['--git-dir', gitDir, 'rev-parse', rev], { encoding: 'utf8' }).trim();
  const loose = join(gitDir, 'objects', oid.slice(0, 2), oid.slice(2));
  const bytes = readFileSync(loose);
  rmSync(loose);
  writeFileSync(loose, Buffer.from(bytes.map((byte, i) => (i === bytes.length - 6 ? byte ^ 255 : byte))));
  return `is damaged: object ${oid.slice(0, 12)}`;
}

/** The questions that are not answered by an error with these words. */
function notTold(w: Workspace, told: string): readonly string[] {
  return questions.flatMap(([, ...words]) => {
    const { status, stderr } = w.varve(...words);
    rmSync(w.path('restored'), { recursive: true, force: true });
    const isTold = status === 2 && /^error: /m.test(stderr) && stderr.includes(told);
    return isTold ? [] : [words.slice(0, 3).join(' ')];
  });
}

test('where a file of a result is damaged, each question that needs its content names it', () => {
  const w = built({ damages: true });
  const [arch = ''] = readdirSync(w.path('history')).filter((name) => !name.endsWith('.git'));
  const told = damage(w, `${arch}/app.git`, 'do_install:sources/out');
  rmSync(w.path('tmp'), { recursive: true });
  expect(notTold(w, told)).toEqual([
    'sysroot diff app@1',
    'log app@2',
    'log app@1:compile --across',
    'show @2',
    'why app@1:compile app@2:compile',
  ]);
});

test('where what stood in a build is damaged, each question about it names the object', () => {
  const w = built({ damages: true });
  const [arch = ''] = readdirSync(w.path('history')).filter((name) => !name.endsWith('.git'));
  const told = damage(w, 'builds.git', `2:${arch}/app`);
  // What stands after the build that is named is not asked about.
  expect(notTold(w, told)).toEqual(['log app@1:compile --across']);
});

test('where an artifact is damaged, what differs between builds is not told without it', () => {
  const w = built({ damages: true });
  const [arch = ''] = readdirSync(w.path('history')).filter((name) => !name.endsWith('.git'));
  const [artifact = ''] = w
    .git('app', 'for-each-ref', '--format=%(objectname)', 'refs/artifacts')
    .split('\n');
  const told = damage(w, `${arch}/app.git`, artifact);
  const { status, stdout, stderr } = w.varve('diff', '@1', '@2');
  expect([status, stdout, stderr]).toEqual([2, '', expect.stringContaining(told)]);
  expect(stderr).toContain('varve fsck');
});

test('verify is about what is there now, and no build is named to it', () => {
  const w = makeWorkspace({ files: { 'recipes/app_1.bb': plainRecipe({ do_compile: ':' }) } });
  for (const rev of ['app@1', 'app@ann@8:compile', 'app:compile@failed', '@2']) {
    const { status, stderr } = w.varve('verify', rev);
    expect([status, stderr]).toEqual([
      2,
      expect.stringContaining(`error: "${rev}" is not what can be run again now`),
    ]);
  }
});

test('a log that has no such text says where else it may be', () => {
  const w = built();
  const asked = (...words: string[]): string => w.varve('log', ...words, '-S', 'one said').stderr;
  expect(asked('app')).toContain('varve log app:TASK --across');
  expect(asked('app', '--across')).toBe('');
  expect(asked('app:fetch', '--across')).toContain('another task');
  expect(w.varve('log', 'app:install', '--', 'usr/share/app').stderr).toContain(
    'image/ has what it installs',
  );
});
