import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { makeWorkspace, plainRecipe } from '../support/workspace.ts';

const lib = plainRecipe({ do_install: 'mkdir -p ${D}/usr/share\necho genuine > ${D}/usr/share/lib' });

test('a task cannot change what it finds in its sysroot, nor the artifact behind it', () => {
  const app = plainRecipe(
    { do_compile: 'echo forged > ${STAGING_DATADIR}/lib', do_install: 'true' },
    'DEPENDS = "lib"\n',
  );
  const w = makeWorkspace({ files: { 'recipes/lib_1.bb': lib, 'recipes/app_1.bb': app } });
  const ran = w.varve('build', 'app');
  expect(ran.said).toMatch(/Read-only file system|in its sysroot/);
  expect(w.varve('cat', 'lib', 'usr/share/lib').stdout).toBe('genuine\n');
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
