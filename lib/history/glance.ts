import type { Stats } from 'node:fs';
import type { FileSystem } from '../ports/world.ts';
import { rawPath } from '../trees/raw-text.ts';
import { fullPath } from './directory-access.ts';
import { isAsFound } from './scan-directory.ts';
import { type StatCache, whenPast } from './stat-cache.ts';

/**
 * Which paths of the last look are not proven to be as they were: what became otherwise, what is gone, and what only a closer
 * look can reach. Costs an lstat each and little else: this loop is most of a look at what hardly changed.
 */
export function glance(fs: FileSystem, dir: string, cache: StatCache): ReadonlySet<string> {
  const isPast = whenPast(cache);
  const pathTo = pathsBelow(dir);
  const others = new Set<string>();
  for (const [path, seen] of cache.seen) {
    const now = lstatOf(fs, pathTo(path));
    if (now === undefined || !isAsFound(seen, now) || !isPast(seen)) others.add(path);
  }
  return others;
}

const QUIET = { throwIfNoEntry: false } as const;

/** Undefined where it is gone, or in a directory that is closed. */
function lstatOf(fs: FileSystem, path: string | Buffer): Stats | undefined {
  try {
    return fs.lstatSync(path, QUIET);
  } catch {
    return undefined;
  }
}

const BEYOND_ASCII = /[\u0080-\u00ff]/;

/** Full paths, as text where bytes and text are the same: to make bytes of it first costs more than all else here. */
function pathsBelow(dir: string): (path: string) => string | Buffer {
  const root = rawPath(dir);
  const bytes = (path: string): Buffer => fullPath(root, path);
  if (BEYOND_ASCII.test(root)) return bytes;
  return (path) => (BEYOND_ASCII.test(path) ? bytes(path) : `${root}/${path}`);
}
