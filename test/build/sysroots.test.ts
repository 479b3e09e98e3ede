/** The managed staging area, as people ask for it. */
import { appendFileSync, lstatSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testWith } from '../support/needs.ts';
import { makeWorkspace, plainRecipe, type Workspace } from '../support/workspace.ts';

const packageTest = testWith({ programs: ['fakeroot'] });

const installing = (files: Readonly<Record<string, string>>, further = ''): string => {
  const lines = Object.entries(files).map(
    ([path, text]) => `install -d \${D}/$(dirname ${path})\necho ${text} > \${D}/${path}`,
  );
  return plainRecipe({ do_install: lines.join('\n') }, further);
};

const layer = {
  'recipes/base_1.bb': installing({ 'usr/include/base.h': 'base' }),
  'recipes/lib_1.bb': installing(
    { 'usr/include/lib.h': 'lib', 'usr/share/doc/lib': 'doc', 'usr/include/same.h': 'same' },
    'DEPENDS = "base tool-native"\nSYSROOT_DIRS = "/usr/include"\n',
  ),
  'recipes/other_1.bb': installing(
    { 'usr/include/other.h': 'other', 'usr/include/same.h': 'same' },
    'SYSROOT_DIRS += "/opt"\n',
  ),
  'recipes/tool-native_1.bb': installing(
    { 'usr/bin/tool': 'tool', 'usr/share/doc/tool': 'doc' },
    'inherit native\nSYSROOT_DIRS = "/usr/include"\n',
  ),
  'recipes/app_1.bb': installing({ 'usr/bin/app': 'app' }, 'DEPENDS = "lib other"\n'),
};

/** Files with their texts, and links, below a directory. */
function filesIn(dir: string): Readonly<Record<string, string>> {
  const paths = readdirSync(dir, { recursive: true, encoding: 'utf8' }).sort();
  const files = paths.filter((path) => !lstatSync(join(dir, path)).isDirectory());
  return Object.fromEntries(files.map((path) => [path, readFileSync(join(dir, path), 'utf8').trim()]));
}

const pathOf = (w: Workspace, recipe: string, ...options: readonly string[]): string =>
  w.varve('sysroot', 'path', recipe, ...options).stdout.trim();

test('a sysroot holds what the closure of DEPENDS says, by SYSROOT_DIRS, native tools apart; what leaves it leaves nothing', () => {
  const w = makeWorkspace({ files: layer });
  expect(w.varve('build', 'app').status).toBe(0);
  expect(filesIn(pathOf(w, 'app'))).toEqual({
    'usr/include/base.h': 'base',
    'usr/include/lib.h': 'lib',
    'usr/include/other.h': 'other',
    'usr/include/same.h': 'same',
  });
  expect(filesIn(pathOf(w, 'app', '--native'))).toEqual({});
  expect(filesIn(pathOf(w, 'lib', '--native'))).toEqual({ 'usr/bin/tool': 'tool' });
  const owner = (path: string): string => w.varve('sysroot', 'owner', 'app', path).stdout;
  expect(owner('usr/include/lib.h')).toBe('lib\n');
  expect(owner('usr/include/same.h')).toBe('lib other\n');
  expect(owner(`${pathOf(w, 'app')}/usr/include/base.h`)).toBe('base\n');
  w.write('recipes/app_1.bb', installing({ 'usr/bin/app': 'app' }, 'DEPENDS = "other"\n'));
  expect(w.varve('build', 'app').status).toBe(0);
  expect(filesIn(pathOf(w, 'app'))).toEqual({ 'usr/include/other.h': 'other', 'usr/include/same.h': 'same' });
  expect(owner('usr/include/same.h')).toBe('other\n');
  expect(w.varve('sysroot', 'diff', 'app@1', 'app@2').stdout).toMatch(/base[^]*lib/);
  w.write('recipes/app_1.bb', installing({ 'usr/bin/app': 'app' }));
  expect(w.varve('build', 'app').status).toBe(0);
  expect(readdirSync(pathOf(w, 'app'))).toEqual([]);
});

test('what both sysroots of a task hold is hashed as it is written down, whatever the names are', () => {
  const w = makeWorkspace({
    files: {
      'recipes/zlib_1.bb': installing({ 'usr/include/zlib.h': 'zlib' }),
      'recipes/awk-native_1.bb': installing({ 'usr/bin/awk': 'awk' }, 'inherit native\n'),
      'recipes/app_1.bb': installing({ 'usr/bin/app': 'app' }, 'DEPENDS = "zlib awk-native"\n'),
    },
  });
  expect(w.varve('build', 'app').status).toBe(0);
  expect(w.varve('fsck')).toMatchObject({ status: 0, stderr: '' });
});

test('sysroot verify names what is changed, missing and extra, and changes nothing', () => {
  const w = makeWorkspace({ files: layer });
  expect(w.varve('build', 'app').status).toBe(0);
  const whole = w.varve('sysroot', 'verify', 'app');
  expect([whole.status, whole.stdout]).toEqual([
    0,
    'app: 6 entries in its sysroots, all as they were put there\n',
  ]);
  const dir = pathOf(w, 'app');
  appendFileSync(join(dir, 'usr/include/lib.h'), 'forged\n');
  rmSync(join(dir, 'usr/include/base.h'));
  writeFileSync(join(dir, 'usr/include/mine.h'), 'mine\n');
  writeFileSync(join(pathOf(w, 'app', '--native'), 'mine'), '');
  const before = filesIn(dir);
  const found = w.varve('sysroot', 'verify', 'app');
  expect([found.status, found.stdout]).toEqual([
    1,
    `missing  recipe-sysroot/usr/include/base.h  of base
changed  recipe-sysroot/usr/include/lib.h  of lib
extra    recipe-sysroot/usr/include/mine.h
extra    recipe-sysroot-native/mine
app: 4 of 6 entries in its sysroots not as they were put there
hint: the next task of app that runs has it put right; nothing of it comes into an artifact
`,
  ]);
  expect(filesIn(dir)).toEqual(before);
  const { status, stdout } = w.varve('sysroot', 'verify', 'app', '--json');
  expect([status, JSON.parse(stdout)]).toMatchObject([
    1,
    {
      schema: 1,
      ok: false,
      recipe: 'app',
      misfits: [
        { sysroot: 'target', path: 'usr/include/base.h', how: 'missing', owners: ['base'] },
        { how: 'changed', owners: ['lib'] },
        { how: 'extra', owners: [] },
        { sysroot: 'native', path: 'mine', how: 'extra' },
      ],
    },
  ]);
  expect(w.varve('build', '-f', '-c', 'install', 'app').stderr).toContain(
    'app:do_install: recipe-sysroot/usr/include/lib.h was changed by somebody',
  );
  expect(w.varve('sysroot', 'verify', 'app').status).toBe(0);
});

test('sysroot create writes targets with what they were built with, as a build had it', () => {
  const w = makeWorkspace({ files: layer });
  expect(w.varve('build', 'app').status).toBe(0);
  const made = w.varve('sysroot', 'create', 'sdk', 'lib', 'other');
  expect([made.status, made.stdout]).toEqual([0, 'sdk: 4 files of base@1 lib@1 other@1\n']);
  expect(filesIn(w.path('sdk'))).toEqual(filesIn(pathOf(w, 'app')));
  w.write('recipes/base_1.bb', installing({ 'usr/include/base.h': 'newer' }));
  expect(w.varve('build', 'lib').status).toBe(0);
  // From the record: neither WORKDIRs nor what is in force now count.
  rmSync(w.path('tmp'), { recursive: true });
  expect(w.varve('sysroot', 'create', 'then', 'lib@1').status).toBe(0);
  expect(filesIn(w.path('then'))).toMatchObject({ 'usr/include/base.h': 'base' });
  const now = w.varve('sysroot', 'create', 'now', 'lib', '--json');
  expect(JSON.parse(now.stdout)).toMatchObject({
    schema: 1,
    dir: w.path('now'),
    files: 3,
    artifacts: [{ recipe: 'base', build: 2 }, { recipe: 'lib' }],
  });
  expect(filesIn(w.path('now'))).toMatchObject({ 'usr/include/base.h': 'newer' });
  expect(w.varve('sysroot', 'create', 'tools', 'tool-native').status).toBe(0);
  expect(filesIn(w.path('tools'))).toEqual({ 'usr/bin/tool': 'tool' });
});

test('what sysroot cannot answer is told with what to do', () => {
  const w = makeWorkspace({
    files: { ...layer, 'recipes/rival_1.bb': installing({ 'usr/include/other.h': 'rival' }) },
  });
  const refused = (...words: readonly string[]): string => {
    const { status, stdout, stderr } = w.varve('sysroot', ...words);
    expect([status, stdout]).toEqual([2, '']);
    return stderr;
  };
  for (const what of ['path', 'verify']) {
    expect(refused(what, 'app')).toContain('error: app has no sysroot yet');
    expect(refused(what, 'app')).toContain('hint: varve build -c configure app   fills it');
  }
  expect(refused('create', 'sdk', 'lib')).toContain('error: nothing was built here yet');
  expect(w.varve('build', 'app', 'rival').status).toBe(0);
  expect(refused('create', 'sdk', 'lib', 'tool-native')).toContain(
    'lib is for the target and tool-native for the machine that builds: they go into no one sysroot',
  );
  expect(refused('create', 'sdk', 'other', 'rival')).toContain(
    'other and rival both hold usr/include/other.h, with different content',
  );
  expect(refused('create', 'sdk', 'lib:compile')).toContain('"lib:compile" is no artifact');
  expect(refused('create', 'conf', 'lib')).toContain('conf is not empty, and sysroot create deletes nothing');
  expect(refused('create', 'sdk', 'nothing')).toContain('no recipe is called "nothing"');
  expect(refused('owner', 'app', 'usr/nothing')).toContain('usr/nothing is not in the sysroot of app');
  expect(w.exists('sdk')).toBe(false);
});

packageTest(
  'a sysroot that is empty for the newest task is said to be, and how to have it as do_compile has it',
  () => {
    const w = makeWorkspace({ files: layer, local: 'INHERIT += "package"\n' });
    expect(w.varve('build', 'app').status).toBe(0);
    const hint = 'varve shell app:compile   fills it as do_compile has it\n';
    const asked = w.varve('sysroot', 'owner', 'app', 'usr/include/other.h');
    expect([asked.status, asked.stderr]).toEqual([
      2,
      `error: usr/include/other.h is not in the sysroot of app, which is empty for its newest task\nhint: ${hint}`,
    ]);
    for (const what of ['path', 'verify']) expect(w.varve('sysroot', what, 'app').stderr).toContain(hint);
    expect(w.varve('shell', 'app:compile').status).toBe(0);
    expect(w.varve('sysroot', 'owner', 'app', 'usr/include/other.h').stdout).toBe('other\n');
    expect(w.varve('sysroot', 'path', 'app').stderr).toBe('');
  },
);
