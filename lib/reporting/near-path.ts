import { relative } from 'node:path';

/** A path below `cwd` is named from there; any other stays as it is. */
export function nearPath(path: string, cwd: string): string {
  const near = relative(cwd, path);
  return path.startsWith('/') && near !== '' && !near.startsWith('..') ? near : path;
}
