import type { Entry } from '../ports/objects.ts';
import type { FileSystem } from '../ports/world.ts';
import { rawPath } from '../trees/raw-text.ts';
import { fullPath } from './directory-access.ts';
import type { Changed } from './materialise.ts';
import { hasCode, isAbsent } from './replace-file.ts';
import { type Found, foundOf, type Present, presentOf } from './scan-directory.ts';

export interface Aftermath {
  readonly entries: readonly Entry[];
  readonly before: readonly Present[];
  readonly changed: Changed;
}

/** What stands there after a restore: looked at again only where something was done and not seen. */
export function presentAfter(
  { fs, dir }: { readonly fs: FileSystem; readonly dir: string },
  { entries, before, changed }: Aftermath,
): Map<string, Present> {
  const known = new Map(before.map((item) => [item.path, item]));
  const root = rawPath(dir);
  const now = new Map<string, Present>();
  for (const entry of entries) {
    const found = known.get(entry.path);
    const stays = found !== undefined && !changed.has(entry.path);
    const stat = stays ? found : (changed.get(entry.path) ?? findAgain(fs, root, entry));
    const { oid, xattrs } = entry;
    if (stat !== undefined) now.set(entry.path, presentOf(stat, { oid, xattrs: xattrs ?? stat.xattrs }));
  }
  return now;
}

function findAgain(fs: FileSystem, root: string, entry: Entry): Found | undefined {
  try {
    return foundOf(entry.path, entry.kind, fs.lstatSync(fullPath(root, entry.path), { bigint: true }));
  } catch (error) {
    if (isAbsent(error) || hasCode(error, 'EACCES')) return undefined;
    throw error;
  }
}
