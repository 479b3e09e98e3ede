/** BBPATH: where files and classes are looked for. Names are put together as they stand: FILE shows them so. */
import { isAbsolute } from 'node:path/posix';
import type { Datastore } from './datastore.ts';

/** Lists the directories of BBPATH. */
export function searchPath(data: Datastore): readonly string[] {
  return (data.get('BBPATH') ?? '').split(':').filter((directory) => directory !== '');
}

/** Puts a name behind a directory, `..` and all; an absolute name stands for itself. */
export function pathInside(directory: string, name: string): string {
  if (isAbsolute(name) || directory === '') return name;
  return directory.endsWith('/') ? `${directory}${name}` : `${directory}/${name}`;
}
