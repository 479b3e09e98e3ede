import { dirname, join } from 'node:path';
import type { Collection } from './plan-collection.ts';
import type { ArtifactStore } from './store.ts';
import type { ArchiveFile } from './survey-store.ts';
import { errorCode, type StorePlace } from './write-aside.ts';

/** Carries out a collection. An archive that somebody had a use for meanwhile stays, with the entries that lead to it. */
export function collectStore(place: StorePlace, store: ArtifactStore, { goes, broken }: Collection): void {
  for (const { signature } of broken) store.remove(signature);
  for (const { archive, entries } of goes) {
    if (takeAway(place, store.archives.path(archive), archive))
      for (const { signature } of entries) store.remove(signature);
  }
}

/**
 * Moves the file aside before it goes, and looks at it there: who marked it as used before that is seen, who comes
 * after that finds none.
 */
function takeAway({ fs, dir }: StorePlace, path: string, archive: ArchiveFile): boolean {
  const aside = join(dir, 'aside', `collected-${archive.sha256}`);
  const isUnused = (file: string): boolean =>
    fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs === archive.used;
  if (!isUnused(path)) return false;
  fs.mkdirSync(dirname(aside), { recursive: true });
  try {
    fs.renameSync(path, aside);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
  if (isUnused(aside)) {
    fs.rmSync(aside);
    return true;
  }
  fs.renameSync(aside, path);
  return false;
}
