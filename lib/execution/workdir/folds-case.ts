import { basename, dirname, join } from 'node:path';
import type { FileSystem } from '../../ports/world.ts';

/** Whether names that differ in nothing but case are one name in a directory, which need not be there yet. */
export function foldsCase(fs: FileSystem, dir: string): boolean {
  if (!fs.existsSync(dir)) return dirname(dir) !== dir && foldsCase(fs, dirname(dir));
  const real = String(fs.realpathSync(dir));
  const within = fs.readdirSync(real).map(String).find(hasCases);
  const path = within === undefined ? real : join(real, within);
  const other = fs.lstatSync(join(dirname(path), otherCase(basename(path))), { throwIfNoEntry: false });
  return hasCases(basename(path)) && other?.ino === fs.lstatSync(path).ino;
}

const hasCases = (name: string): boolean => otherCase(name) !== name;

function otherCase(name: string): string {
  const upper = name.toUpperCase();
  return upper === name ? name.toLowerCase() : upper;
}
