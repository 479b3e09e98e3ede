import { basename, dirname, join } from 'node:path';
import type { World } from '../../ports/world.ts';
import { hasCode } from '../../history/replace-file.ts';

/**
 * Removes a directory with all in it, also where its directories may not be written in, or paths are longer than the
 * system takes them; no error where there is none.
 */
export function removeTree(world: World, path: string): void {
  const remove = (): void => world.fs.rmSync(path, { recursive: true, force: true });
  try {
    return remove();
  } catch (error) {
    if (isTooDeep(error)) {
      // rm goes down step by step, and needs neither whole paths nor a stack.
      world.run('rm', ['-rf', '--', path], { env: { PATH: '/usr/bin:/bin' } });
    } else {
      openDirectories(world, Buffer.from(path));
    }
  }
  remove();
}

/** Removes a directory so that a crash leaves all of it or nothing under its name. */
export function removeAtOnce(world: World, path: string): boolean {
  const aside = join(dirname(path), `.${basename(path)}.removed`);
  removeTree(world, aside);
  if (world.fs.lstatSync(path, { throwIfNoEntry: false }) === undefined) return false;
  world.fs.renameSync(path, aside);
  removeTree(world, aside);
  return true;
}

/** For paths of the system, or for the stack of node. */
function isTooDeep(error: unknown): boolean {
  return hasCode(error, 'ENAMETOOLONG') || error instanceof RangeError;
}

function openDirectories(world: World, path: Buffer): void {
  const stat = world.fs.lstatSync(path, { throwIfNoEntry: false });
  if (stat?.isDirectory() !== true) return;
  if ((stat.mode & 0o700) !== 0o700) world.fs.chmodSync(path, 0o700);
  for (const name of world.fs.readdirSync(path, { encoding: 'buffer' }))
    openDirectories(world, Buffer.concat([path, Buffer.from('/'), name]));
}
