import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a directory as `mkdirSync` does, parents first where that is wanted. Node's own recursive way never ends where a
 * parent is there in which nothing can be made, as below /proc.
 */
export function makeDirectory(...[path, options]: Parameters<typeof mkdirSync>): undefined {
  if (typeof options !== 'object' || options?.recursive !== true) return void mkdirSync(path, options);
  const { recursive: _, ...single } = options;
  const make = (): void => {
    try {
      mkdirSync(path, single);
    } catch (error) {
      // Another process may have made it just now.
      const isThere = (error as NodeJS.ErrnoException).code === 'EEXIST' && statSync(path).isDirectory();
      if (!isThere) throw error;
    }
  };
  try {
    make();
  } catch (error) {
    const parent = dirname(String(path));
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || parent === String(path)) throw error;
    makeDirectory(parent, options);
    make();
  }
  return undefined;
}
