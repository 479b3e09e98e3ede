/** Builds that are not kept leave the record, and with them what only they needed. */
import { syncRecord } from '../../execution/holding/keep-synced.ts';
import { makingRoom } from '../../execution/holding/making-room.ts';
import { dropObjects, mergeObjects } from '../../history/collect-objects.ts';
import { listObjectFiles } from '../../history/list-object-files.ts';
import { planObjects, type Merge, type ObjectsPlan } from '../../history/plan-objects.ts';
import { surveyObjects } from '../../history/survey-objects.ts';
import type { FileSystem } from '../../ports/world.ts';
import { reachNames, type Collectable } from './collectable.ts';
import type { TheRecord } from '../record/open-record.ts';
import { ifThereIsRoom } from '../../terms/if-there-is-room.ts';

export interface CollectedHistories {
  /** Bytes on the disk that are free now, or would be. */
  readonly freed: number;
  /** Bytes of objects that stay. */
  readonly size: number;
  /** HISTORY_MAX_SIZE, in bytes. */
  readonly maxSize?: number;
  /** Histories that there was no room to compress. */
  readonly uncompressed: readonly string[];
  /** Who reads the record: while somebody does, nothing of it goes. */
  readonly readers: readonly string[];
}

/** Says what would go; removes nothing. */
export function foreseeCollection(
  { world }: TheRecord,
  repositories: readonly Collectable[],
  readers: readonly string[],
): CollectedHistories {
  const size = sizeOf(world.fs, repositories);
  const freed = repositories
    .map(({ gitDir, reach }) => planObjects(surveyObjects(world.fs, gitDir), reach.has).freed)
    .reduce((sum, bytes) => sum + bytes, 0);
  return { freed, size: size - freed, uncompressed: [], readers };
}

/** What is still there of a repository, and could be smaller. */
export interface Dropped {
  readonly gitDir: string;
  readonly plan: ObjectsPlan;
}

/**
 * Names go first, all at once in each repository and once everything is on the disk, then the objects that nothing leads to
 * any more. So nothing but names is written before something could be freed, and a stop at any point leaves a record that
 * is whole.
 */
export function dropUnneeded(
  { world, places }: TheRecord,
  repositories: readonly Collectable[],
): readonly Dropped[] {
  makingRoom(world.fs, places, () => {
    const changed = repositories
      .map(({ refs, rename }) => ({ refs, changes: rename() }))
      .filter(({ changes }) => changes.size > 0);
    if (changed.length > 0) syncRecord(world, places, changed);
  });
  return repositories.map((repository) => {
    reachNames(world, repository);
    const { gitDir, reach } = repository;
    const plan = planObjects(surveyObjects(world.fs, gitDir), reach.has);
    dropObjects(world.fs, gitDir, plan);
    return { gitDir, plan };
  });
}

/**
 * Merges what is left, which needs room: the least first, which makes some for more. Who reads meanwhile finds each object in
 * one place or the other. Answers where there was no room.
 */
export function mergeLeft(world: TheRecord['world'], dropped: readonly Dropped[]): readonly string[] {
  const left = dropped
    .flatMap(({ gitDir, plan }) => plan.merges.map((merge) => ({ gitDir, merge, bytes: bytesOf(merge) })))
    .toSorted((a, b) => a.bytes - b.bytes)
    .filter(({ gitDir, merge }) => !ifThereIsRoom(() => mergeObjects(world, gitDir, merge)));
  return [...new Set(left.map(({ gitDir }) => gitDir))];
}

const bytesOf = ({ merged: { loose, packs } }: Merge): number =>
  [...loose, ...packs].reduce((sum, { size }) => sum + size, 0);

/** Bytes of objects on the disk. */
export function sizeOf(fs: FileSystem, repositories: readonly Collectable[]): number {
  return repositories
    .map(({ gitDir }) => listObjectFiles(fs, gitDir))
    .flatMap(({ loose, packs }) => [...loose, ...packs])
    .reduce((sum, { size }) => sum + size, 0);
}
