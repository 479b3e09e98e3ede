/** What `varve fsck` says where files are damaged that make a repository of objects: indexes, names, HEAD. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { makeWorkspace, plainRecipe, type Workspace } from '../support/workspace.ts';

const recipe = (text: string): string =>
  plainRecipe({ do_compile: `echo ${text} > \${B}/made` }, 'B = "${WORKDIR}/build"\n');

/** A recipe built in three ways; git packed what the first two builds left. */
function builtThrice(): Workspace {
  const w = makeWorkspace({ damages: true, files: { 'recipes/lib_1.bb': recipe('1') } });
  for (const text of ['1', '2', '3']) {
    w.write('recipes/lib_1.bb', recipe(text));
    expect(w.varve('build', 'lib').status).toBe(0);
    if (text === '3') continue;
    for (const repository of ['lib', 'builds']) w.git(repository, 'gc', '-q');
  }
  return w;
}

/** The repository of lib, or `builds.git`. */
function repository(w: Workspace, name: 'lib' | 'builds'): string {
  const [arch = ''] = readdirSync(w.path('history')).filter((each) => !each.endsWith('.git'));
  return name === 'lib' ? w.path('history', arch, 'lib.git') : w.path('history', 'builds.git');
}

/** Flips a byte of a file, where nothing else is said the one in the middle. */
function flip(path: string, at?: number): void {
  const bytes = readFileSync(path);
  const place = at ?? bytes.length >> 1;
  bytes[place] = (bytes[place] ?? 0) ^ 1;
  rmSync(path);
  writeFileSync(path, bytes);
}

function indexIn(gitDir: string): string {
  const dir = join(gitDir, 'objects/pack');
  return join(dir, readdirSync(dir).find((name) => name.endsWith('.idx')) ?? '');
}

/** What to do, without what it is good for. */
const commands = (stdout: string): readonly string[] =>
  stdout.split('\n').flatMap((line) => /^hint: (.+?) {3}/.exec(line)?.[1] ?? []);

test('an index of a pack with a flipped byte is told beside loose objects, and made anew as the hint has it', () => {
  const w = builtThrice();
  const paths = (['builds', 'lib'] as const).map((name) => indexIn(repository(w, name)));
  for (const path of paths) flip(path);
  const { status, stdout } = w.varve('fsck');
  expect(status).toBe(1);
  for (const path of paths)
    expect(stdout).toContain(`${path}: the checksum of the index is wrong; its pack is whole\n`);
  expect(stdout).toContain(': 2 damages found\n');
  expect(commands(stdout)).toHaveLength(2);
  for (const command of commands(stdout)) execFileSync('sh', ['-c', command]);
  expect(w.varve('fsck')).toMatchObject({ status: 0 });
});

test('beside a damaged index nothing is called superfluous', () => {
  const w = builtThrice();
  const gitDir = repository(w, 'lib');
  flip(indexIn(gitDir));
  const id = w.git('lib', 'rev-parse', 'do_compile^{tree}').trim();
  flip(join(gitDir, 'objects', id.slice(0, 2), id.slice(2)));
  const { stdout } = w.varve('fsck');
  expect(stdout).toContain(': 2 damages found\n');
  expect(stdout).not.toContain('rm -f');
  expect(stdout).toContain('hint: varve fsck   once the index is whole: tells what needs it\n');
});

/** What fsck says first is to be done, typed as it stands. */
function doFirst(w: Workspace): void {
  const [command = ''] = commands(w.varve('fsck').stdout);
  const varve = `'${process.execPath}' '${resolve('dist/bin/varve.js')}' -B '${w.path()}'`;
  execFileSync('sh', ['-c', command.replace(/\bvarve /, `${varve} `)], { stdio: 'pipe' });
}

const steps = plainRecipe(
  {
    do_unpack: 'echo source > ${WORKDIR}/source',
    do_compile: 'cat ${WORKDIR}/source > made',
    do_install: 'install -D made ${D}/usr/share/lib',
  },
  'B = "${WORKDIR}/build"\n',
);

test.each([
  ['a source', 'do_install:source', 'do_unpack'],
  ['what do_compile made', 'do_compile:build/made', 'do_unpack'],
  ['the tree of a task', 'do_compile^{tree}', 'do_compile'],
  ['the commit of a task', 'do_compile', 'do_compile'],
  ['the image', 'do_install:image', 'do_install'],
])('%s that is damaged is made anew by the task that fsck names, and all is whole', (_, rev, task) => {
  const w = makeWorkspace({ damages: true, files: { 'recipes/lib_1.bb': steps } });
  expect(w.varve('build', 'lib').status).toBe(0);
  const id = w.git('lib', 'rev-parse', rev).trim();
  const path = join(repository(w, 'lib'), 'objects', id.slice(0, 2), id.slice(2));
  flip(path);
  const { stdout } = w.varve('fsck');
  expect(commands(stdout)[0]).toBe(`rm -f ${path} && varve build -f -c ${task} lib`);
  doFirst(w);
  expect(w.varve('fsck')).toMatchObject({ status: 0 });
  expect(w.git('lib', 'rev-parse', rev).trim()).toBe(id);
  rmSync(path);
  expect(commands(w.varve('fsck').stdout)[0]).toBe(`varve build -f -c ${task} lib`);
});

test.each([
  ['that nothing needs', 'no name leads to it'],
  ['of which a whole copy lies beside it', 'a whole copy of it lies elsewhere'],
])('of a pack with one damaged object %s all others stay', (which, told) => {
  const w = builtThrice();
  const gitDir = repository(w, 'lib');
  const mine = w.path('mine');
  writeFileSync(mine, 'a text that is long enough for a byte of it to be flipped\n'.repeat(3));
  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['--git-dir', gitDir, ...args], { encoding: 'utf8', stdio: 'pipe' });
  const id =
    which === 'that nothing needs'
      ? git('hash-object', '-w', mine).trim()
      : git('rev-parse', 'do_compile').trim();
  const ids = git('cat-file', '--batch-all-objects', '--batch-check=%(objectname)');
  const name = execFileSync(
    'git',
    ['--git-dir', gitDir, 'pack-objects', '-q', `${gitDir}/objects/pack/pack`],
    {
      encoding: 'utf8',
      input: ids,
    },
  ).trim();
  if (which === 'that nothing needs') git('prune-packed');
  const pack = `${gitDir}/objects/pack/pack-${name}`;
  const index = execFileSync('git', ['show-index'], { encoding: 'utf8', input: readFileSync(`${pack}.idx`) });
  const offset = Number(
    index
      .split('\n')
      .find((line) => line.includes(id))
      ?.split(' ')[0],
  );
  flip(`${pack}.pack`, offset + 20);
  const before = w.varve('log', 'lib', '--across').stdout;
  expect(w.varve('fsck').stdout).toContain(told);
  doFirst(w);
  expect(w.varve('fsck')).toMatchObject({ status: 0 });
  expect(w.varve('log', 'lib', '--across').stdout).toBe(before);
});

/** Runs what fsck says is to be done. */
function mend(w: Workspace): void {
  for (const command of commands(w.varve('fsck').stdout)) execFileSync('sh', ['-c', command]);
}

/** A line a build. */
const builds = (w: Workspace): string => w.varve('builds').stdout;

test.each(['gone', 'emptied'])(
  'builds whose packed-refs is %s are told by the histories, and named again',
  (how) => {
    const w = builtThrice();
    expect(w.varve('build', 'lib', '--name', 'good').status).toBe(0);
    const gitDir = repository(w, 'builds');
    w.git('builds', 'pack-refs', '--all');
    const before = builds(w);
    expect(before.trimEnd().split('\n')).toHaveLength(4);
    if (how === 'gone') rmSync(join(gitDir, 'packed-refs'));
    else writeFileSync(join(gitDir, 'packed-refs'), '');
    const { status, stdout } = w.varve('fsck');
    expect(status).toBe(1);
    expect(stdout).toContain(`${gitDir}: it names no build, and ${repository(w, 'lib')} tells of build 3\n`);
    expect(stdout).toContain(': 1 damage found\n');
    // Neither gives a number twice, nor takes away what no name leads to.
    for (const command of ['build', 'gc']) {
      const refused = w.varve(...(command === 'gc' ? ['gc'] : ['build', 'lib']));
      expect(refused.status).toBe(2);
      expect(refused.stderr).toContain(
        'is damaged: it names no build, and histories tell of build 3\nhint: varve fsck ',
      );
    }
    mend(w);
    expect(w.varve('fsck')).toMatchObject({ status: 0 });
    expect(builds(w)).toEqual(before);
    expect(w.varve('show', '@good').status).toBe(0);
  },
);

test('where the newest build has a name of its own, those before it that packed-refs had are named again', () => {
  const w = builtThrice();
  const gitDir = repository(w, 'builds');
  const newest = w.git('builds', 'rev-parse', '3');
  w.git('builds', 'pack-refs', '--all');
  const before = builds(w);
  rmSync(join(gitDir, 'packed-refs'));
  mkdirSync(join(gitDir, 'refs/tags'), { recursive: true });
  writeFileSync(join(gitDir, 'refs/tags/3'), newest);
  const { stdout } = w.varve('fsck');
  expect(stdout).toContain(`${gitDir}: packed-refs names no build: 2 before build 3 have no name any more\n`);
  mend(w);
  expect(w.varve('fsck')).toMatchObject({ status: 0 });
  expect(builds(w)).toEqual(before);
});

test('numbers go on after builds.git was put away, and a tag that a person took away is no damage', () => {
  const w = builtThrice();
  const gitDir = repository(w, 'builds');
  w.git('builds', 'tag', '-d', '2');
  expect(w.varve('fsck')).toMatchObject({ status: 0 });
  renameSync(gitDir, `${gitDir}.damaged`);
  expect(w.varve('build', 'lib').status).toBe(0);
  expect(w.git('builds', 'tag')).toBe('4\n');
  expect(w.varve('fsck')).toMatchObject({ status: 0 });
});

test('a repository whose HEAD is gone is told and checked, and is one again as the hint has it', () => {
  const w = builtThrice();
  const before = w.varve('fsck').stdout;
  const heads = (['builds', 'lib'] as const).map((name) => join(repository(w, name), 'HEAD'));
  for (const head of heads) rmSync(head);
  const { status, stdout } = w.varve('fsck');
  expect(status).toBe(1);
  for (const head of heads) expect(stdout).toContain(`${head}: it is missing\n`);
  expect(stdout).toContain(before.replace(': all whole', ': 2 damages found'));
  mend(w);
  expect(w.varve('fsck')).toMatchObject({ status: 0, stdout: before });
});

test.each(['flipped', 'emptied', 'gone'])(
  'config and info/attributes that are %s are told, and written again',
  (how) => {
    const w = builtThrice();
    w.git('lib', 'config', 'user.name', 'Somebody');
    expect(w.varve('fsck')).toMatchObject({ status: 0 });
    const paths = (['builds', 'lib'] as const).flatMap((name) =>
      ['config', 'info/attributes'].map((path) => join(repository(w, name), path)),
    );
    const before = paths.map((path) => readFileSync(path, 'utf8').replace(/\[user\]\n.*\n/, ''));
    for (const path of paths) {
      if (how === 'flipped') flip(path);
      if (how === 'emptied') writeFileSync(path, '');
      if (how === 'gone') rmSync(path);
    }
    const { status, stdout } = w.varve('fsck');
    expect(status).toBe(1);
    expect(stdout).toContain(': 4 damages found\n');
    for (const path of paths)
      expect(stdout).toContain(`${path}: it ${how === 'gone' ? 'is missing' : 'does not say '}`);
    mend(w);
    expect(w.varve('fsck')).toMatchObject({ status: 0 });
    expect(paths.map((path) => readFileSync(path, 'utf8'))).toEqual(before);
  },
);
