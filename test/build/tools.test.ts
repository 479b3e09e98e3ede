/** What a build finds out about the machine's tools. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeWorkspace, plainRecipe } from '../support/workspace.ts';

const local = 'HOSTTOOLS_SIGNED = "bison"\n';
const recipe = { 'recipes/app_1.bb': plainRecipe({ do_install: 'install -d ${D}/usr' }) };

/** A home, and a bison before all others on PATH that notes each question. */
function machine() {
  const top = mkdtempSync(join(tmpdir(), 'varve-home-'));
  onTestFinished(() => rmSync(top, { recursive: true, force: true }));
  const speak = (version: string): void =>
    writeFileSync(join(top, 'bison'), `#!/bin/sh\necho "$@" >> ${top}/asked\necho bison ${version}\n`, {
      mode: 0o755,
    });
  speak('1');
  return {
    speak,
    env: { HOME: join(top, 'home'), XDG_CACHE_HOME: '', PATH: `${top}:${process.env['PATH'] ?? ''}` },
    asked: () => readFileSync(join(top, 'asked'), 'utf8'),
  };
}

test('another build directory of the same user need not ask again, and a tool that was replaced is seen', () => {
  const { env, asked, speak } = machine();
  const [here, there] = [
    makeWorkspace({ files: recipe, local, env }),
    makeWorkspace({ files: recipe, local, env }),
  ];
  expect(here.counts('app')).toMatchObject({ failed: 0 });
  expect(there.counts('app')).toMatchObject({ failed: 0 });
  expect(asked()).toBe('--version\n');
  speak('2');
  expect(there.varve('why', 'app:configure').stdout).toContain('hosttool bison: "bison 1" → "bison 2"');
  expect(here.varve('why', 'app:configure').stdout).toContain('hosttool bison: "bison 1" → "bison 2"');
  expect(asked()).toBe('--version\n--version\n');
});

test.each([
  ['no home', { HOME: '', XDG_CACHE_HOME: '' }],
  ['one where nothing can be written', { HOME: '/proc/none', XDG_CACHE_HOME: '' }],
])('who has %s can build', (_, home) => {
  const w = makeWorkspace({ files: recipe, local, env: home });
  expect(w.varve('build', 'app')).toMatchObject({ status: 0, stderr: '' });
});

test('a program that a configuration adds to HOSTTOOLS is signed', () => {
  const { env } = machine();
  const speak = (what: string): void =>
    writeFileSync(join(env.PATH.split(':')[0] ?? '', 'own-tool'), `#!/bin/sh\necho ${what}\n`, {
      mode: 0o755,
    });
  speak('one');
  const w = makeWorkspace({ files: recipe, local: 'HOSTTOOLS += "own-tool"\n', env });
  expect(w.counts('app')).toMatchObject({ failed: 0 });
  speak('two');
  expect(w.varve('why', 'app:configure').stdout).toContain('hosttool own-tool: "sha256:');
});
