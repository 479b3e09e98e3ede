/** The python3 of a PATH, and varve's own programs for it. */
import * as fs from 'node:fs';
import { delimiter, join } from 'node:path';
import { isScript } from '../ports/is-script.ts';
import { metaDir } from './meta-dir.ts';

/** Every python3 of a PATH, in its order. */
export function pythonsIn(path: string): readonly string[] {
  return path
    .split(delimiter)
    .filter((directory) => directory.startsWith('/'))
    .map((directory) => join(directory, 'python3'))
    .filter((file) => fs.existsSync(file) && fs.statSync(file).isFile());
}

/** What runs one of varve's programs that need nothing but Python itself; undefined where there is no python3. */
export function pythonCommand(path: string, name: string): readonly [string, ...string[]] | undefined {
  const pythons = pythonsIn(path);
  const python = pythons.find((file) => !isScript(fs, file)) ?? pythons[0];
  return python === undefined ? undefined : [python, '-I', '-S', '-B', join(metaDir, 'python', name)];
}
