import { dirname, join } from 'node:path';
import type { Collection } from './plan-collection.ts';
import type { ArtifactStore } from './store.ts';
import type { ArchiveFile } from './survey-store.ts';
import { errorCode, type StorePlace } from './write-aside.ts';

/**
 * Carries out a collection. An archive that somebody had a use for meanwhile stays, with the entries that lead to it.
 * Entries go first: stopped halfway, nothing promises what is not there.
 */
export function collectStore(place: StorePlace, store: ArtifactStore, { goes, broken }: Collection): void {
  for (const { signature } of broken) store.remove(signature);
  for (const { archive, entries } of goes) {
    const path = store.archives.path(archive);
    if (!isUnused(place, path, archive)) continue;
    for (const { signature } of entries) store.remove(signature);
    takeAway(place, path, archive);
    if (!place.fs.existsSync(path)) continue;
    for (const { entry } of entries) if (entry !== undefined) store.publish(entry);
  }
}

const isUnused = ({ fs }: StorePlace, path: string, { used }: ArchiveFile): boolean =>
  fs.statSync(path, { throwIfNoEntry: false })?.mtimeMs === used;

/**
 * Moves the file aside before it goes, and looks at it there: who marked it as used before that is seen, who comes
 * after that finds none. Somebody else may have taken it away meanwhile.
 */
function takeAway(place: StorePlace, path: string, archive: ArchiveFile): void {
  const { fs, dir } = place;
  const aside = join(dir, 'aside', `collected-${archive.sha256}`);
  fs.mkdirSync(dirname(aside), { recursive: true });
  try {
    fs.renameSync(path, aside);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw error;
  }
  if (isUnused(place, aside, archive)) fs.rmSync(aside);
  else fs.renameSync(aside, path);
}
