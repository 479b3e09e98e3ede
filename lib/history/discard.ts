import type { FileSystem } from '../ports/world.ts';
import { rawPath } from '../trees/raw-text.ts';
import { fullPath } from './directory-access.ts';
import { hasCode } from './replace-file.ts';
import { leftOut, removed, type Unrecordable } from './scan-directory.ts';

/**
 * Removes what no tree can hold from a directory that was recorded, so that it is what its commit says; answers a warning of
 * each. What is too deep stays, and what lies in a directory that is closed to its owner.
 */
export function discard(fs: FileSystem, dir: string, special: readonly Unrecordable[]): readonly string[] {
  return special.flatMap((one) => {
    if (one.kind === 'too-deep') return [leftOut(one)];
    try {
      fs.unlinkSync(fullPath(rawPath(dir), one.path));
    } catch (error) {
      if (!hasCode(error, 'EACCES')) throw error;
      return [leftOut(one)];
    }
    return removed([one]);
  });
}
