import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { makeWorkspace, plainRecipe, type Workspace } from '../support/workspace.ts';

const work = 'tmp/work/x86_64/app';

/** A recipe that was built, and its WORKDIR removed and put back as a task left it. */
function putBack(rev: string): Workspace {
  const w = makeWorkspace({
    files: {
      'recipes/app_1.0.bb': plainRecipe({
        do_configure: 'mkdir empty; echo configured > config',
        do_compile: 'cat config config > program',
        do_install: 'install -D program ${D}/usr/bin/program',
      }),
    },
  });
  expect(w.varve('build', 'app').status).toBe(0);
  rmSync(w.path(work), { recursive: true });
  expect(w.varve('restore', rev, w.path(work)).status).toBe(0);
  return w;
}

const edits = (w: Workspace): string => w.git('app', 'tag', '-l', 'edited@*');

test('a WORKDIR that was put back as a task left it has no edits', () => {
  const w = putBack('app:compile');
  const again = w.varve('build', 'app');
  expect(again.said).not.toContain('edits');
  expect(w.varve('shell', 'app:compile', '--', 'cat', 'program').stdout).toBe('configured\nconfigured\n');
  expect(edits(w)).toBe('');
  const git = (...args: readonly string[]): string =>
    spawnSync('git', args, { cwd: w.path(work), encoding: 'utf8' }).stdout.trim();
  expect(git('status', '--porcelain')).toBe('');
  expect(git('rev-parse', 'HEAD')).toBe(git('rev-parse', 'do_compile'));
});

test('tasks go on from there, and what they make is published', () => {
  const w = putBack('app:configure');
  expect(w.varve('build', '-n', '-f', '-c', 'compile', 'app').said).not.toContain('edits');
  const forced = w.varve('build', '-f', '-c', 'install', 'app');
  expect(forced.said).not.toContain('edits');
  expect(edits(w)).toBe('');
  expect(w.read(work, 'image/usr/bin/program')).toBe('configured\nconfigured\n');
});

test('what was typed in it since is kept as edits', () => {
  const w = putBack('app:configure');
  writeFileSync(w.path(work, 'sources/config'), 'typed\n');
  expect(w.varve('build', 'app').said).toContain('app: the WORKDIR has edits');
  expect(w.varve('clean', 'app').status).toBe(0);
  expect(w.varve('cat', 'app:edited@1', 'sources/config').stdout).toBe('typed\n');
});
