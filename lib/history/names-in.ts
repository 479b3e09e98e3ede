import type { FileSystem } from '../ports/world.ts';
import { hasCode } from './replace-file.ts';

/** What lies in a directory; nothing where it is not there, or not any more. */
export function namesIn(fs: FileSystem, dir: string): readonly string[] {
  try {
    return fs.readdirSync(dir).map(String);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}
