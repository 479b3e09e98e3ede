/** Removes what a test made, having asked the real git whether each history in it is sound. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Whether a test means to leave a history that git finds fault with. */
export interface Leaves {
  readonly damages?: boolean;
}

/**
 * Removes the directory when the test is over. With `VARVE_TEST_ALL=1`, `git fsck --strict` must have nothing against any
 * history in it then.
 */
export function removeWhenDone(dir: string, { damages = false }: Leaves = {}): void {
  onTestFinished(({ task }) => {
    const asks = process.env['VARVE_TEST_ALL'] === '1' && !damages && task.result?.state === 'pass';
    const faults = asks ? historiesBelow(dir).flatMap(faultsOf) : [];
    spawnSync('chmod', ['-R', 'u+rwX', dir]);
    spawnSync('rm', ['-rf', dir]);
    if (faults.length > 0) throw new Error(`git fsck --strict:\n${faults.join('\n')}`);
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

function faultsOf(gitDir: string): string[] {
  const options = ['--strict', '--no-dangling', '--no-progress'];
  const env = { PATH: process.env['PATH'], LC_ALL: 'C', GIT_CONFIG_NOSYSTEM: '1', HOME: '/nonexistent' };
  const { status, stdout, stderr } = spawnSync('git', ['--git-dir', gitDir, 'fsck', ...options], {
    env,
    encoding: 'latin1',
  });
  // A notice is no fault: where no task has ended well, HEAD names a branch that is not there yet.
  const told = `${stdout}${stderr}`.split('\n').filter((line) => line !== '' && !line.startsWith('notice:'));
  if (status !== 0) told.push(`exit ${String(status)}`);
  return told.map((line) => `${gitDir}: ${line}`);
}
