import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { recipe, source, workdirOf, workspace } from '../support/editable-app.ts';
import type { Workspace } from '../support/workspace.ts';

function commit(w: Workspace, subject: string): void {
  const identity = ['-c', 'user.name=Bob', '-c', 'user.email=bob@example.org'];
  const git = (...args: string[]): Buffer => execFileSync('git', args, { cwd: workdirOf(w) });
  git('add', 'sources');
  git(...identity, 'commit', '-qm', subject);
}

test('edits become a patch beside the recipe; the next build applies it, and they are edits no more', () => {
  const w = workspace();
  writeFileSync(source(w, 'a.txt'), 'one\nTWO\n');
  const finished = w.varve('edit', 'finish', 'app', '-m', 'app: say it aloud');
  expect(finished).toMatchObject({
    status: 0,
    stdout: [
      'wrote ../layer/recipes/app/0001-app-say-it-aloud.patch',
      'changed ../layer/recipes/app_1.bb',
      'until the next build the WORKDIR, and varve shell app:patch, are without it',
      'next: varve build app',
      '',
    ].join('\n'),
  });
  const patch = readFileSync(join(w.layer, 'recipes/app/0001-app-say-it-aloud.patch'), 'utf8');
  expect(patch).toContain('From: Ann <ann@example.org>\n');
  expect(patch).toContain('-two\n+TWO\n');
  const built = w.varve('build', 'app');
  expect(built.status).toBe(0);
  expect(built.said).not.toContain('edits');
  expect(readFileSync(source(w, 'a.txt'), 'utf8')).toBe('one\nTWO\n');
  expect(w.varve('cat', 'app', 'usr/share/a.txt').stdout).toBe('one\nTWO\n');
  expect(w.varve('edit', 'finish', 'app').said).toMatch(/^error: app has no edits to finish\n/);
});

test('each commit of one’s own is a patch, in order, with its author and new files; the rest is the last one', () => {
  const w = workspace();
  writeFileSync(source(w, 'a.txt'), 'ONE\ntwo\n');
  writeFileSync(source(w, 'new.txt'), 'new\n');
  commit(w, 'first\n\nFor a reason.');
  writeFileSync(source(w, 'a.txt'), 'ONE\nTWO\n');
  commit(w, 'second');
  expect(w.varve('build', '-f', '-c', 'compile', 'app').status).toBe(0);
  writeFileSync(source(w, 'a.txt'), 'ONE\nTWO\nthree\n');
  const finished = JSON.parse(w.varve('edit', 'finish', 'app', '--json').stdout) as {
    patches: { file: string; subject: string }[];
    left: unknown[];
  };
  expect(finished.patches.map(({ subject }) => subject)).toEqual(['first', 'second', 'app: change a.txt']);
  expect(finished.left).toEqual([]);
  const [first = ''] = finished.patches.map(({ file }) => readFileSync(file, 'utf8'));
  expect(first).toMatch(
    /^From: Bob <bob@example.org>\n[^]*\n\nFor a reason\.\n\n---\n[^]*new file mode 100644/m,
  );
  expect(w.varve('build', 'app').status).toBe(0);
  expect(readFileSync(source(w, 'a.txt'), 'utf8')).toBe('ONE\nTWO\nthree\n');
  expect(readFileSync(source(w, 'new.txt'), 'utf8')).toBe('new\n');
  const subjects = w.git('app', 'log', '--format=%an %s', 'do_patch', '--').split('\n').slice(1, 4);
  expect(subjects).toEqual(['Ann app: change a.txt', 'Bob second', 'Bob first']);
});

test('what tasks made, new files, what lies outside S and what is no text is left out unless named, and said', () => {
  const w = workspace();
  writeFileSync(source(w, 'b.txt'), 'B\n');
  writeFileSync(source(w, 'made.txt'), 'typed\n');
  writeFileSync(source(w, 'new.txt'), 'new\n');
  mkdirSync(source(w, 'wanted'));
  writeFileSync(source(w, 'wanted/too.txt'), 'too\n');
  writeFileSync(source(w, 'a.txt'), Buffer.from([0, 1, 2]));
  writeFileSync(join(workdirOf(w), 'sources/config'), 'y\n');
  const { said } = w.varve('edit', 'finish', 'app', '--also', 'sources/src/wanted');
  expect(said.split('\n').filter((line) => line.startsWith('left out'))).toEqual([
    'left out: sources/config (outside S)',
    'left out: sources/src/a.txt (not text)',
    'left out: sources/src/made.txt (made by a task)',
    'left out: sources/src/new.txt (new)',
  ]);
  expect(said).toContain(
    '(new)\nof these, what is new or made by a task goes into a patch if --also names it\nthey stay in the record',
  );
  const patch = readFileSync(join(w.layer, 'recipes/app/0001-app-change-b.txt-too.txt.patch'), 'utf8');
  expect(patch.match(/^diff .*$/gm)).toEqual([
    'diff --git a/b.txt b/b.txt',
    'diff --git a/wanted/too.txt b/wanted/too.txt',
  ]);
  expect(w.varve('cat', 'app:edited', 'sources/src/made.txt').stdout).toBe('typed\n');
});

test('a source that was moved, with changes or without, is moved by the patch too; a new file beside it is left out', () => {
  const lines = Array.from({ length: 9 }, (_, i) => `line ${i}\n`).join('');
  const w = workspace({ 'recipes/app/src/c.txt': lines });
  mkdirSync(source(w, 'sub'));
  renameSync(source(w, 'b.txt'), source(w, 'sub/b.txt'));
  rmSync(source(w, 'c.txt'));
  writeFileSync(source(w, 'd.txt'), lines.replace('line 4', 'LINE 4'));
  writeFileSync(source(w, 'new.txt'), 'something else\n');
  renameSync(source(w, 'made.txt'), source(w, 'made2.txt'));
  const { said } = w.varve('edit', 'finish', 'app', '-m', 'moved');
  expect(said.split('\n').filter((line) => line.startsWith('left out'))).toEqual([
    'left out: sources/src/made.txt (made by a task)',
    'left out: sources/src/made2.txt (new)',
    'left out: sources/src/new.txt (new)',
  ]);
  expect(w.varve('build', 'app').status).toBe(0);
  expect(readdirSync(source(w, '.')).sort()).toEqual(['a.txt', 'd.txt', 'made.txt', 'sub']);
  expect(readFileSync(source(w, 'sub/b.txt'), 'utf8')).toBe('b\n');
  const blamed = w.varve('blame', 'app:patch', 'sources/src/d.txt').stdout.split('\n');
  expect(blamed.map((line) => line.startsWith('do_patch 0001-moved.patch'))).toEqual(
    blamed.map((line) => line.includes('LINE 4')),
  );
});

test('where nothing can be written, nothing is: the recipe and the edits stay as they are', () => {
  const w = workspace();
  writeFileSync(source(w, 'made.txt'), 'typed\n');
  const refused = w.varve('edit', 'finish', 'app');
  expect(refused).toMatchObject({ status: 2, stdout: '' });
  expect(refused.stderr).toBe(
    [
      'error: app has no edits that a patch of its sources could tell',
      'hint: sources/src/made.txt: made by a task',
      'hint: varve edit finish app --also sources/src/made.txt',
      '',
    ].join('\n'),
  );
  expect(readFileSync(source(w, 'made.txt'), 'utf8')).toBe('typed\n');
  expect(readFileSync(join(w.layer, 'recipes/app_1.bb'), 'utf8')).toBe(recipe);
});

test.each([
  ['src/new.txt', 'hint: did you mean "sources/src/new.txt"?'],
  ['elsewhere', 'hint: varve diff app:edited   lists what there is; paths begin below WORKDIR'],
])('--also %s, where nothing was changed, is an error before anything is written', (path, hint) => {
  const w = workspace();
  writeFileSync(source(w, 'b.txt'), 'B\n');
  writeFileSync(source(w, 'new.txt'), 'new\n');
  expect(w.varve('edit', 'finish', 'app', '--also', path)).toMatchObject({
    status: 2,
    stdout: '',
    stderr: `error: app has no edits at ${path}, which --also names\n${hint}\n`,
  });
  expect(readFileSync(join(w.layer, 'recipes/app_1.bb'), 'utf8')).toBe(recipe);
  expect(readFileSync(source(w, 'b.txt'), 'utf8')).toBe('B\n');
});

test('with --layer an append gets the patches, and a second time they are added to it', () => {
  const w = workspace({
    '../mine/conf/layer.conf':
      'BBPATH .= ":${LAYERDIR}"\nBBFILES += "${LAYERDIR}/recipes/*.bbappend"\nBBFILE_COLLECTIONS += "mine"\nBBFILE_PATTERN_mine = "^${LAYERDIR}/"\nBBFILE_PRIORITY_mine = "9"\n',
  });
  const unknown = w.varve('edit', 'finish', 'app', '--layer', 'min');
  expect(unknown).toMatchObject({ status: 2 });
  expect(w.varve('edit', 'finish', 'app', '--layer', '../mine').stderr).toBe(
    [
      'error: this build has no layer ../mine',
      `hint: BBLAYERS += "${join(w.top, 'mine')}"   in conf/bblayers.conf adds it`,
      'hint: layers of this build: test',
      '',
    ].join('\n'),
  );
  writeFileSync(
    w.path('conf/bblayers.conf'),
    `BBPATH = "\${TOPDIR}"\nBBFILES = ""\nBBLAYERS = "${w.layer} ${join(w.top, 'mine')}"\n`,
  );
  expect(w.varve('build', 'app').status).toBe(0);
  for (const [text, layer, did] of [
    ['ONE\ntwo\n', 'mine', 'wrote'],
    ['ONE\nTWO\n', '../mine', 'changed'],
  ] as const) {
    writeFileSync(source(w, 'a.txt'), text);
    expect(w.varve('edit', 'finish', 'app', '--layer', layer, '-m', 'more').said).toContain(
      `\n${did} ../mine/recipes/app_%.bbappend\n`,
    );
    expect(w.varve('build', 'app').status).toBe(0);
    expect(w.varve('cat', 'app', 'usr/share/a.txt').stdout).toBe(text);
  }
  const append = join(w.top, 'mine/recipes/app_%.bbappend');
  const written = readFileSync(append, 'utf8');
  expect(written).toBe(
    'FILESEXTRAPATHS:prepend := "${THISDIR}/${BPN}:"\n\nSRC_URI += "file://0001-more.patch"\nSRC_URI += "file://0002-more.patch"\n',
  );
  // Its files may be elsewhere by a line of its own.
  renameSync(join(w.top, 'mine/recipes/app'), join(w.top, 'mine/recipes/files'));
  writeFileSync(append, written.replace('${BPN}', 'files'));
  writeFileSync(source(w, 'a.txt'), 'three\n');
  expect(w.varve('edit', 'finish', 'app', '--layer', 'mine', '-m', 'more').said).toContain(
    'wrote ../mine/recipes/files/0003-more.patch\n',
  );
  expect(readFileSync(join(w.layer, 'recipes/app_1.bb'), 'utf8')).toBe(recipe);
});

test('where the recipe would not take the patch up all is put back, and the edits stay', () => {
  const w = workspace();
  w.write('recipes/app_1.bbappend', 'SRC_URI = "file://src file://config"\n');
  writeFileSync(source(w, 'a.txt'), 'typed\n');
  const refused = w.varve('edit', 'finish', 'app', '-m', 'x');
  expect(refused).toMatchObject({ status: 2, stdout: '' });
  expect(refused.stderr).toContain('app does not take up patches');
  expect(existsSync(join(w.layer, 'recipes/app/0001-x.patch'))).toBe(false);
  expect(readFileSync(join(w.layer, 'recipes/app_1.bb'), 'utf8')).toBe(recipe);
  expect(readFileSync(source(w, 'a.txt'), 'utf8')).toBe('typed\n');
});

test('edits of what an append of another layer patched are refused without that layer, and go there with it', () => {
  const w = workspace();
  writeFiles(join(w.top, 'site'), {
    'conf/layer.conf':
      'BBPATH .= ":${LAYERDIR}"\nBBFILES += "${LAYERDIR}/recipes/*.bbappend"\nBBFILE_COLLECTIONS += "site"\nBBFILE_PATTERN_site = "^${LAYERDIR}/"\nBBFILE_PRIORITY_site = "9"\n',
    'recipes/app_%.bbappend':
      'FILESEXTRAPATHS:prepend := "${THISDIR}/${BPN}:"\nSRC_URI += "file://site.patch"\n',
    'recipes/app/site.patch': patchOf('two', 'site'),
  });
  writeFileSync(
    w.path('conf/bblayers.conf'),
    `BBPATH = "\${TOPDIR}"\nBBFILES = ""\nBBLAYERS = "${w.layer} ${join(w.top, 'site')}"\n`,
  );
  expect(w.varve('build', 'app').status).toBe(0);
  writeFileSync(source(w, 'a.txt'), 'one\nmine\n');
  const refused = w.varve('edit', 'finish', 'app', '-m', 'x');
  expect(refused).toMatchObject({ status: 2, stdout: '' });
  expect(refused.stderr).toContain('hint: varve edit finish app --layer site   puts it behind\n');
  expect(readFileSync(join(w.layer, 'recipes/app_1.bb'), 'utf8')).toBe(recipe);
  expect(w.varve('edit', 'finish', 'app', '-m', 'x', '--layer', 'site').status).toBe(0);
  expect(w.varve('build', 'app').status).toBe(0);
  expect(w.varve('cat', 'app', 'usr/share/a.txt').stdout).toBe('one\nmine\n');
});

test('edits of older sources are refused, with the way to put them on the newer ones', () => {
  const w = workspace({ 'recipes/app/first.patch': patchOf('two', 'TWO') });
  writeFileSync(source(w, 'b.txt'), 'mine\n');
  w.write('recipes/app_1.bb', `${recipe}SRC_URI += "file://first.patch"\n`);
  const refused = w.varve('edit', 'finish', 'app', '-m', 'x');
  expect(refused).toMatchObject({ status: 2, stdout: '' });
  expect(refused.stderr).toContain('error: the edits of app were made on other sources than it has by now\n');
  expect(readdirSync(join(w.layer, 'recipes/app')).sort()).toEqual(['config', 'first.patch', 'src']);
  const [, build = '', put = ''] =
    /^hint: varve (build .*) {3}makes.*\nhint: varve (diff .*) {3}puts/m.exec(refused.stderr) ?? [];
  expect(w.varve(...build.split(' ')).status).toBe(0);
  const [diff = '', patch = ''] = put.split(' | ');
  execFileSync('sh', ['-c', patch], { cwd: w.buildDir, input: w.varve(...diff.split(' ')).stdout });
  expect(w.varve('edit', 'finish', 'app', '-m', 'x').status).toBe(0);
  expect(w.varve('build', 'app').status).toBe(0);
  expect(readFileSync(source(w, 'a.txt'), 'utf8')).toBe('one\nTWO\n');
  expect(readFileSync(source(w, 'b.txt'), 'utf8')).toBe('mine\n');
});

test('what was killed after it had written the patches drops the edits the next time, and writes no patch twice', () => {
  const w = workspace();
  writeFileSync(source(w, 'a.txt'), 'ONE\ntwo\n');
  commit(w, 'first');
  writeFileSync(source(w, 'b.txt'), 'B\n');
  const other = join(w.top, 'other');
  cpSync(w.path('.'), other, { recursive: true, verbatimSymlinks: true });
  expect(w.varve('edit', 'finish', 'app', '-m', 'second').status).toBe(0);
  const written = readFileSync(join(w.layer, 'recipes/app_1.bb'), 'utf8');
  // The edits as they were, and the layer as it is by now: what a kill in between leaves.
  rmSync(w.buildDir, { recursive: true });
  renameSync(other, w.buildDir);
  const again = w.varve('edit', 'finish', 'app', '-m', 'second');
  expect(again).toMatchObject({
    status: 0,
    stdout: [
      'was written already: ../layer/recipes/app/0001-first.patch',
      'was written already: ../layer/recipes/app/0002-second.patch',
      'next: varve build app',
      '',
    ].join('\n'),
  });
  expect(readFileSync(join(w.layer, 'recipes/app_1.bb'), 'utf8')).toBe(written);
  expect(w.varve('build', 'app').status).toBe(0);
  expect(readFileSync(source(w, 'b.txt'), 'utf8')).toBe('B\n');
});

function patchOf(from: string, to: string): string {
  return `--- a/a.txt\n+++ b/a.txt\n@@ -1,2 +1,2 @@\n one\n-${from}\n+${to}\n`;
}

function writeFiles(top: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(top, path)), { recursive: true });
    writeFileSync(join(top, path), text);
  }
}
