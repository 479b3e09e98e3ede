import type { ObjectId } from '../terms/ids.ts';
import { PACK_LIMIT } from './pack-writer.ts';
import type { LooseFile, PackFile } from './list-object-files.ts';
import type { StoredObjects, StoredPack } from './survey-objects.ts';

/** What is to become of the files that hold the objects of a repository. */
export interface ObjectsPlan {
  /** Nothing that is needed is in these. */
  readonly gone: ObjectFileSet;
  /** What small files hold goes together; each large one by itself, so that there need not be room for all at once. */
  readonly merges: readonly Merge[];
  /** Bytes of all that is not needed. */
  readonly freed: number;
}

/** Files of which what is needed goes into new packs. */
export interface Merge {
  readonly merged: ObjectFileSet;
  /** In the order in which it is to be written. */
  readonly moved: readonly ObjectId[];
}

export interface ObjectFileSet {
  readonly loose: readonly LooseFile[];
  readonly packs: readonly PackFile[];
}

/** Loose files from this size on get packs of their own. */
const LARGE = 16 << 20;

/** Decides which files go and which are merged, `isNeeded` telling of each object. Pure. */
export function planObjects(stored: StoredObjects, isNeeded: (oid: ObjectId) => boolean): ObjectsPlan {
  const live = new Map(stored.packs.map((pack) => [pack, pack.objects.filter(({ oid }) => isNeeded(oid))]));
  const liveBytes = (pack: StoredPack): number => bytesOf(live.get(pack) ?? []);
  const standing = stored.packs.filter((pack) => liveBytes(pack) > 0);
  const loose = stored.loose.filter(({ oid }) => isNeeded(oid));
  const packed = new Set(standing.flatMap((pack) => pack.objects.map(({ oid }) => oid)));
  const large = loose.filter(({ oid, size }) => size >= LARGE && !packed.has(oid));
  const small = loose.filter((file) => !large.includes(file));
  const packs = packsToMerge(standing, {
    liveBytes,
    looseBytes: small.reduce((sum, { oid, size }) => sum + (packed.has(oid) ? 0 : size), 0),
  });
  const stays = standing.filter((pack) => !packs.includes(pack));
  const held = new Set(stays.flatMap((pack) => pack.objects.map(({ oid }) => oid)));
  const from = [...packs.flatMap((pack) => live.get(pack) ?? []), ...small];
  const moved = [...new Set(from.map(({ oid }) => oid))].filter((oid) => !held.has(oid));
  return {
    gone: {
      loose: stored.loose.filter(({ oid }) => !isNeeded(oid)),
      packs: stored.packs.filter((pack) => !standing.includes(pack)),
    },
    merges: [
      { merged: { loose: small, packs }, moved },
      ...large.map((file) => ({ merged: { loose: [file], packs: [] }, moved: [file.oid] })),
    ],
    freed:
      stored.loose.reduce((sum, { oid, size }) => sum + (isNeeded(oid) ? 0 : size), 0) +
      stored.packs.reduce((sum, pack) => sum + bytesOf(pack.objects) - liveBytes(pack), 0),
  };
}

const bytesOf = (objects: readonly { readonly length: number }[]): number =>
  objects.reduce((sum, { length }) => sum + length, 0);

/** Whether a pack may stay as it is: well compressed, and little of it is no longer needed. */
const isSettled = (pack: StoredPack, liveBytes: number): boolean =>
  !pack.isHasty && liveBytes * 4 >= bytesOf(pack.objects) * 3;

/**
 * Those that are not settled, and of the others as many as leave each larger than the smaller ones together: so packs are few, and
 * most bytes are moved seldom. Full ones stay.
 */
function packsToMerge(
  standing: readonly StoredPack[],
  {
    liveBytes,
    looseBytes,
  }: { readonly liveBytes: (pack: StoredPack) => number; readonly looseBytes: number },
): readonly StoredPack[] {
  const unsettled = standing.filter((pack) => !isSettled(pack, liveBytes(pack)));
  const settled = standing
    .filter((pack) => !unsettled.includes(pack) && liveBytes(pack) < PACK_LIMIT)
    .toSorted((a, b) => liveBytes(a) - liveBytes(b));
  let bytes = unsettled.reduce((sum, pack) => sum + liveBytes(pack), looseBytes);
  let count = 0;
  for (const [i, pack] of settled.entries()) {
    if (liveBytes(pack) <= bytes * 2) count = i + 1;
    bytes += liveBytes(pack);
  }
  return [...unsettled, ...settled.slice(0, count)];
}
