import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Every python3 of a PATH, in its order. */
export function pythonsIn(path: string): readonly string[] {
  return path
    .split(delimiter)
    .filter((directory) => directory.startsWith('/'))
    .map((directory) => join(directory, 'python3'))
    .filter((file) => existsSync(file) && statSync(file).isFile());
}

/** Whether it is a script, as version managers have them: it chooses the interpreter, and takes half a second to do so. */
export function isScript(file: string): boolean {
  const start = Buffer.alloc(2);
  try {
    const descriptor = openSync(file, 'r');
    readSync(descriptor, start, 0, 2, 0);
    closeSync(descriptor);
  } catch {
    // A script that cannot be read could not be run.
  }
  return start.toString('latin1') === '#!';
}
