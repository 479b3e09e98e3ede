/** Builds that are not kept leave the record, and with them what only they needed. */
import { leaseHolders } from '../../execution/holding/hold-lease.ts';
import { syncRecord } from '../../execution/holding/keep-synced.ts';
import { makingRoom } from '../../execution/holding/making-room.ts';
import { dropObjects, mergeObjects } from '../../history/collect-objects.ts';
import { listObjectFiles } from '../../history/list-object-files.ts';
import { planObjects, type ObjectsPlan } from '../../history/plan-objects.ts';
import { isDiskFull } from '../../history/replace-file.ts';
import { surveyObjects } from '../../history/survey-objects.ts';
import type { FileSystem } from '../../ports/world.ts';
import { buildsRepository } from '../../terms/places.ts';
import { reachNames, type Collectable } from './collectable.ts';
import type { TheRecord } from '../record/open-record.ts';

export interface CollectedHistories {
  /** Bytes on the disk that are free now, or would be. */
  readonly freed: number;
  /** Bytes of objects that stay. */
  readonly size: number;
  /** Histories that there was no room to compress. */
  readonly uncompressed: readonly string[];
  /** Who reads the record: while somebody does, names go and nothing else. */
  readonly readers: readonly string[];
}

/** Says what would go; removes nothing. */
export function foreseeCollection(
  { world, places }: TheRecord,
  repositories: readonly Collectable[],
): CollectedHistories {
  const size = sizeOf(world.fs, repositories);
  const freed = repositories
    .map(({ gitDir, reach }) => planObjects(surveyObjects(world.fs, gitDir), reach.has).freed)
    .reduce((sum, bytes) => sum + bytes, 0);
  return {
    freed,
    size: size - freed,
    uncompressed: [],
    readers: leaseHolders(world, buildsRepository(places)),
  };
}

/**
 * Names go first, all at once in each repository and once everything is on the disk; then the objects that nothing leads to
 * any more; then what is left is merged, which needs room. So nothing is written before something could be freed,
 * and a stop at any point leaves a record that is whole.
 */
export function collectHistories(
  record: TheRecord,
  repositories: readonly Collectable[],
): CollectedHistories {
  const { world, places } = record;
  const before = sizeOf(world.fs, repositories);
  makingRoom(world.fs, places, () => {
    const changed = repositories
      .map(({ refs, rename }) => ({ refs, changes: rename() }))
      .filter(({ changes }) => changes.size > 0);
    if (changed.length > 0) syncRecord(world, places, changed);
  });
  // Who takes a lease from here on finds none of the names that are gone.
  const readers = leaseHolders(world, buildsRepository(places));
  if (readers.length > 0) return { freed: 0, size: before, uncompressed: [], readers };
  const plans = repositories.map((repository) => {
    reachNames(world, repository);
    const { gitDir, reach } = repository;
    const plan = planObjects(surveyObjects(world.fs, gitDir), reach.has);
    dropObjects(world.fs, gitDir, plan);
    return { gitDir, plan };
  });
  const uncompressed = plans
    .toSorted((a, b) => a.plan.moved.length - b.plan.moved.length)
    .filter(({ gitDir, plan }) => !mergedWhereRoom(world.fs, gitDir, plan))
    .map(({ gitDir }) => gitDir);
  const size = sizeOf(world.fs, repositories);
  return { freed: Math.max(before - size, 0), size, uncompressed, readers };
}

function mergedWhereRoom(fs: FileSystem, gitDir: string, plan: ObjectsPlan): boolean {
  try {
    mergeObjects(fs, gitDir, plan);
    return true;
  } catch (error) {
    if (isDiskFull(error)) return false;
    throw error;
  }
}

function sizeOf(fs: FileSystem, repositories: readonly Collectable[]): number {
  return repositories
    .map(({ gitDir }) => listObjectFiles(fs, gitDir))
    .flatMap(({ loose, packs }) => [...loose, ...packs])
    .reduce((sum, { size }) => sum + size, 0);
}
