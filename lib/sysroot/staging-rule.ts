import type { Entry } from '../ports/objects.ts';
import { rawPath } from '../trees/raw-text.ts';
import { isWithin } from '../trees/tree-metadata.ts';

/**
 * Makes the rule for what of an artifact goes into a sysroot, by its raw path on the target: what is at or below SYSROOT_DIRS
 * (undefined: everything), but no `.la` files, which hold paths of the build.
 */
export function stagingRule(
  sysrootDirs: readonly string[] | undefined,
): (path: string, kind: Entry['kind']) => boolean {
  const dirs = sysrootDirs?.map((dir) => rawPath(dir).replaceAll(/^\/+|\/+$/g, ''));
  // The directories above one that is wanted come along, or what stands there instead of one.
  const isNear = (dir: string, path: string): boolean => isWithin(dir, path) || isWithin(path, dir);
  return (path, kind) =>
    (kind === 'dir' || !path.endsWith('.la')) &&
    (dirs === undefined || dirs.some((dir) => isNear(dir, path)));
}
