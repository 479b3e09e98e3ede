/** The scripts in the shells that they are for. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { testWith } from '../support/needs.ts';
import { makeWorkspace, plainRecipe, type Workspace } from '../support/workspace.ts';

function workspace(): Workspace & { readonly run: (shell: string, script: string) => readonly string[] } {
  const recipe = plainRecipe({ do_install: 'install -d ${D}' });
  const w = makeWorkspace({ files: { 'recipes/zlib_1.bb': recipe, 'recipes/zsh_2.bb': recipe } });
  expect(w.varve('build', '--name', 'good', 'zlib').status).toBe(0);
  const bin = join(w.top, 'bin');
  mkdirSync(bin);
  const program = `#!/bin/sh\nexec "${process.execPath}" "${resolve('dist/bin/varve.js')}" "$@"\n`;
  writeFileSync(join(bin, 'varve'), program);
  chmodSync(join(bin, 'varve'), 0o755);
  const run = (shell: string, script: string): readonly string[] => {
    const env = { ...process.env, PATH: `${bin}:${process.env['PATH']}`, HOME: w.top };
    const { stdout, stderr } = spawnSync(shell, ['-c', script], { cwd: w.buildDir, env, encoding: 'utf8' });
    expect(stderr).toBe('');
    return stdout.split('\n').filter((line) => line !== '');
  };
  return { ...w, run };
}

test('bash completes commands, options, recipes, tasks and builds, whatever it takes for the end of a word', () => {
  const { run } = workspace();
  const complete = (line: string): readonly string[] =>
    run(
      'bash',
      `eval "$(varve completion bash)"; compopt() { :; }
      COMP_LINE='${line}' COMP_POINT=${line.length}; _varve; printf '%s\\n' "\${COMPREPLY[@]}"`,
    );
  expect(complete('varve bu')).toEqual(['build', 'builds']);
  expect(complete('varve build --ke')).toEqual(['--keep-going']);
  expect(complete('varve build z')).toEqual(['zlib', 'zsh']);
  expect(complete('varve edit ')).toEqual(['finish', 'drop']);
  expect(complete('varve diff zlib:inst')).toEqual(['install']);
  expect(complete('varve diff zlib zlib@')).toEqual(['1', 'ok', 'good']);
  expect(complete('varve -B . log zl')).toEqual(['zlib']);
  expect(complete('varve parse ')).toEqual([]);
});

testWith({ programs: ['zsh'] })('zsh completes them too', () => {
  const { run } = workspace();
  const complete = (line: string): readonly string[] =>
    run(
      'zsh',
      `compdef() { :; }; compadd() { shift; print -l -- "$@"; }; _files() { print files; }
      eval "$(varve completion zsh)"; words=(\${(s: :)"\${:-${line}}"}); CURRENT=$#words; _varve`,
    );
  expect(complete('varve diff zlib:inst')).toEqual(['zlib:install']);
  expect(complete('varve build z')).toEqual(['zlib', 'zsh']);
  expect(complete('varve parse x')).toEqual(['files']);
});

testWith({ programs: ['fish'] })('and so does fish', () => {
  const { run } = workspace();
  const complete = (line: string): readonly string[] =>
    run('fish', `varve completion fish | source; complete -C '${line}'`);
  expect(complete('varve diff zlib:inst')).toEqual(['zlib:install']);
  expect(complete('varve build z')).toEqual(['zlib', 'zsh']);
});

test('where nothing can be read there is nothing to complete, and no complaint', () => {
  const { varve, write } = workspace();
  write('conf/layer.conf', 'no statement\n');
  expect(varve('completion', 'bash', '--', 'build', 'z')).toEqual(
    expect.objectContaining({ status: 0, said: '' }),
  );
});
