import { existsSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Every python3 of a PATH, in its order. */
export function pythonsIn(path: string): readonly string[] {
  return path
    .split(delimiter)
    .filter((directory) => directory.startsWith('/'))
    .map((directory) => join(directory, 'python3'))
    .filter((file) => existsSync(file) && statSync(file).isFile());
}
