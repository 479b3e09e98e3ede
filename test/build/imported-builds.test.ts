/** What a colleague's builds are asked on another machine, with the real program. */
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeWorkspace, plainRecipe, type Workspace } from '../support/workspace.ts';

const minutes = { timeout: 300_000 };
const lib = plainRecipe({ do_install: 'install -d ${D}/usr/include; echo 7 > ${D}/usr/include/lib.h' });
const app = (compile: string): string =>
  plainRecipe(
    { do_compile: compile, do_install: 'install -d ${D}/usr; cp made ${D}/usr/made' },
    'DEPENDS = "lib"\nB = "${WORKDIR}/b"\n',
  );

/** Two builds and a third that fails in a repository of its own, taken in elsewhere, where app is not built. */
function imported(): Workspace {
  const ann = makeWorkspace({
    files: { 'recipes/lib_1.bb': lib, 'recipes/app_1.bb': app('echo good > made') },
  });
  expect(ann.varve('build', 'app').status).toBe(0);
  ann.write('recipes/app_1.bb', app('echo worse > made'));
  expect(ann.varve('build', 'app').status).toBe(0);
  ann.write(
    'recipes/app_1.bb',
    app('git init -q nested; git -C nested config alias.x !x\necho half > made\nfalse'),
  );
  expect(ann.varve('build', 'app').said).toContain(
    'hint: varve history export app:do_compile@failed app.varve   one file of it',
  );
  const file = join(ann.top, 'ann.varve');
  expect(ann.varve('history', 'export', '@1', '@2', '@3', file).status).toBe(0);
  const here = makeWorkspace({
    files: { 'recipes/lib_1.bb': lib, 'recipes/app_1.bb': app('echo mine > made') },
  });
  expect(here.varve('history', 'import', file).status).toBe(0);
  return here;
}

test('an imported failure is entered as one’s own, and imported builds are bisected', minutes, () => {
  const w = imported();
  const scratch = join(w.top, 'scratch');
  mkdirSync(scratch);
  const look = 'cat made; cat $PKG_CONFIG_SYSROOT_DIR/usr/include/lib.h; pwd';
  const shell = w.varve(
    'shell',
    'app@ann:compile@failed',
    '--',
    'env',
    `TMPDIR=${scratch}`,
    'sh',
    '-c',
    look,
  );
  expect(shell.status).toBe(0);
  expect(shell.stdout).toMatch(/^half\n7\n\/\S+\/varve-shell-\w+\/app\/b\n$/);
  expect(shell.stderr).toMatch(
    /note: .* is a copy of app@ann:do_compile@failed; it goes when the shell ends/,
  );
  expect(shell.stderr).toMatch(
    /warning: .*\/b\/nested is a git repository, and git run in it obeys its configuration: \[alias\] x = !x/,
  );
  expect(existsSync(shell.stdout.split('\n')[2] ?? '')).toBe(false);

  expect(w.varve('restore', 'app@ann:compile@failed', 'out').said).toContain(
    'out/b/nested is a git repository',
  );
  const asked = ['--', 'grep', 'good', 'usr/made'];
  const found = w.varve('bisect', 'app', '--good', '@ann@1', '--bad', '@ann@2', ...asked);
  expect(found.said).toContain('build 2 of ann is the first bad one');
  expect(w.varve('blame', 'app@ann@2', 'usr/made').stdout).toMatch(/build \d of ann/);
  expect(found.stdout).toContain('next: varve diff @ann@1 @ann@2\n');
  expect(w.varve('bisect', 'app', '--good', '@1', '--bad', '@ann@2', ...asked)).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('varve why app@1 app@ann@2'),
  });
  expect([w.exists('history'), readdirSync(scratch)]).toEqual([false, []]);
});
