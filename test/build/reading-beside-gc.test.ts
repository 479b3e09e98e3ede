/** The real program reads while the real gc runs: what a reader began on stays until it ends. */
import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { makeWorkspace, plainRecipe, type Workspace } from '../support/workspace.ts';

const everything = process.env['VARVE_TEST_ALL'] === '1';
const preload = resolve('test/support/gc-at-read.mjs');
const program = resolve('dist/bin/varve.js');

const lib = (text: string): string =>
  plainRecipe({
    do_compile: `echo made of ${text} > made`,
    do_install: `install -D made \${D}/usr/lib/made\necho ${text} >> \${D}/usr/lib/made`,
  });

const commands: Readonly<Record<string, readonly string[]>> = {
  cat: ['cat', 'lib@1', 'usr/lib/made'],
  restore: ['restore', 'lib@1:install', 'restored'],
  log: ['log', 'lib@1'],
  show: ['show', 'lib@1:compile'],
  diff: ['diff', 'lib@1:compile', 'lib@2:compile'],
  'diff of builds': ['diff', '@1', '@2'],
  blame: ['blame', 'lib@1', 'usr/lib/made'],
  why: ['why', '@1', '@2'],
  'history export': ['history', 'export', '@1', 'exported'],
  'artifact export': ['artifact', 'export', 'lib@1', 'exported'],
  bisect: ['bisect', 'lib', '--good', '1', '--bad', '3', '--', 'grep', '-q', 'one', 'usr/lib/made'],
  fsck: ['fsck'],
};

function builtThreeTimes(): Workspace {
  const w = makeWorkspace({ local: 'HISTORY_GC_BUILDS = "0"\n' });
  for (const text of ['one', 'two', 'three']) {
    w.write('recipes/lib_1.bb', lib(text));
    expect(w.varve('build', 'lib').status).toBe(0);
  }
  return w;
}

/** Runs a command in a fresh copy of a build directory. */
function run(
  { top, buildDir }: Workspace,
  words: readonly string[],
  at: number,
): { readonly outcome: unknown; readonly gc: string; readonly reads: number } {
  const [kept, seen] = [join(top, 'kept'), join(top, 'seen')];
  rmSync(buildDir, { recursive: true });
  rmSync(seen, { force: true });
  cpSync(kept, buildDir, { recursive: true, preserveTimestamps: true });
  const ran = spawnSync(process.execPath, ['--import', preload, program, ...words], {
    cwd: buildDir,
    env: { ...process.env, GC_AT: String(at), SEEN: seen },
    encoding: 'utf8',
  });
  const gc = readFileSync(seen, 'utf8');
  const { status, stdout, stderr } = ran;
  return { outcome: { status, stdout, stderr }, gc, reads: Number(/^reads: (\d+)$/m.exec(gc)?.[1]) };
}

test('whatever is read while gc drops it says what it would have said', { timeout: 900_000 }, () => {
  const w = builtThreeTimes();
  cpSync(w.buildDir, join(w.top, 'kept'), { recursive: true, preserveTimestamps: true });
  for (const [name, words] of Object.entries(commands)) {
    const { outcome, reads } = run(w, words, 0);
    expect(outcome).toMatchObject({ status: 0 });
    const places = everything
      ? Array.from({ length: 12 }, (_, i) => Math.ceil((reads * (i + 1)) / 13))
      : [reads / 2];
    for (const at of places) {
      const beside = run(w, words, Math.ceil(at));
      // Who only comes after gc finds none of what it dropped.
      if (beside.gc.includes(' reads the record: until that ends'))
        expect({ name, at, ...beside }).toMatchObject({ outcome });
      else
        expect(at < reads / 2 && JSON.stringify(beside)).toMatch(
          /build 1 is no longer in the record|1 build, .*all whole/,
        );
    }
  }
  expect(w.varve('gc', '--older-than', '0d').stdout).toMatch(
    /^builds 1-2 dropped, 1 stay; histories are [1-9]/,
  );
});
