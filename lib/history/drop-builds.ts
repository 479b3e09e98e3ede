import type { ObjectStore } from '../ports/objects.ts';
import type { CommitId, ObjectId } from '../terms/ids.ts';
import type { RefChanges } from './refs.ts';
import { readTrailers } from './task-commits.ts';

const TAG = 'refs/tags/';

/**
 * Writes the line of builds anew without those that are dropped: each commit on the one before it that is kept, all
 * else as it was. Answers what the names of builds.git are to be; the newest build must be kept, since numbers count on
 * from it.
 */
export function dropBuilds(
  objects: ObjectStore,
  names: ReadonlyMap<string, ObjectId>,
  isKept: (build: number) => boolean,
): RefChanges {
  const changes = new Map<string, ObjectId | undefined>();
  const moved = new Map<ObjectId, CommitId | undefined>();
  objects.batch(() => {
    let before: CommitId | undefined;
    for (const [build, commit] of numbered(names)) {
      if (!isKept(build)) {
        moved.set(commit, undefined);
        continue;
      }
      before = standingOn(objects, commit, before);
      moved.set(commit, before);
    }
  });
  for (const [name, oid] of names) {
    const isBuilds = moved.has(oid) && (name === 'refs/heads/main' || isTagOf(objects, name, oid));
    const now = moved.get(oid);
    if (isBuilds && now !== oid) changes.set(name, now);
  }
  return changes;
}

function numbered(names: ReadonlyMap<string, ObjectId>): readonly (readonly [number, CommitId])[] {
  return [...names]
    .flatMap(([name, oid]) => {
      const [, build] = /^refs\/tags\/([1-9]\d*)$/.exec(name) ?? [];
      return build === undefined ? [] : [[Number(build), oid as CommitId] as const];
    })
    .toSorted(([a], [b]) => a - b);
}

function standingOn(objects: ObjectStore, id: CommitId, before: CommitId | undefined): CommitId {
  const commit = objects.readCommit(id);
  if (commit.parents[0] === before && commit.parents.length <= 1) return id;
  return objects.writeCommit({ ...commit, parents: before === undefined ? [] : [before] });
}

/** A person's own tag on a build stays, and what it stands on with it. */
function isTagOf(objects: ObjectStore, name: string, oid: ObjectId): boolean {
  const trailers = readTrailers(objects.readCommit(oid).message);
  const tag = name.startsWith(TAG) ? name.slice(TAG.length) : undefined;
  return tag !== undefined && (tag === trailers.get('Build') || tag === trailers.get('Name'));
}
