import type { FileSystem } from './world.ts';

/** Whether a program is a script, as version managers have them: it chooses what to run, and takes half a second to do so. */
export function isScript(fs: Pick<FileSystem, 'openSync' | 'readSync' | 'closeSync'>, path: string): boolean {
  const start = Buffer.alloc(2);
  try {
    const file = fs.openSync(path, 'r');
    try {
      fs.readSync(file, start, 0, 2, 0);
    } finally {
      fs.closeSync(file);
    }
  } catch {
    // A script that cannot be read could not be run.
  }
  return start.toString('latin1') === '#!';
}
