import * as fs from 'node:fs';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import isomorphic from 'isomorphic-git';
import { expect, test } from 'vitest';
import type { History } from '../../lib/history/history.ts';
import type { CommitId } from '../../lib/terms/ids.ts';
import { diskHistory, git, reopen } from '../support/real-git.ts';

const scope = { exclude: ['recipe-sysroot', 'temp'], image: 'image' };

/** Records the WORKDIR as a task would: objects, notes, refs, HEAD, link. */
function commitTask(history: History, task: string): CommitId {
  const { tree, times } = history.snapshot(scope);
  const head = history.refs.head();
  const commit = history.commit({
    tree,
    parents: head === undefined ? [] : [head],
    subject: `${task}: zlib 1.3-r0`,
    trailers: [
      ['Task', `zlib:${task}`],
      ['Signature', 'a'.repeat(64)],
      ['Step', 'b'.repeat(64)],
    ],
    time: 1_600_000_000,
  });
  history.notes.set('times', new Map([[commit, times]]));
  history.refs.write(`refs/tags/${task}`, commit);
  history.setHead(commit);
  history.link();
  return commit;
}

function write(dir: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    fs.mkdirSync(join(dir, path, '..'), { recursive: true });
    fs.writeFileSync(join(dir, path), text);
  }
}

test('git finds a recorded WORKDIR sound and clean', () => {
  const history = diskHistory();
  write(history.workdir, {
    'zlib/README': 'hello\n',
    'zlib/configure': '#!/bin/sh\n',
    'image/usr/lib/libz.so.1': 'elf',
  });
  write(history.workdir, { 'recipe-sysroot/usr/include/x.h': 'x', 'temp/log.do_compile': 'log' });
  fs.chmodSync(join(history.workdir, 'zlib/configure'), 0o755);
  fs.mkdirSync(join(history.workdir, 'image/var/empty'), { recursive: true });
  commitTask(history, 'do_install');

  expect(git(history.workdir, 'status', '--porcelain')).toBe('');
  expect(git(history.workdir, 'fsck', '--strict')).toBe('');
  expect(git(history.workdir, 'log', '--format=%an <%ae> %at%n%B', 'do_install')).toBe(
    `varve <varve@localhost> 1600000000\ndo_install: zlib 1.3-r0\n\nTask: zlib:do_install\nSignature: ${'a'.repeat(64)}\nStep: ${'b'.repeat(64)}\n\n`,
  );
  expect(git(history.workdir, 'ls-tree', '-r', 'HEAD').replaceAll(/[0-9a-f]{40}/g, 'ID')).toBe(
    '100644 blob ID\t.varve/image\n100644 blob ID\timage/usr/lib/libz.so.1\n100644 blob ID\tzlib/README\n100755 blob ID\tzlib/configure\n',
  );
  expect(git(history.workdir, 'show', 'HEAD:.varve/image')).toBe('./var/empty type=dir\n');
});

test('git status is clean with nested repositories, odd names and ignored files', () => {
  const history = diskHistory();
  const { workdir } = history;
  write(workdir, {
    'sub/file': 'x',
    'sub/.gitmodules': '[submodule "x"]\n\turl = -u./evil\n',
    'a/.GIT/config': 'y',
    'b/git~1': 'z',
  });
  write(workdir, {
    '.gitignore': '*.o\n',
    'x.o': 'object',
    '.varve/image': 'mine',
    'c/.gitattributes': `${'a'.repeat(3000)}\n`,
  });
  write(workdir, {
    'd/.gitattributes': '*.txt text eol=crlf\n',
    'd/a.txt': 'one\r\ntwo\n',
    'new\nline': '1',
    ' lead': '2',
    '[x]*': '3',
  });
  write(workdir, { 'varve%x': '4', 'e/.git/.git/HEAD': '5', 'back\\.git': '6' });
  fs.symlinkSync('nowhere', join(workdir, 'sub/.gitattributes'));
  fs.writeFileSync(Buffer.from(`${workdir}/l\xe4tin`, 'latin1'), 'not UTF-8');
  const identity = ['-c', 'user.name=a', '-c', 'user.email=b'];
  git(workdir, 'init', '-q', 'sub');
  git(workdir, 'init', '-q', 'with-commits');
  write(workdir, { 'with-commits/file': 'tracked' });
  git(join(workdir, 'with-commits'), 'add', 'file');
  git(join(workdir, 'with-commits'), ...identity, 'commit', '-q', '-m', 'one');
  commitTask(history, 'do_unpack');

  expect(git(workdir, 'status', '--porcelain')).toBe('');
  expect(git(workdir, 'fsck', '--strict')).toBe('');
  expect(git(workdir, 'show', 'HEAD:d/a.txt')).toBe('one\r\ntwo\n');
  expect(history.changed(scope)).toBeUndefined();
});

test('whatever attributes sources have and whatever filters a person has, git neither converts nor runs anything', () => {
  const history = diskHistory();
  const { workdir, dir } = history;
  const attributes = `[attr]evil filter=evil diff=evil
*.crlf text eol=crlf
*.ident ident
*.filter filter=evil diff=evil
*.macro evil merge=evil
*.subst export-subst
*.ignored export-ignore
*.utf16 working-tree-encoding=UTF-16
*.auto text=auto
`;
  const names = [...attributes.matchAll(/^\*(\.\w+) /gm)].map(([, ending]) => `file${ending}`);
  const bytes = Buffer.from('$Id$ $Id: 12 $ $Format:%H$\r\none\ntwo\r\n\u00ff\u00fe', 'latin1');
  const fill = (content: Buffer | string): void => {
    for (const name of names) fs.writeFileSync(join(workdir, name), content);
  };
  fill(bytes);
  write(workdir, { '.gitattributes': attributes });
  commitTask(history, 'do_unpack');
  const ran = join(dir, 'ran');
  write(dir, {
    'home/.gitconfig': `[core]\n\tautocrlf = true\n\teol = crlf
[filter "evil"]\n\tclean = touch ${ran}\n\tsmudge = touch ${ran}\n\trequired = true
[diff "evil"]\n\tcommand = touch ${ran}\n\ttextconv = touch ${ran}
[merge "evil"]\n\tdriver = touch ${ran}
`,
  });
  const env = { PATH: process.env['PATH'], HOME: join(dir, 'home'), GIT_CONFIG_NOSYSTEM: '1' };
  const asPerson = (...args: readonly string[]): string =>
    execFileSync('git', args, { cwd: workdir, env, encoding: 'latin1', stdio: ['ignore', 'pipe', 'ignore'] });

  for (const name of names) fs.utimesSync(join(workdir, name), 1, 1);
  expect(asPerson('status', '--porcelain')).toBe('');
  fill('changed\n');
  expect(asPerson('diff').match(/^\+changed$/gm)).toHaveLength(names.length);
  asPerson('checkout', '--', '.');
  for (const name of names) expect([name, fs.readFileSync(join(workdir, name))]).toEqual([name, bytes]);
  asPerson('archive', '-o', join(dir, 'archive.tar'), 'HEAD');
  for (const name of names) {
    const archived = execFileSync('tar', ['-xOf', join(dir, 'archive.tar'), name]);
    expect([name, archived]).toEqual([name, bytes]);
  }
  expect(fs.existsSync(ran)).toBe(false);
});

test('repositories in the sources make git in the WORKDIR run and alter nothing, moved or not', () => {
  const history = diskHistory();
  const { workdir, dir } = history;
  const ran = join(dir, 'ran');
  const script = `sh -c "touch ${ran}"`;
  const config = `[core]
	fsmonitor = ${script}
	hooksPath = hooks
	sshCommand = ${script}
	pager = ${script}
	editor = ${script}
	worktree = ../..
[filter "evil"]
	clean = ${script}
[diff]
	external = ${script}
[status]
	submoduleSummary = true
[alias]
	status = !${script}
`;
  const hooks = Object.fromEntries(
    ['post-checkout', 'pre-commit', 'post-index-change', 'fsmonitor-watchman'].map((name) => [
      `hooks/${name}`,
      `#!/bin/sh\ntouch ${ran}\n`,
    ]),
  );
  for (const place of ['src/.git', 'src/deep/.git', 'bare', 'src/.git/modules/sub'])
    for (const [path, text] of Object.entries({ config, HEAD: 'ref: refs/heads/main\n', ...hooks }))
      write(join(workdir, place), { [path]: text, 'objects/x': '', 'refs/x': '', '../file': 'x' });
  execFileSync('chmod', ['-R', '+x', workdir]);
  write(workdir, { 'sub/.git': 'gitdir: ../src/.git/modules/sub\n', 'sub/file': 'x' });
  write(workdir, {
    '.gitmodules': `[submodule "sub"]\n\tpath = sub\n\turl = ext::${script}\n\tupdate = !${script}\n`,
  });
  fs.mkdirSync(join(workdir, 'linked'));
  fs.symlinkSync('../src/.git', join(workdir, 'linked/.git'));
  commitTask(history, 'do_unpack');
  const moved = `${dir}/moved`;
  fs.mkdirSync(moved);
  for (const at of [dir, moved]) {
    if (at === moved)
      for (const name of ['work', 'history.git']) fs.renameSync(join(dir, name), join(moved, name));
    const run = (...args: readonly string[]): string => git(join(at, 'work'), ...args);
    expect(run('status', '--porcelain')).toBe('');
    write(join(at, 'work'), { 'src/file': 'changed' });
    expect(run('status', '--porcelain')).toBe(' M src/file\n');
    for (const command of ['diff', 'add -u', 'submodule update --init', 'reset -q --hard', 'log -p'])
      run(...command.split(' '));
    expect(run('status', '--porcelain')).toBe('');
    expect(fs.readFileSync(join(at, 'work/src/file'), 'utf8')).toBe('x');
  }
  expect(fs.existsSync(ran)).toBe(false);
});

test('git gc leaves a history that reads the same', () => {
  const history = diskHistory();
  const long = (last: string): string =>
    Array.from({ length: 2000 }, (_, i) => `line ${i}\n`).join('') + last;
  write(history.workdir, { 'a.c': long('one'), 'b.c': long('two'), 'dir/c.c': long('three') });
  const first = commitTask(history, 'do_unpack');
  write(history.workdir, { 'a.c': long('changed') });
  const second = commitTask(history, 'do_patch');
  const packing = history.refs.pack();
  packing.place();
  packing.prune();
  git(history.gitDir, 'gc', '-q', '--aggressive', '--prune=now');
  expect(git(history.gitDir, 'count-objects')).toBe('0 objects, 0 kilobytes\n');

  const again = reopen(history.dir);
  again.checkout(first, scope);
  expect(fs.readFileSync(join(history.workdir, 'a.c'), 'utf8')).toBe(long('one'));
  again.checkout(second, scope);
  expect(fs.readFileSync(join(history.workdir, 'a.c'), 'utf8')).toBe(long('changed'));
  expect(git(history.workdir, 'status', '--porcelain')).toBe('');
  expect(again.refs.read('refs/tags/do_patch')).toBe(second);
});

test('a large snapshot becomes one pack that git and isomorphic-git read', async () => {
  const history = diskHistory();
  write(
    history.workdir,
    Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`dir${i % 7}/file${i}`, `text ${i}\n`])),
  );
  const commit = commitTask(history, 'do_unpack');

  expect(git(history.workdir, 'count-objects', '-v')).toMatch(/packs: 1\n/);
  expect(git(history.workdir, 'fsck', '--strict', '--full')).toBe('');
  const { gitDir: gitdir } = history;
  const [entry] = await isomorphic.log({ fs, gitdir, ref: 'do_unpack' });
  expect(entry?.oid).toBe(commit);
  const { blob } = await isomorphic.readBlob({ fs, gitdir, oid: commit, filepath: 'dir3/file10' });
  expect(Buffer.from(blob).toString()).toBe('text 10\n');
});

test('git notes reads the notes', () => {
  const history = diskHistory();
  write(history.workdir, { file: 'x' });
  const commit = commitTask(history, 'do_unpack');
  for (const runs of ['{"build":1}\n', '{"build":1}\n{"build":2}\n']) {
    history.notes.jot(commit, { runs });
    history.notes.settle();
  }
  const many = Array.from(
    { length: 300 },
    (_, i) => [i.toString(16).padStart(40, '0') as CommitId, `log ${i}`] as const,
  );
  history.notes.set('logs', new Map([...many, [commit, 'the log']]));

  expect(git(history.workdir, 'notes', '--ref=runs', 'show')).toBe('{"build":1}\n{"build":2}\n');
  expect(git(history.workdir, 'notes', '--ref=logs', 'show')).toBe('the log');
  expect(history.notes.read('logs', commit)?.toString()).toBe('the log');
  expect(history.notes.read('logs', many[17]?.[0] ?? commit)?.toString()).toBe('log 17');
});

test('a history moved with its WORKDIR stays clean', () => {
  const history = diskHistory();
  write(history.workdir, { file: 'x' });
  commitTask(history, 'do_unpack');
  history.recordWorkdir();
  const moved = `${history.dir}/moved`;
  fs.mkdirSync(moved);
  for (const name of ['work', 'history.git']) fs.renameSync(join(history.dir, name), join(moved, name));

  expect(git(join(moved, 'work'), 'status', '--porcelain')).toBe('');
  const again = reopen(moved);
  expect(again.recordedWorkdir()).toBe(join(history.dir, 'work'));
  expect(again.changed(scope)).toBeUndefined();
});

test('what stands in the place of the link is refused, not lost', () => {
  const history = diskHistory();
  execFileSync('git', ['init', '-q', history.workdir]);
  expect(() => history.snapshot(scope)).toThrow(
    /\.git stands where the link to the history of this WORKDIR belongs/,
  );
});
