import { lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { withoutNamespaces } from '../support/without-namespaces.ts';
import { makeWorkspace, plainRecipe, type Workspace } from '../support/workspace.ts';

const lib = plainRecipe({ do_install: 'mkdir -p ${D}/usr/share\necho genuine > ${D}/usr/share/lib' });

/** What tasks do to files that they find in their sysroot. */
const writes = {
  'write to one': 'echo forged > ${STAGING_DATADIR}/lib',
  'append to one': 'echo forged >> ${STAGING_DATADIR}/lib',
  'edit one in place': 'sed -i s/genuine/forged/ ${STAGING_DATADIR}/lib',
  'write through a link': 'echo forged > ${STAGING_DATADIR}/link',
  'change the rights of one': 'chmod 0777 ${STAGING_DATADIR}/lib',
  'set the time of one': 'touch -d 2001-01-01 ${STAGING_DATADIR}/lib',
  'remove one': 'rm ${STAGING_DATADIR}/lib',
  'move one over another': 'mv ${STAGING_DATADIR}/other ${STAGING_DATADIR}/lib',
  'add one': 'echo forged > ${STAGING_DATADIR}/forged',
  'put a link in the place of a directory':
    'rm -r ${STAGING_DATADIR} && mkdir ${B}/x && ln -s ${B}/x ${STAGING_DATADIR}',
};
const other = 'ln -s lib ${D}/usr/share/link\necho other > ${D}/usr/share/other';
const shared = plainRecipe({
  do_install: `mkdir -p \${D}/usr/share\necho genuine > \${D}/usr/share/lib\n${other}`,
});
const user = (compile: string): string =>
  plainRecipe(
    {
      do_compile: compile,
      do_install: 'mkdir -p ${D}/usr\ncp -a ${RECIPE_SYSROOT}/usr/share ${D}/usr/seen',
    },
    'DEPENDS = "lib"\n',
  );
/** Names, rights and contents below a directory of the build directory. */
const staged = (w: Workspace, recipe: string): string => {
  const dir = w.varve('sysroot', 'path', recipe).stdout.trim();
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((path) => {
      const { mode } = lstatSync(join(dir, path));
      const text = (mode & 0o170000) === 0o100000 ? readFileSync(join(dir, path), 'utf8') : '';
      return `${mode.toString(8)} ${path} ${text}`;
    })
    .join('\n');
};

test('behind walls no task can change what it finds in its sysroot', () => {
  const attempts = Object.entries(writes).map(([what, how]) => `if ${how}; then bbwarn "open: ${what}"; fi`);
  const w = makeWorkspace({
    files: { 'recipes/lib_1.bb': shared, 'recipes/app_1.bb': user(attempts.join('\n')) },
  });
  const ran = w.varve('build', 'app');
  expect([ran.status, ran.stderr]).toEqual([0, '']);
  expect(w.varve('cat', 'app', 'usr/seen/lib').stdout).toBe('genuine\n');
});

test('where there are no walls, what a task does to its sysroot is told, put right, and reaches nothing else', () => {
  const PATH = withoutNamespaces();
  const users = Object.fromEntries(
    Object.values(writes).map((compile, at) => [`recipes/app${at}_1.bb`, user(compile)]),
  );
  const w = makeWorkspace({
    files: { 'recipes/lib_1.bb': shared, 'recipes/calm_1.bb': user('true'), ...users },
    env: { PATH },
  });
  expect(w.varve('build', 'calm').status).toBe(0);
  const before = staged(w, 'calm');
  const ran = w.varve('build', ...Object.keys(writes).map((_, at) => `app${at}`));
  expect(ran.status).toBe(0);
  for (const [at, what] of Object.keys(writes).entries()) {
    const told = `app${at}:do_compile: it `;
    // A time is nothing that anybody goes by.
    if (what !== 'set the time of one') expect(ran.stderr, what).toContain(told);
    expect(staged(w, `app${at}`), what).toBe(before);
    expect(w.varve('cat', `app${at}`, 'usr/seen/lib').stdout, what).toBe('genuine\n');
  }
  expect(staged(w, 'calm')).toBe(before);
  expect(w.varve('artifact', 'verify').status).toBe(0);
  expect(w.varve('cat', 'lib', 'usr/share/lib').stdout).toBe('genuine\n');
});

test('what a person does to a sysroot between builds is told and put right before a task sees it', () => {
  const w = makeWorkspace({ files: { 'recipes/lib_1.bb': shared, 'recipes/app_1.bb': user('true') } });
  expect(w.varve('build', 'app').status).toBe(0);
  const dir = w.varve('sysroot', 'path', 'app').stdout.trim();
  writeFileSync(join(dir, 'usr/share/lib'), 'forged\n');
  writeFileSync(join(dir, 'usr/share/forged'), 'forged\n');
  w.write('recipes/app_1.bb', user(': again'));
  const ran = w.varve('build', 'app');
  expect(ran.stderr).toContain(
    'app:do_compile: recipe-sysroot/usr/share/forged was added by somebody, which is put right again',
  );
  expect(ran.stderr).toContain('recipe-sysroot/usr/share/lib was changed by somebody');
  expect(ran.stdout).toContain('2 warnings');
  expect(w.varve('cat', 'app', 'usr/seen/lib').stdout).toBe('genuine\n');
  expect(w.varve('cat', 'app', 'usr/seen/forged').status).toBe(2);
  // `verify` runs tasks again from what is recorded, whatever stands there.
  writeFileSync(join(dir, 'usr/share/lib'), 'forged\n');
  expect(w.varve('verify', 'app:install').status).toBe(0);
});

test('a task has no network, a fetching one aside', () => {
  const look = 'ls /sys/class/net > ${WORKDIR}/net || true; cat /proc/net/dev > ${WORKDIR}/dev';
  const w = makeWorkspace({ files: { 'recipes/app_1.bb': plainRecipe({ do_compile: look }) } });
  expect(w.varve('build', 'app').status).toBe(0);
  const devices = w
    .varve('cat', 'app:compile', 'dev')
    .stdout.split('\n')
    .slice(2)
    .filter((line) => line !== '');
  expect(devices.map((line) => line.split(':')[0]?.trim())).toEqual(['lo']);
});

test('a task writes neither beside its build directory nor into its layer, even below /tmp', () => {
  const write = (place: string): string =>
    `if echo forged > ${place}/forged; then bbfatal ${place} is open; fi`;
  const app = plainRecipe({
    do_compile: [write('${TOPDIR}'), write('${TOPDIR}/..'), write('${FILE_DIRNAME}'), 'echo own > own'].join(
      '\n',
    ),
    do_install: 'true',
  });
  const w = makeWorkspace({ files: { 'recipes/app_1.bb': app } });
  const ran = w.varve('build', 'app');
  expect(ran.said).not.toContain('is open');
  expect(ran.status).toBe(0);
  expect(readdirSync(dirname(w.buildDir))).not.toContain('forged');
});

test('a clash is a failure that leaves other recipes of a -k build alone', () => {
  const other = lib.replace('genuine', 'other');
  const app = plainRecipe({ do_compile: 'true', do_install: 'true' }, 'DEPENDS = "lib rival"\n');
  const w = makeWorkspace({
    files: {
      'recipes/lib_1.bb': lib,
      'recipes/rival_1.bb': other,
      'recipes/app_1.bb': app,
      'recipes/free_1.bb': lib,
    },
  });
  const ran = w.varve('build', '-k', 'app', 'free');
  expect(ran.status).toBe(1);
  expect(ran.said).toMatch(/lib.*rival.*usr\/share\/lib|usr\/share\/lib.*lib.*rival/s);
  expect(ran.said).toContain('free:do_install  ran');
});

test.each([
  ['git', 'git ls-remote https://example.org/x.git'],
  ['python3', `python3 -c 'import urllib.request as u; u.urlopen("https://example.org")'`],
  ['an address', `python3 -c 'import socket; socket.create_connection(("192.0.2.1", 80))'`],
])('a task that fails for want of a network says how it may have one: %s', (_, compile) => {
  const line = 'do_compile[network] = "1"';
  const w = makeWorkspace({ files: { 'recipes/app_1.bb': plainRecipe({ do_compile: compile }) } });
  expect(w.varve('build', 'app').stdout).toContain(
    `hint: do_compile has no network: name what it loads in SRC_URI, or put into the recipe: ${line}\n`,
  );
});

test('a task with a network that fails for another reason is not told of one', () => {
  const compile = 'echo "fatal: Could not resolve host: x"; false';
  const recipe = plainRecipe({ do_compile: compile }, 'do_compile[network] = "1"');
  const w = makeWorkspace({ files: { 'recipes/app_1.bb': recipe } });
  expect(w.varve('build', 'app').stdout).not.toContain('network');
});
