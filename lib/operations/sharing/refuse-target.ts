import { dirname, join } from 'node:path';
import { mayBeMembers } from '../../artifacts/members-file.ts';
import type { World } from '../../ports/world.ts';
import { VarveError } from '../../terms/varve-error.ts';

/** Refuses to write an export where no file can be, or where one is that is no export; `name` is what it might be called in a directory. */
export function refuseTarget({ fs }: World, file: string, name: string): void {
  const cannot = (why: string, hint: string): VarveError =>
    new VarveError('usage', `${file} cannot be written: ${why}`, { hints: [hint] });
  const stats = fs.statSync(file, { throwIfNoEntry: false });
  if (stats?.isDirectory() === true)
    throw cannot('it is a directory', `name a file in it: ${join(file, name)}`);
  if (stats?.isFile() === true && stats.size > 0 && !mayBeMembers(fs, file))
    throw cannot('something else is there, which is no export', `name another file, or: rm ${file}`);
  const dir = dirname(file);
  if (fs.statSync(dir, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw cannot(`there is no directory ${dir}`, `mkdir -p ${dir}`);
}
