/** `edit finish` where the edits are about the recipe's own patches. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { recipe, source, workdirOf, workspace } from '../support/editable-app.ts';
import type { Workspace } from '../support/workspace.ts';

/** Changes a.txt, then b.txt, which is four lines. */
const first =
  'From: Bob <bob@example.org>\nSubject: [PATCH] loud\n\n---\n a.txt | 2 +-\n\n--- a/a.txt\n+++ b/a.txt\n@@ -1,2 +1,2 @@\n one\n-two\n+TWO\n';
const second = '--- a/b.txt\n+++ b/b.txt\n@@ -1 +1 @@\n-b\n+B\n';

const patched = (): Workspace =>
  workspace({
    'recipes/app_1.bb': `${recipe}SRC_URI += "file://first.patch file://second.patch"\n`,
    'recipes/app/first.patch': first,
    'recipes/app/second.patch': second,
  });

function git(w: Workspace, ...args: string[]): string {
  const identity = ['-c', 'user.name=Eve', '-c', 'user.email=eve@example.org', '-c', 'core.editor=true'];
  return execFileSync('git', [...identity, ...args], {
    cwd: workdirOf(w),
    encoding: 'utf8',
    env: { ...process.env, GIT_SEQUENCE_EDITOR: 'true' },
  });
}

const patchesOf = (w: Workspace): readonly string[] =>
  readdirSync(join(w.layer, 'recipes/app')).filter((name) => name.endsWith('.patch'));

test('commits of patches that git rewrote: what is otherwise is one patch behind them, or nothing is written', () => {
  const w = patched();
  expect(w.varve('shell', 'app:patch', '--', 'true').status).toBe(0);
  writeFileSync(source(w, 'b.txt'), 'C\n');
  git(w, 'commit', '-qa', '--fixup', git(w, 'log', '--format=%h', '--grep=second', '-1').trim());
  git(w, 'rebase', '-qi', '--autosquash', 'HEAD~3');
  expect(w.varve('diff', 'app:edited').stdout).toContain('-B\n+C\n');
  const finished = w.varve('edit', 'finish', 'app', '-m', 'see');
  expect(finished.said).toContain(
    'commits of patches were rewritten in the WORKDIR: these stay as SRC_URI names them',
  );
  expect(readFileSync(join(w.layer, 'recipes/app/0003-see.patch'), 'utf8')).toContain('-B\n+C\n');
  expect(w.varve('build', 'app').status).toBe(0);
  expect(readFileSync(source(w, 'b.txt'), 'utf8')).toBe('C\n');

  // The commit of do_patch amended, message and all; a commit of one's own on it.
  expect(w.varve('shell', 'app:patch', '--', 'true').status).toBe(0);
  writeFileSync(source(w, 'b.txt'), 'D\n');
  git(w, 'commit', '-qa', '--amend', '-m', 'dee');
  writeFileSync(source(w, 'a.txt'), 'ONE\nTWO\n');
  git(w, 'commit', '-qam', 'loud all over');
  expect(w.varve('edit', 'finish', 'app').status).toBe(0);
  expect(patchesOf(w)).toContain('0005-loud-all-over.patch');
  expect(w.varve('build', 'app').status).toBe(0);
  expect(readFileSync(source(w, 'b.txt'), 'utf8')).toBe('D\n');
  expect(w.varve('cat', 'app', 'usr/share/a.txt').stdout).toBe('ONE\nTWO\n');

  // Gone back behind patches: nothing tells what is to become of them.
  expect(w.varve('shell', 'app:patch', '--', 'true').status).toBe(0);
  git(w, 'reset', '-q', '--hard', 'HEAD~4');
  writeFileSync(source(w, 'made.txt'), 'x\n');
  writeFileSync(source(w, 'a.txt'), 'one\nTWO\nthree\n');
  git(w, 'commit', '-qam', 'three');
  const [before, text] = [patchesOf(w), w.read('../layer/recipes/app_1.bb')];
  const refused = w.varve('edit', 'finish', 'app');
  expect(refused).toMatchObject({ status: 2, stdout: '' });
  expect(refused.stderr).toContain('were made on sources that not all its patches were applied to');
  expect([patchesOf(w), w.read('../layer/recipes/app_1.bb')]).toEqual([before, text]);
  const [, shell = '', diff = '', patch = ''] =
    /^hint: varve (shell .*?) {3}.*\nhint: varve (diff .*?) \| (.*?) {3}/m.exec(refused.stderr) ?? [];
  expect(w.varve(...shell.split(' ')).status).toBe(0);
  expect(shell).toBe('shell app:patch -- true');
  expect(w.varve(...diff.split(' ')).stdout).toContain('+three\n');
  expect(patch).toMatch(/^patch -p1 -d /);
});

test('edits at a do_patch that failed become the patch that did not apply; before patches they are refused', () => {
  const w = patched();
  w.write('recipes/app/src/a.txt', 'one\nzwei\n');
  w.write('recipes/app/src/b.txt', 'bee\n');
  const failed = w.varve('build', 'app');
  expect(failed.status).toBe(1);
  expect(failed.said).toContain(
    'hint: varve shell app:do_patch@failed   to put it right there; varve edit finish app then rewrites the patch\n',
  );
  // Where no patch is applied a new one would stand behind those that there are.
  w.varve('shell', 'app:unpack', '--', 'sh', '-c', 'echo 1 >> b.txt');
  const refused = w.varve('edit', 'finish', 'app', '-m', 'x');
  expect(refused).toMatchObject({ status: 2, stdout: '' });
  expect(refused.stderr).toContain(
    'hint: varve shell app:do_patch@failed   is where first.patch does not apply',
  );
  expect(patchesOf(w)).toEqual(['first.patch', 'second.patch']);

  const mend = 'sed -i s/zwei/ZWEI/ a.txt';
  const left = w.varve('shell', 'app:do_patch@failed', '--', 'sh', '-c', mend).said;
  expect(left).not.toContain('build -f');
  expect(w.varve('edit', 'finish', 'app', '-m', 'x').stderr).toContain('--message means nothing for it');
  expect(w.varve('edit', 'finish', 'app').stdout.split('\n').slice(0, 2)).toEqual([
    'rewrote ../layer/recipes/app/first.patch',
    'left out: sources/src/a.txt.rej (left by the failed patch)',
  ]);
  expect(w.read('../layer/recipes/app/first.patch')).toBe(
    'From: Bob <bob@example.org>\nSubject: [PATCH] loud\n\n---\ndiff --git a/a.txt b/a.txt\n--- a/a.txt\n+++ b/a.txt\n@@ -1,2 +1,2 @@\n one\n-zwei\n+ZWEI\n',
  );

  // The next one is met on what the first makes.
  expect(w.varve('build', 'app').status).toBe(1);
  writeFileSync(source(w, 'b.txt'), 'BEE\n');
  rmSync(source(w, 'b.txt.rej'));
  expect(w.varve('edit', 'finish', 'app').said).toMatch(
    /^rewrote ..\/layer\/recipes\/app\/second.patch\nnext: varve build app\n$/,
  );
  expect(w.varve('build', 'app').status).toBe(0);
  expect(readFileSync(source(w, 'b.txt'), 'utf8')).toBe('BEE\n');
  expect(w.varve('cat', 'app', 'usr/share/a.txt').stdout).toBe('one\nZWEI\n');
});
