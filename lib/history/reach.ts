import { join } from 'node:path';
import type { FileSystem } from '../ports/world.ts';
import type { ObjectId } from '../terms/ids.ts';
import { NOTE_KINDS, type Notes } from './notes.ts';
import { objectsInOrder, type TypedObject } from './objects-in-order.ts';
import type { ObjectStore } from '../ports/objects.ts';
import { openRawObjects } from './raw-objects.ts';
import { sizesOf, type StoredObjects } from './survey-objects.ts';

/** The part of a repository that has been reached so far, from one root after the other. */
export interface Reach {
  /** Follows these, and what is noted on the commits among all that they lead to. Answers the bytes that are new. */
  add(roots: Iterable<ObjectId>): number;
  has(oid: ObjectId): boolean;
}

export interface ReachedRepository {
  readonly gitDir: string;
  readonly objects: ObjectStore;
  readonly notes?: Notes;
}

/** Begins with nothing. A root that is not there leads nowhere; what it leads to must all be there. */
export function createReach(
  fs: FileSystem,
  { gitDir, objects, notes }: ReachedRepository,
  stored: StoredObjects,
): Reach {
  const raw = openRawObjects(fs, join(gitDir, 'objects'));
  const sizes = sizesOf(stored);
  const noted = notes === undefined ? [] : NOTE_KINDS.map((kind) => notes.list(kind));
  const seen = new Set<ObjectId>();

  const typed = (oid: ObjectId): readonly TypedObject[] => {
    if (seen.has(oid) || !objects.has(oid)) return [];
    const type = objects.type(oid);
    if (type !== 'tag') return [{ oid, type }];
    // A person's own, with a message.
    seen.add(oid);
    const [, target] = /^object ([0-9a-f]{40})\n/.exec(raw.read(oid).body.toString('latin1')) ?? [];
    return target === undefined ? [] : typed(target as ObjectId);
  };
  return {
    add(roots) {
      let bytes = 0;
      for (const { oid, type } of objectsInOrder(objects, [...roots].flatMap(typed), seen)) {
        bytes += sizes.get(oid) ?? 0;
        if (type !== 'commit') continue;
        for (const notes of noted) {
          const note = notes.get(oid);
          if (note === undefined || seen.has(note)) continue;
          seen.add(note);
          bytes += sizes.get(note) ?? 0;
        }
      }
      return bytes;
    },
    has: (oid) => seen.has(oid),
  };
}
