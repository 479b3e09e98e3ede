import { dirname, join } from 'node:path';
import type { World } from '../../ports/world.ts';
import { VarveError } from '../../terms/varve-error.ts';

/** Refuses to write an export where no file can be; `name` is what it might be called in a directory. */
export function refuseTarget({ fs }: World, file: string, name: string): void {
  const cannot = (why: string, hint: string): VarveError =>
    new VarveError('usage', `${file} cannot be written: ${why}`, { hints: [hint] });
  const isDirectory = (path: string): boolean =>
    fs.statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  if (isDirectory(file)) throw cannot('it is a directory', `name a file in it: ${join(file, name)}`);
  const dir = dirname(file);
  if (!isDirectory(dir)) throw cannot(`there is no directory ${dir}`, `mkdir -p ${dir}`);
}
