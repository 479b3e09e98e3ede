/** A directory on the real disk and the real git, for tests of what other programs make of the record. */
import { execFileSync, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type History, openHistory } from '../../lib/history/history.ts';
import { openObjectStore } from '../../lib/history/object-store.ts';
import { openRefs } from '../../lib/history/refs.ts';
import { createRepository } from '../../lib/history/repository.ts';
import { removeWhenDone } from './sound-repositories.ts';

/** Makes a directory that lives as long as the test. */
export function scratchDirectory(): string {
  const dir = fs.mkdtempSync(join(tmpdir(), 'varve-test-'));
  removeWhenDone(dir);
  return dir;
}

/** Runs git with nobody's configuration; fails on any status but 0. Answers stdout as latin1. */
export function git(cwd: string, ...args: readonly string[]): string {
  const env = { PATH: process.env['PATH'], HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1', LC_ALL: 'C' };
  const done = spawnSync('git', args, { cwd, env, encoding: 'latin1', maxBuffer: 1 << 28 });
  if (done.status !== 0) throw new Error(`git ${args.join(' ')}: ${done.stderr}${done.stdout}`);
  // What git has to say about a sound repository is nothing.
  if (args[0] === 'fsck') return done.stdout + done.stderr;
  return done.stdout;
}

/** A history on the real disk with an empty WORKDIR. */
export function diskHistory(): History & { readonly dir: string } {
  const dir = scratchDirectory();
  fs.mkdirSync(join(dir, 'work'));
  return { ...reopen(dir), dir };
}

/** Makes a fifo whose path may be any bytes. */
export function mkfifo(path: Buffer, mode: number): void {
  const octal = [...path].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
  const script = `p="$(printf '${octal}x')" && mkfifo -m ${mode.toString(8)} -- "\${p%x}"`;
  execFileSync('sh', ['-c', script]);
}

/** Opens the history of {@link diskHistory} again, as another run would. */
export function reopen(dir: string): History {
  return openHistory({
    fs,
    gitDir: join(dir, 'history.git'),
    workdir: join(dir, 'work'),
    now: () => 1_700_000_000_000,
    mkfifo,
  });
}

/** Whether `git fsck --strict` has anything against a tree that holds a file of this name. */
export function gitRefuses(name: string): boolean {
  const dir = scratchDirectory();
  const objects = openObjectStore(fs, join(dir, 'a.git'));
  createRepository(fs, join(dir, 'a.git'), { bare: true });
  const oid = objects.writeBlob(Buffer.from('x'));
  const tree = objects.writeTree([{ name, mode: 0o100644, oid }]);
  const commit = objects.writeCommit({ tree, parents: [], message: 'x\n', time: 1, author: 'a <a@b>' });
  openRefs(fs, join(dir, 'a.git')).write('refs/heads/main', commit);
  try {
    return git(join(dir, 'a.git'), 'fsck', '--strict') !== '';
  } catch {
    return true;
  }
}
