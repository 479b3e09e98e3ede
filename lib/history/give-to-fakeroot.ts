import type { FileSystem } from '../ports/world.ts';
import { rawPath } from '../trees/raw-text.ts';
import { accessDirectory, fullPath } from './directory-access.ts';
import { type Given, type GivenByInode, inodeOf, type OwnedPlace } from './adopt-given.ts';
import { readOwners } from './owners.ts';
import { type Found, scanDirectory, TYPES } from './scan-directory.ts';

/**
 * Answers what a program under fakeroot is to believe of a directory, where that is not what its disk shows. What is closed
 * to its owner is opened, since nothing is closed to root; `adoptGiven` closes it again.
 */
export function giveToFakeroot(fs: FileSystem, place: OwnedPlace): GivenByInode {
  const access = accessDirectory(fs, place.dir);
  const exclude = new Set(place.exclude.map(rawPath));
  let found: readonly Found[];
  try {
    ({ found } = scanDirectory(fs, access, { exclude }));
  } finally {
    access.restore();
  }
  const owners = readOwners(fs, place.owners);
  const given = new Map<string, Given>();
  const root = rawPath(place.dir);
  for (const item of found) {
    const open = item.mode | (item.kind === 'dir' ? 0o700 : 0o600);
    const isClosed = item.kind !== 'symlink' && open !== item.mode;
    if (!isClosed && !owners.has(item.path)) continue;
    if (isClosed) fs.chmodSync(fullPath(root, item.path), open);
    const { uid = 0, gid = 0 } = owners.get(item.path) ?? {};
    given.set(inodeOf(item), { mode: TYPES[item.kind] | item.mode, uid, gid });
  }
  return given;
}
