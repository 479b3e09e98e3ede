import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { shellRunScript, type RunScript } from '../../lib/execution/task/run-script.ts';

/** The script of do_compile with this body; each test shows what matters to it. */
function script(body: string, more: Partial<RunScript> = {}): RunScript {
  return {
    task: 'do_compile',
    title: 'zlib 1.3-r0',
    functions: new Map([['do_compile', body]]),
    exports: new Map(),
    cwd: '/',
    umask: 0o22,
    ...more,
  };
}

/** Runs a script as a person would, by hand. */
function run(text: string): { readonly status: number | null; readonly stdout: string } {
  return spawnSync('/bin/sh', ['-e'], { input: text, env: { PATH: '/usr/bin:/bin' }, encoding: 'utf8' });
}

test('exports come sorted and quoted, then the umask, functions, directory and call', () => {
  const text = shellRunScript(
    script('\toe_runmake all\n', {
      functions: new Map([
        ['do_compile', '\toe_runmake all\n'],
        ['oe_runmake', '\tmake "$@"'],
      ]),
      exports: new Map([
        ['CFLAGS', "-O2 -DNAME='x y'"],
        ['AR', 'ar'],
      ]),
      cwd: '/build/tmp/work/x86_64/zlib/sources/zlib-1.3',
    }),
  );
  expect(text.split('\n').filter((line) => !/varve_|trap|set -E|^fi$|^if |^}$/.test(line))).toEqual([
    '#!/bin/sh -e',
    '# do_compile of zlib 1.3-r0, written anew each time that it runs. Run by hand it does the same again.',
    'export AR=ar',
    `export CFLAGS='-O2 -DNAME='\\''x y'\\'''`,
    'umask 022',
    '',
    '',
    'oe_runmake() {',
    '\tmake "$@"',
    '',
    'do_compile() {',
    '\toe_runmake all',
    '',
    'cd /build/tmp/work/x86_64/zlib/sources/zlib-1.3',
    'do_compile',
    '',
  ]);
});

test('what it says and how it ends is what the body says and how it ends', () => {
  const exports = new Map([['GREETING', 'it\'s $HOME `id` \\ "\n\tdone']]);
  const text = shellRunScript(
    script('printf "%s\\n" "$GREETING"\npwd; umask', { exports, cwd: '/usr', umask: 0o27 }),
  );
  expect(run(text)).toMatchObject({ status: 0, stdout: `it's $HOME \`id\` \\ "\n\tdone\n/usr\n0027\n` });
});

test('the first command that fails ends it, and the log tells the task and its exit code', () => {
  const result = run(shellRunScript(script('echo before\nfalse\necho after')));
  expect(result.status).toBe(1);
  expect(result.stdout).toMatch(/^before\nERROR: do_compile ended with exit code 1.*\n$/);
});

test('an empty body is a task that does nothing', () => {
  expect(run(shellRunScript(script(' \n\n')))).toMatchObject({ status: 0, stdout: '' });
});

test('a name that a shell cannot export is left out', () => {
  const text = shellRunScript(
    script(':', {
      exports: new Map([
        ['FILES:zlib', 'x'],
        ['A-B', 'y'],
      ]),
    }),
  );
  expect(text).not.toContain('export');
});
