/** The scripts in the shells that they are for. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { testWith } from '../support/needs.ts';
import { makeWorkspace, plainRecipe, type Workspace } from '../support/workspace.ts';

function workspace(): Workspace & {
  readonly bin: string;
  readonly run: (shell: string, script: string) => readonly string[];
} {
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
  return { ...w, bin, run };
}

/** What a line is when Tab was pressed at its end, in a shell at a terminal. */
function tabbed(
  { buildDir, top, bin }: { readonly buildDir: string; readonly top: string; readonly bin: string },
  { shell, setup }: { readonly shell: readonly string[]; readonly setup: string },
  lines: readonly string[],
): readonly string[] {
  // Everything is typed ahead: Tab, then at the beginning of the line what prints it.
  const typed = lines.map((line) => `${line}\t\u0001printf '<%s>' \u0005 =\n`).join('');
  const terminal = 'import pty, sys; pty.spawn(sys.argv[1:])';
  const { stdout } = spawnSync('python3', ['-c', terminal, ...shell], {
    cwd: buildDir,
    env: { ...process.env, PATH: `${bin}:${process.env['PATH']}`, HOME: top, TERM: 'dumb' },
    input: `${setup}\n${typed}exit\n`,
    encoding: 'utf8',
  });
  return [...stdout.matchAll(/<varve><(.*?)><=>/g)].map(([, words = '']) => words.replaceAll('><', ' '));
}

const typedLines = [
  'varve diff zlib:inst',
  'varve show zlib@go',
  'varve build zl',
  'varve bisect z --over com',
];
const becomes = ['diff zlib:install', 'show zlib@good', 'build zlib', 'bisect z --over commits'];

testWith({ programs: ['bash', 'python3'] })(
  'bash completes commands, options, recipes, tasks and builds, whatever it takes for the end of a word',
  () => {
    const { run, ...place } = workspace();
    const complete = (line: string, word = line.replace(/.*[ :@]/, '')): readonly string[] =>
      run(
        'bash',
        `eval "$(varve completion bash)"; compopt() { :; }
      COMP_LINE='${line}' COMP_POINT=${line.length}; _varve varve '${word}'; printf '%s\\n' "\${COMPREPLY[@]}"`,
      );
    expect(complete('varve bu')).toEqual(['build', 'builds']);
    expect(complete('varve build --ke')).toEqual(['--keep-going']);
    expect(complete('varve build z')).toEqual(['zlib', 'zsh']);
    expect(complete('varve edit ')).toEqual(['finish', 'drop']);
    expect(complete('varve diff zlib:inst')).toEqual(['install']);
    expect(complete('varve diff zlib:do_inst')).toEqual(['do_install']);
    expect(complete('varve diff zlib zlib@', '@')).toEqual(['@1', '@ok', '@good']);
    expect(complete('varve bisect zlib --over c')).toEqual(['commits']);
    expect(complete('varve bisect zlib --good ')).toEqual(['@1', '@ok', '@good']);
    expect(complete('varve -B ')).toEqual([]);
    expect(complete('varve -B . log zl')).toEqual(['zlib']);
    expect(complete('varve parse ')).toEqual([]);
    const bash = { shell: ['bash', '--norc', '-i'], setup: 'eval "$(varve completion bash)"' };
    expect(tabbed(place, bash, typedLines)).toEqual(becomes);
  },
);

testWith({ programs: ['zsh', 'python3'] })('zsh completes them too', () => {
  const { run, ...place } = workspace();
  const complete = (line: string): readonly string[] =>
    run(
      'zsh',
      `compdef() { :; }; compadd() { shift; print -l -- "$@"; }; _files() { print files; }
      eval "$(varve completion zsh)"; words=(\${(s: :)"\${:-${line}}"}); CURRENT=$#words; _varve`,
    );
  expect(complete('varve diff zlib:inst')).toEqual(['zlib:install']);
  expect(complete('varve build z')).toEqual(['zlib', 'zsh']);
  expect(complete('varve parse x')).toEqual(['files']);
  const setup = 'autoload -Uz compinit; compinit -u; bindkey -e; eval "$(varve completion zsh)"';
  expect(tabbed(place, { shell: ['zsh', '-f', '-i'], setup }, typedLines)).toEqual(becomes);
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
