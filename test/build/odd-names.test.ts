/** Names of sources that are no UTF-8, or that few programs expect: built, told of, patched and asked for like others. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeWorkspace, plainRecipe, type Workspace } from '../support/workspace.ts';

/** A character stands for each byte. */
const names = ['bad\u00ff\u00fe', 'new\nline', 'Icon\r', 'trail ', 'with space', 'plain'];

const recipe = plainRecipe(
  { do_install: 'install -d ${D}/x; cp -a . ${D}/x' },
  'SRC_URI = "file://src"\nS = "${UNPACKDIR}/src"',
);

const at = (dir: string, name: string): Buffer => Buffer.from(`${dir}/${name}`, 'latin1');

function fill(dir: string, text: string): void {
  mkdirSync(dir, { recursive: true });
  for (const name of names) writeFileSync(at(dir, name), `one\n${text}\n`);
}

/** What varve and others say in a shell, which hands over bytes as they are; `$bad` is the first of the names. */
function sh(w: Workspace, script: string): string {
  const varve = `varve() { node '${join(import.meta.dirname, '../../dist/bin/varve.js')}' "$@"; }`;
  const bad = String.raw`bad=$(printf 'bad\377\376')`;
  const ran = spawnSync('sh', ['-ec', `${varve}\n${bad}\n${script}`], { cwd: w.buildDir, encoding: 'utf8' });
  return `${ran.stdout}${ran.stderr}${ran.status === 0 ? '' : `exit ${ran.status}\n`}`;
}

const minutes = { timeout: 600_000 };

test('sources with such names are built, found by them, and told of in patches that apply', minutes, () => {
  const w = makeWorkspace({ files: { 'recipes/app_1.bb': recipe } });
  const src = join(w.layer, 'recipes/files/src');
  fill(src, 'two');
  expect(w.varve('build', 'app').status).toBe(0);
  expect(w.counts('app')['run']).toBe(0);
  expect(w.varve('fsck').status).toBe(0);
  expect(sh(w, 'varve cat app "x/$bad"')).toBe('one\ntwo\n');
  expect(sh(w, 'varve blame app "x/$bad"')).toMatch(/^do_unpack .*two$/m);
  expect(sh(w, 'varve cat app "x/${bad%?}"')).toContain('exit 2');

  // Another byte is another name, and another signature.
  renameSync(at(src, 'bad\u00ff\u00fe'), at(src, 'bad\u00ff\u00ff'));
  expect(w.varve('build', '-n', 'app').stdout).toContain('app:do_unpack  run ');
  renameSync(at(src, 'bad\u00ff\u00ff'), at(src, 'bad\u00ff\u00fe'));

  expect(w.varve('restore', 'app:unpack', 'before').status).toBe(0);
  fill(src, 'another');
  expect(w.varve('build', 'app').status).toBe(0);
  expect(w.varve('why', 'app:unpack').stdout).toMatch(/^file "src\/Icon\\r": \+1 -1 /m);
  expect(sh(w, 'varve log app -- "sources/src/$bad"')).toMatch(/^do_unpack /);
  expect(sh(w, 'varve diff app --stat -- "x/$bad"')).toContain(String.raw` "x/bad\377\376" | 2 +-`);
  const patched = `varve diff app@1:unpack app:unpack | patch -p1 -d before
varve restore app:unpack after
diff -r before after && echo alike`;
  expect(sh(w, patched)).toMatch(/\nalike\n$/);
});

test('what is typed into sources with such names becomes a patch that applies', minutes, () => {
  const w = makeWorkspace({ files: { 'recipes/app_1.bb': recipe } });
  fill(join(w.layer, 'recipes/files/src'), 'two');
  expect(w.varve('build', '-c', 'patch', 'app').status).toBe(0);
  fill(w.path('tmp/work/x86_64/app/sources/src'), 'typed');
  expect(w.varve('edit', 'finish', 'app', '-m', 'all').status).toBe(0);
  expect(w.varve('build', '-c', 'patch', 'app').status).toBe(0);
  for (const name of ['$bad', ...names.slice(1)])
    expect(sh(w, `varve blame app:patch "sources/src/${name}"`)).toMatch(
      /^do_patch 0001-all\.patch .*typed$/m,
    );
});
