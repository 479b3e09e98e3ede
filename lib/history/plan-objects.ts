import type { ObjectId } from '../terms/ids.ts';
import type { LooseFile, PackFile } from './list-object-files.ts';
import type { StoredObjects, StoredPack } from './survey-objects.ts';

/** What is to become of the files that hold the objects of a repository. */
export interface ObjectsPlan {
  /** Nothing that is needed is in these. */
  readonly gone: ObjectFileSet;
  /** What is needed of these goes into new packs. */
  readonly merged: ObjectFileSet;
  /** In the order in which it is to be written. */
  readonly moved: readonly ObjectId[];
  /** Bytes of all that is not needed. */
  readonly freed: number;
}

export interface ObjectFileSet {
  readonly loose: readonly LooseFile[];
  readonly packs: readonly PackFile[];
}

/** Larger files have been written piece by piece, and stay as they are. */
const LARGE = 16 << 20;

/** Decides which files go and which are merged, `isNeeded` telling of each object. Pure. */
export function planObjects(stored: StoredObjects, isNeeded: (oid: ObjectId) => boolean): ObjectsPlan {
  const live = new Map(stored.packs.map((pack) => [pack, pack.objects.filter(({ oid }) => isNeeded(oid))]));
  const liveBytes = (pack: StoredPack): number => bytesOf(live.get(pack) ?? []);
  const standing = stored.packs.filter((pack) => liveBytes(pack) > 0);
  const loose = stored.loose.filter(({ oid }) => isNeeded(oid));
  const small = loose.filter(({ size }) => size < LARGE);
  const packs = packsToMerge(standing, {
    liveBytes,
    looseBytes: small.reduce((sum, { size }) => sum + size, 0),
  });
  const merged = { loose: small, packs };
  const stays = standing.filter((pack) => !merged.packs.includes(pack));
  const held = new Set(stays.flatMap((pack) => pack.objects.map(({ oid }) => oid)));
  const from = [...merged.packs.flatMap((pack) => live.get(pack) ?? []), ...merged.loose];
  return {
    gone: {
      loose: stored.loose.filter(({ oid }) => !isNeeded(oid)),
      packs: stored.packs.filter((pack) => !standing.includes(pack)),
    },
    merged,
    moved: [...new Set(from.map(({ oid }) => oid))].filter((oid) => !held.has(oid)),
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

/** Those that are not settled, and of the others what is not larger: so packs are few, and most bytes are moved seldom. */
function packsToMerge(
  standing: readonly StoredPack[],
  {
    liveBytes,
    looseBytes,
  }: { readonly liveBytes: (pack: StoredPack) => number; readonly looseBytes: number },
): readonly StoredPack[] {
  const merged = standing.filter((pack) => !isSettled(pack, liveBytes(pack)));
  let bytes = merged.reduce((sum, pack) => sum + liveBytes(pack), looseBytes);
  const settled = standing
    .filter((pack) => !merged.includes(pack))
    .toSorted((a, b) => liveBytes(a) - liveBytes(b));
  for (const pack of settled) {
    if (bytes === 0 || liveBytes(pack) > bytes * 2) break;
    merged.push(pack);
    bytes += liveBytes(pack);
  }
  return merged;
}
