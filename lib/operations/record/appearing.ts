/** Directories that a person names for what is to be written: new or empty ones, which hold the whole or nothing. */
import { basename, dirname, join } from 'node:path';
import { removeTree } from '../../execution/workdir/remove-tree.ts';
import type { World } from '../../ports/world.ts';
import { VarveError } from '../../terms/varve-error.ts';

/** A new directory appears when all is in it: who stops on the way leaves nothing that looks whole. */
export function appearing<T>(world: World, dir: string, write: (dir: string) => T): T {
  if (world.fs.existsSync(dir)) return write(dir);
  const aside = join(dirname(dir), `.${basename(dir)}.restoring`);
  removeTree(world, aside);
  try {
    const written = write(aside);
    world.fs.renameSync(aside, dir);
    return written;
  } catch (error) {
    removeTree(world, aside);
    throw isRefused(error) ? cannotBeMade(dir, error) : error;
  }
}

/** All that a directory stands in is made with it, so it is never missing: /proc has no place for one. */
function isRefused(error: unknown): boolean {
  const { code, syscall } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' && syscall === 'mkdir';
}

function cannotBeMade(dir: string, cause: unknown): VarveError {
  return new VarveError('usage', `${dir} cannot be made: no directory can be there`, {
    hints: ['Name a new directory elsewhere.'],
    cause,
  });
}

/** Refuses a directory in which somebody has something; `command` would write into it. */
export function refuseFull(world: World, dir: string, command: string): void {
  if (!world.fs.existsSync(dir)) return;
  if (!world.fs.statSync(dir).isDirectory()) throw new VarveError('usage', `${dir} is not a directory`);
  if (world.fs.readdirSync(dir).length === 0) return;
  throw new VarveError('usage', `${dir} is not empty, and ${command} deletes nothing`, {
    hints: ['Name a new directory.'],
  });
}
