import type { FileSystem } from '../ports/world.ts';
import { rawPath } from '../trees/raw-text.ts';
import { inside } from '../trees/tree-metadata.ts';

/** The path that system calls get: bytes, since names need not be UTF-8. */
export function diskPath(dir: string, path: string): Buffer {
  return Buffer.from(inside(rawPath(dir), path), 'latin1');
}

/** Removes whatever stands at a path, closed directories too, and follows no link; false where nothing stands. */
export function removeAll(fs: FileSystem, dir: string, path: string): boolean {
  const full = diskPath(dir, path);
  const stats = fs.lstatSync(full, { throwIfNoEntry: false });
  if (stats === undefined) return false;
  if (!stats.isDirectory()) {
    fs.unlinkSync(full);
    return true;
  }
  if ((stats.mode & 0o700) !== 0o700) fs.chmodSync(full, 0o700);
  for (const name of fs.readdirSync(full, { encoding: 'latin1' })) removeAll(fs, dir, inside(path, name));
  fs.rmdirSync(full);
  return true;
}

/** Removes a file or link, or a directory with nothing in it; false where a directory with something in it stays. */
export function removeIfOurs(fs: FileSystem, dir: string, path: string): boolean {
  const full = diskPath(dir, path);
  const stats = fs.lstatSync(full, { throwIfNoEntry: false });
  if (stats === undefined) return true;
  if (!stats.isDirectory()) {
    fs.unlinkSync(full);
    return true;
  }
  if (fs.readdirSync(full).length > 0) return false;
  fs.rmdirSync(full);
  return true;
}

/** A directory of ours may be a link to where there is room. */
export function whereItIs(fs: FileSystem, dir: string): string {
  return fs.existsSync(dir) ? fs.realpathSync(dir) : dir;
}
