import { expect, test } from 'vitest';
import { makeWorkspace, plainRecipe, type Workspace } from '../support/workspace.ts';

const first = `From: Ann <ann@example.org>
Subject: [PATCH 1/3] say hello

--- a/a.txt
+++ b/a.txt
@@ -1 +1,2 @@
 one
+hello
`;
const second = `--- a/a.txt
+++ b/a.txt
@@ -1,2 +1,2 @@
-one
+ONE
 hello
`;
const third = `From: "Bob <b>" <bob@example.org
Subject: move it

diff --git a/a.txt b/sub/b.txt
similarity index 100%
rename from a.txt
rename to sub/b.txt
diff --git a/new.txt b/new.txt
new file mode 100644
--- /dev/null
+++ b/new.txt
@@ -0,0 +1 @@
+new
`;

const recipe = (more = ''): string =>
  plainRecipe(
    { do_compile: 'true' },
    `SRC_URI = "file://src file://1.patch file://2.patch file://3.patch"\nS = "\${UNPACKDIR}/src"\n${more}`,
  );

function patched(more = '', patches: Readonly<Record<string, string>> = {}): Workspace {
  return makeWorkspace({
    files: {
      'recipes/app_1.bb': recipe(more),
      'recipes/app/src/a.txt': 'one\n',
      'recipes/app/src/b.txt': 'kept\n',
      'recipes/app/1.patch': patches['1.patch'] ?? first,
      'recipes/app/2.patch': patches['2.patch'] ?? second,
      'recipes/app/3.patch': patches['3.patch'] ?? third,
    },
  });
}

/** Author, committer and subject of what lies between two commits, newest first. */
const between = (w: Workspace, from: string, to: string): readonly string[] =>
  w.git('app', 'log', '--format=%an <%ae>|%cn|%s', `${from}..${to}`, '--').trim().split('\n');

test('each patch is a commit with its author and subject, and git shows what it did', () => {
  const w = patched();
  expect(w.varve('build', '-c', 'patch', 'app').status).toBe(0);
  expect(between(w, 'do_unpack', 'do_patch')).toEqual([
    'varve <varve@localhost>|varve|do_patch: app 1-r0',
    'Bob <b>|varve|move it',
    'varve <varve@localhost>|varve|2.patch',
    'Ann <ann@example.org>|varve|say hello',
  ]);
  const names = (commit: string): string => w.git('app', 'show', '--format=', '--name-status', commit).trim();
  expect(names('do_patch~3')).toBe('M\tsources/src/a.txt');
  expect(names('do_patch~2')).toBe('M\tsources/src/a.txt');
  expect(names('do_patch~1')).toBe('A\tsources/src/new.txt\nR100\tsources/src/a.txt\tsources/src/sub/b.txt');
  expect(names('do_patch')).toBe('');
  expect(w.git('app', 'fsck', '--strict', '--no-progress')).toBe('');
  expect(w.varve('fsck').status).toBe(0);
  expect(w.varve('show', 'app:patch').stdout).toContain(
    'patches\n  1.patch: say hello (Ann <ann@example.org>)\n  2.patch\n  3.patch: move it',
  );
  expect(w.varve('diff', 'app:patch', '--name-status').stdout).toBe(
    'D\tsources/src/a.txt\nA\tsources/src/new.txt\nA\tsources/src/sub/b.txt\n',
  );
});

test('do_patch is found again on its patches, and put on other commits of the same sources with them', () => {
  const w = patched();
  w.varve('build', '-c', 'compile', 'app');
  expect(w.counts('-c', 'compile', 'app')).toMatchObject({ run: 0 });
  w.write('recipes/app_1.bb', recipe('do_unpack[vardeps] += "NEWS"\nNEWS = "2"\n'));
  expect(w.counts('-c', 'compile', 'app')).toMatchObject({ run: 1 });
  expect(between(w, 'do_unpack', 'do_patch')).toHaveLength(4);
  expect(w.counts('-c', 'compile', 'app')).toMatchObject({ run: 0 });
  expect(w.varve('log', 'app').stdout).toMatch(/^do_patch .* \+2 +~0 +-1 .* builds 3-4$/m);
});

test('a patch that does not apply leaves those before it as commits below the failure', () => {
  const w = patched('', { '2.patch': second.replace('-one', '-two') });
  expect(w.varve('build', '-c', 'patch', 'app').status).toBe(1);
  expect(between(w, 'do_unpack', 'do_patch@failed').map((line) => line.split('|')[2])).toEqual([
    'do_patch: app 1-r0',
    'say hello',
  ]);
  w.write('recipes/app/2.patch', second);
  expect(w.counts('-c', 'compile', 'app')).toMatchObject({ failed: 0 });
});

test('where something else comes first in the task, no commit claims to be a patch', () => {
  const w = patched('do_patch[prefuncs] += "before"\nbefore() {\n\techo more >> ${S}/b.txt\n}\n');
  expect(w.varve('build', '-c', 'patch', 'app').status).toBe(0);
  expect(between(w, 'do_unpack', 'do_patch')).toHaveLength(1);
});

test('patches that cannot be told from a tree are in the commit of do_patch alone', () => {
  const w = patched('', {
    '1.patch': first.replaceAll('a.txt', '.gitmodules').replace('-1 +1,2', '-0,0 +1').replace(' one\n', ''),
    '2.patch': second.replaceAll('hello', 'two').replace(' two\n', '').replace('-1,2 +1,2', '-1 +1'),
  });
  expect(w.varve('build', '-c', 'patch', 'app').status).toBe(0);
  expect(w.git('app', 'diff', '--name-only', 'do_patch~1', 'do_patch', '--').trim()).not.toBe('');
  expect(w.varve('cat', 'app:patch', 'sources/src/.gitmodules').stdout).toBe('hello\n');
});

test('patches go with a history that is carried elsewhere', () => {
  const w = patched();
  w.varve('build', '-c', 'compile', 'app');
  w.varve('history', 'export', 'app:compile', w.path('app.tar.gz'));
  expect(w.varve('history', 'import', w.path('app.tar.gz'), '--as', 'ann').status).toBe(0);
  expect(w.varve('log', 'app@ann@1').stdout).toMatch(/^do_patch .* \+2 +~0 +-1 /m);
  expect(w.varve('fsck').status).toBe(0);
});
