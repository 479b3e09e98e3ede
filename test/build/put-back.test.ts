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

/** Sources that greet in another way in the second build, by a patch in the third. */
function greeting(): Workspace {
  const w = makeWorkspace({
    files: {
      'recipes/app/greet.sh': 'echo Hello\n',
      'recipes/app_1.0.bb': plainRecipe(
        { do_compile: 'sh greet.sh > said', do_install: 'install -D said ${D}/usr/share/said' },
        'SRC_URI = "file://greet.sh"\nS = "${UNPACKDIR}"\n',
      ),
    },
  });
  expect(w.varve('build', 'app').status).toBe(0);
  w.write('recipes/app/greet.sh', 'echo Hallo\n');
  expect(w.varve('build', 'app').status).toBe(0);
  return w;
}

test.each([
  ['the source', 'sed -i s/Hallo/Hello/ greet.sh'],
  ['the source, with what is made of it', 'sed -i s/Hallo/Hello/ greet.sh; sh greet.sh > said'],
])('%s typed as it was once is an edit, and a build goes on with it', (_, typed) => {
  const w = greeting();
  const shell = w.varve('shell', 'app:compile', '--', 'sh', '-c', typed);
  expect(shell.said).toContain('edits');
  expect(w.varve('build', '-f', '-c', 'compile', 'app').said).toContain('edits');
  expect(w.read(work, 'sources/said')).toBe('Hello\n');
  expect(w.varve('diff', 'app:edited').stdout).toContain('+echo Hello');
});

test('where the times of an older result are lost, what is just like it is an edit', () => {
  const w = greeting();
  w.git('app', 'update-ref', '-d', 'refs/notes/times');
  rmSync(w.path('history/x86_64/app.git/varve/notes'), { recursive: true, force: true });
  w.varve('shell', 'app:compile', '--', 'sh', '-c', 'sed -i s/Hallo/Hello/ greet.sh; sh greet.sh > said');
  expect(w.varve('build', '-f', '-c', 'compile', 'app').said).toContain('edits');
  expect(w.read(work, 'sources/said')).toBe('Hello\n');
});

test('a patch that a person takes back is an edit', () => {
  const w = greeting();
  w.write(
    'recipes/app/more.patch',
    '--- a/greet.sh\n+++ b/greet.sh\n@@ -1 +1,2 @@\n echo Hallo\n+echo more\n--- /dev/null\n+++ b/new\n@@ -0,0 +1 @@\n+new\n',
  );
  w.write('recipes/app_1.0.bbappend', 'SRC_URI += "file://more.patch"\n');
  expect(w.varve('build', 'app').status).toBe(0);
  const back = 'patch -R -p1 < more.patch && rm -f said';
  expect(w.varve('shell', 'app:compile', '--', 'sh', '-c', back).status).toBe(0);
  expect(w.varve('build', '-f', '-c', 'compile', 'app').said).toContain('edits');
  expect(w.read(work, 'sources/said')).toBe('Hallo\n');
});
