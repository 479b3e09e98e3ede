/** Removes what a test made, having asked git and isomorphic-git whether each history in it is sound. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { readOtherwise } from './reads-alike.ts';

/** Whether a test means to leave a history that git finds fault with. */
export interface Leaves {
  readonly damages?: boolean;
}

/**
 * Removes the directory when the test is over. With `VARVE_TEST_ALL=1`, `git fsck --strict` must have nothing against any
 * history in it then, and isomorphic-git must read the same in it as git.
 */
export function removeWhenDone(dir: string, { damages = false }: Leaves = {}): void {
  onTestFinished(async ({ task }) => {
    const asks = process.env['VARVE_TEST_ALL'] === '1' && !damages && task.result?.state === 'pass';
    const faults: string[] = [];
    for (const gitDir of asks ? historiesBelow(dir) : []) {
      const { fsck, names } = askGit(gitDir);
      faults.push(...fsck, ...(await readOtherwise(gitDir, names)));
    }
    spawnSync('chmod', ['-R', 'u+rwX', dir]);
    spawnSync('rm', ['-rf', dir]);
    if (faults.length > 0) throw new Error(faults.join('\n'));
  });
}

/** Histories, which only varve makes; what stands in a WORKDIR or a layer is somebody else's. */
function historiesBelow(dir: string): string[] {
  const places = [
    '-path',
    '*/history/*.git',
    '-o',
    '-path',
    '*/build/imports/*.git',
    '-o',
    '-name',
    'history.git',
  ];
  const found = spawnSync('find', [dir, '-type', 'd', '(', ...places, ')', '-prune', '-print'], {
    encoding: 'utf8',
  });
  return found.stdout.split('\n').filter((path) => path !== '' && existsSync(join(path, 'HEAD')));
}

interface Asked {
  /** What is wrong. */
  readonly fsck: readonly string[];
  /** `<id> <name>` */
  readonly names: readonly string[];
}

/** In one shell: to start a program costs a test more than all that it does. */
function askGit(gitDir: string): Asked {
  const script = 'git show-ref --head; echo --; git fsck --strict --no-dangling --no-progress 2>&1';
  const env = {
    PATH: process.env['PATH'],
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    HOME: '/nonexistent',
    GIT_DIR: gitDir,
  };
  const { status, stdout } = spawnSync('sh', ['-c', script], { env, encoding: 'latin1', maxBuffer: 1 << 28 });
  const [names = '', said = ''] = stdout.split('--\n');
  const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');
  // A notice is no fault: where no task has ended well, HEAD names a branch that is not there yet.
  const told = lines(said).filter((line) => !line.startsWith('notice:'));
  if (status !== 0) told.push(`exit ${String(status)}`);
  return { fsck: told.map((line) => `${gitDir}: git fsck --strict: ${line}`), names: lines(names) };
}
