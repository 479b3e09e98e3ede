import { join } from 'node:path';
import type { FileSystem } from '../ports/world.ts';

/** Removes a directory with all in it, also where its directories may not be written in; no error where there is none. */
export function removeTree(fs: FileSystem, path: string): void {
  try {
    fs.rmSync(path, { recursive: true, force: true });
  } catch {
    openDirectories(fs, path);
    fs.rmSync(path, { recursive: true, force: true });
  }
}

function openDirectories(fs: FileSystem, path: string): void {
  const stat = fs.lstatSync(path, { throwIfNoEntry: false });
  if (stat?.isDirectory() !== true) return;
  if ((stat.mode & 0o700) !== 0o700) fs.chmodSync(path, 0o700);
  for (const name of fs.readdirSync(path)) openDirectories(fs, join(path, String(name)));
}
