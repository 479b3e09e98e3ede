import * as fs from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { History } from '../../lib/history/history.ts';
import type { CommitId } from '../../lib/terms/ids.ts';
import { diskHistory } from '../support/real-git.ts';

const scope = { exclude: ['temp'], image: 'image' };

function record(history: History): CommitId {
  const head = history.refs.head();
  const { tree, times } = history.snapshot(scope);
  const parents = head === undefined ? [] : [head];
  const commit = history.commit({ tree, parents, subject: 'x', trailers: [], time: 1 });
  history.notes.set('times', new Map([[commit, times]]));
  history.setHead(commit);
  return commit;
}

const mtime = (path: string): bigint => fs.lstatSync(path, { bigint: true }).mtimeNs;

test('make finds nothing to do in a restored WORKDIR', () => {
  const history = diskHistory();
  const { workdir } = history;
  fs.writeFileSync(join(workdir, 'Makefile'), 'c: b\n\tcp b c\nb: a\n\tcp a b\n');
  fs.writeFileSync(join(workdir, 'a'), 'source');
  record(history);
  execFileSync('make', ['-s', '-C', workdir]);
  const compiled = record(history);
  const exact = ['a', 'b', 'c'].map((name) => mtime(join(workdir, name)));
  fs.rmSync(join(workdir, 'b'));
  fs.writeFileSync(join(workdir, 'a'), 'edited');
  fs.writeFileSync(join(workdir, 'junk'), '');
  history.checkout(compiled, scope);

  expect(fs.readdirSync(workdir)).toEqual(['Makefile', 'a', 'b', 'c']);
  expect(() => execFileSync('make', ['-q', '-C', workdir])).not.toThrow();
  const restored = ['a', 'b', 'c'].map((name) => mtime(join(workdir, name)));
  for (const [i, time] of restored.entries()) {
    expect(time <= (exact[i] ?? 0n) && (exact[i] ?? 0n) - time < 1000n).toBe(true);
  }
});

test('a file that was only touched is put back to its recorded time, and so are directories', () => {
  const history = diskHistory();
  const file = join(history.workdir, 'dir/file');
  fs.mkdirSync(join(history.workdir, 'dir'));
  fs.writeFileSync(file, 'x');
  const commit = record(history);
  const [fileTime, dirTime] = [mtime(file), mtime(join(history.workdir, 'dir'))];
  fs.utimesSync(file, 2_000_000_000, 2_000_000_000);
  fs.utimesSync(join(history.workdir, 'dir'), 1, 1);
  history.checkout(commit, scope);

  expect(mtime(file) / 1000n).toBe(fileTime / 1000n);
  expect(mtime(join(history.workdir, 'dir')) / 1000n).toBe(dirTime / 1000n);
});

test.each(['-1.5', '-2000000000', '0', '4000000000'])('a file of time %s comes back so old', (time) => {
  const history = diskHistory();
  const file = join(history.workdir, 'file');
  fs.writeFileSync(file, 'x');
  execFileSync('touch', ['-d', `@${time}`, file]);
  const [commit, exact] = [record(history), mtime(file)];
  fs.rmSync(file);
  history.checkout(commit, scope);
  expect(exact - mtime(file)).toBeGreaterThanOrEqual(0n);
  expect(exact - mtime(file)).toBeLessThan(2000n);
});

test('a checkout of what stands there already writes nothing', () => {
  const history = diskHistory();
  const file = join(history.workdir, 'file');
  fs.writeFileSync(file, 'x');
  const commit = record(history);
  const before = fs.lstatSync(file, { bigint: true });
  history.checkout(commit, scope);
  expect(fs.lstatSync(file, { bigint: true })).toEqual(before);
  expect(history.snapshot(scope)).toMatchObject({ times: '', files: { added: 0, modified: 0, deleted: 0 } });
});

test('a rewrite that hides in size and mtime is seen', () => {
  const history = diskHistory();
  const file = join(history.workdir, 'file');
  for (let round = 0; round < 200; round++) {
    fs.writeFileSync(file, `round ${round % 10}`);
    fs.utimesSync(file, 1_600_000_000, 1_600_000_000);
    const { tree } = history.snapshot(scope);
    const [entry] = history.objects.readTree(tree);
    expect(entry && history.objects.readBlob(entry.oid).toString()).toBe(`round ${round % 10}`);
  }
});

test('times of a task are those of what it wrote', () => {
  const history = diskHistory();
  const write = (name: string, text: string): void => {
    fs.writeFileSync(join(history.workdir, name), text);
    fs.utimesSync(join(history.workdir, name), 1_600_000_000.5, 1_600_000_000.5);
  };
  write('one', 'x');
  record(history);
  write('two words', 'x');
  expect(history.snapshot(scope).times).toBe('./two\\040words time=1600000000.500000000\n');
});

test('a crash between the objects and the refs leaves the older state valid', () => {
  const history = diskHistory();
  fs.writeFileSync(join(history.workdir, 'file'), 'one');
  const first = record(history);
  fs.writeFileSync(join(history.workdir, 'file'), 'two');
  history.snapshot(scope);
  // Here the program ended: neither commit, nor notes, nor HEAD.
  expect(history.refs.head()).toBe(first);
  expect(history.changed(scope)).toBeDefined();
  history.checkout(first, scope);
  expect(fs.readFileSync(join(history.workdir, 'file'), 'utf8')).toBe('one');
});

test('sockets are named in a warning by what removes them: a checkout, or who recorded the rest', () => {
  const history = diskHistory();
  const commit = record(history);
  const bind = `import socket; socket.socket(socket.AF_UNIX).bind('${history.workdir}/s')`;
  const removed = ['s is removed: it was a socket, which the record cannot hold'];
  execFileSync('python3', ['-c', bind]);
  const { special, warnings } = history.snapshot(scope);
  expect([special, warnings]).toEqual([[{ path: 's', kind: 'socket' }], []]);
  expect(history.checkout(commit, scope).warnings).toEqual(removed);
  expect(fs.readdirSync(history.workdir)).toEqual([]);
  execFileSync('python3', ['-c', bind]);
  expect(history.discard(history.snapshot(scope).special)).toEqual(removed);
  expect(fs.readdirSync(history.workdir)).toEqual([]);
});

test('excluded paths are neither recorded nor touched', () => {
  const history = diskHistory();
  const commit = record(history);
  fs.mkdirSync(join(history.workdir, 'temp'));
  fs.writeFileSync(join(history.workdir, 'temp/log'), 'x');
  expect(history.changed(scope)).toBeUndefined();
  history.checkout(commit, scope);
  expect(fs.readFileSync(join(history.workdir, 'temp/log'), 'utf8')).toBe('x');
});

test.runIf(process.getuid?.() === 0)(
  'closed files and directories of a normal user are recorded and restored',
  () => {
    const history = diskHistory();
    execFileSync('chown', ['-R', '65534:65534', history.dir]);
    process.setegid?.(65534);
    process.seteuid?.(65534);
    try {
      const { workdir } = history;
      fs.mkdirSync(join(workdir, 'closed/inner'), { recursive: true });
      fs.writeFileSync(join(workdir, 'closed/inner/secret'), 'x', { mode: 0o000 });
      fs.writeFileSync(join(workdir, 'run'), 'y');
      fs.chmodSync(join(workdir, 'run'), 0o4111);
      fs.chmodSync(join(workdir, 'closed/inner'), 0o311);
      fs.chmodSync(join(workdir, 'closed'), 0o000);
      const commit = record(history);
      const empty = history.commit({
        tree: history.objects.writeTree([]),
        parents: [],
        subject: 'x',
        trailers: [],
        time: 1,
      });
      history.checkout(empty, scope);
      expect(fs.readdirSync(workdir)).toEqual([]);
      history.checkout(commit, scope);
      expect(history.changed(scope)).toBeUndefined();
      expect(fs.lstatSync(join(workdir, 'closed')).mode & 0o7777).toBe(0);
      expect(fs.lstatSync(join(workdir, 'run')).mode & 0o7777).toBe(0o4111);
    } finally {
      process.seteuid?.(0);
      process.setegid?.(0);
    }
  },
);

test('GNU tar sees the same in a restored directory', () => {
  const history = diskHistory();
  const { workdir } = history;
  const shell = `cd "$1" && umask 022 && mkdir -p image/var/empty image/usr/bin d && chmod 1777 image/var/empty &&
    printf x > image/usr/bin/su && chmod 4755 image/usr/bin/su && ln image/usr/bin/su d/other && ln image/usr/bin/su image/usr/bin/s &&
    ln -s /dangling d/link && mkfifo d/pipe && chmod 0600 d/pipe && printf y > 'a b' && chmod 444 'a b'`;
  execFileSync('sh', ['-c', shell, 'sh', workdir]);
  const listing = (): string => {
    const args = [
      '--sort=name',
      '--numeric-owner',
      '--full-time',
      '-C',
      workdir,
      '-cf',
      '-',
      '--exclude=./.git',
      '.',
    ];
    return execFileSync('sh', [
      '-c',
      'tar "$@" | tar --numeric-owner -tvf - | sed "s/  */ /g" | sed "1d"',
      'sh',
      ...args.filter((arg) => arg !== '--full-time'),
    ]).toString();
  };
  const commit = record(history);
  const before = listing();
  fs.rmSync(workdir, { recursive: true });
  history.checkout(commit, scope);
  expect(before).toContain('-rwsr-xr-x');
  expect(listing()).toBe(before);
});

test('who lists notes writes nothing: what was jotted down waits for who has room', () => {
  const history = diskHistory();
  const commit = record(history);
  history.notes.jot(commit, { times: './file time=1.000000000\n' });
  history.notes.list('times');
  expect(fs.existsSync(join(history.gitDir, 'varve/notes'))).toBe(true);
  expect(history.notes.read('times', commit)?.toString()).toBe('./file time=1.000000000\n');
});
