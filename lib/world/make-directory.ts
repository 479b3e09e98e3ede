import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a directory as `mkdirSync` does, parents first where that is wanted. Node's own recursive way never ends where a
 * parent is there in which nothing can be made, as below /proc.
 */
export function makeDirectory(...[path, options]: Parameters<typeof mkdirSync>): undefined {
  if (typeof options !== 'object' || options?.recursive !== true) return void mkdirSync(path, options);
  const { recursive: _, ...single } = options;
  try {
    mkdirSync(path, single);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && statSync(path).isDirectory()) return undefined;
    const parent = dirname(String(path));
    if (code !== 'ENOENT' || parent === String(path)) throw error;
    makeDirectory(parent, options);
    mkdirSync(path, single);
  }
  return undefined;
}
