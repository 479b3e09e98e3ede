import { replaceFile } from '../../history/replace-file.ts';
import { storedPacks } from '../../history/stored-packs.ts';
import type { Metadata } from '../../layers/load-metadata.ts';
import type { World } from '../../ports/world.ts';
import { ifThereIsRoom } from '../../terms/if-there-is-room.ts';
import { type Places, waitingMark } from '../../terms/places.ts';
import { collectionDue } from '../housekeeping/collection-due.ts';
import { startTending } from './tend-waiting.ts';

/** What a build wrote into the record. */
export interface Written {
  /** Its number. */
  readonly build: number;
  readonly places: Places;
  /** The repositories. */
  readonly histories: readonly string[];
}

/**
 * After a build that wrote into the record: answers what has packs compressed in the background that were stored while the
 * build waited, and gc run where the last time is long ago; undefined where neither is to be done.
 */
export function tendRecord(
  world: World,
  metadata: Metadata,
  { build, places, histories }: Written,
): (() => void) | undefined {
  const due = collectionDue(world, metadata, build);
  if (due === 'never') return undefined;
  if (histories.some((gitDir) => storedPacks(world.fs, gitDir).length > 0)) noteWaiting(world, places);
  if (due === 'later' && !world.fs.existsSync(waitingMark(places))) return undefined;
  return () => startTending(world, places);
}

/** So that it is not forgotten where the next build ends what was started. */
function noteWaiting({ fs }: World, places: Places): void {
  const path = waitingMark(places);
  ifThereIsRoom(() => replaceFile(fs, { path, temporary: `${path}.new` }, ''));
}
