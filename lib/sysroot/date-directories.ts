import type { FileSystem } from '../ports/world.ts';
import { defaultEpoch } from '../terms/default-epoch.ts';
import { parentOf } from '../trees/tree-metadata.ts';
import { diskPath } from './disk-path.ts';
import type { Missing } from './write-staged.ts';

/**
 * Gives one time to every directory in which something was written or removed: a task that notes it makes the same in
 * every sysroot of these parts. It is no recipe's, since several share a directory, and one of them may go.
 */
export function dateDirectories(
  fs: FileSystem,
  dir: string,
  done: { readonly removed: readonly string[]; readonly missing: readonly Missing[] },
): void {
  const written = new Map(done.missing.map(({ path, staged }) => [path, staged.kind]));
  const gone = new Set(done.removed);
  const isDirectory = (path: string): boolean =>
    path === '' || (written.has(path) ? written.get(path) === 'dir' : !gone.has(path));
  const touched = new Set(['', ...[...written.keys(), ...gone].map(parentOf)]);
  for (const [path, kind] of written) if (kind === 'dir') touched.add(path);
  for (const path of touched)
    if (isDirectory(path)) fs.utimesSync(diskPath(dir, path), defaultEpoch, defaultEpoch);
}
