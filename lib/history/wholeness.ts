import type { ObjectStore } from '../ports/objects.ts';
import { GIT_MODE } from '../terms/git-mode.ts';
import type { ObjectId } from '../terms/ids.ts';

/** Makes what tells whether everything that a commit leads to is there; what was found out is remembered. */
export function wholeness(objects: ObjectStore): (commit: ObjectId) => boolean {
  const known = new Map<ObjectId, boolean>();
  const remember = (oid: ObjectId, check: () => boolean): boolean => {
    const before = known.get(oid);
    if (before !== undefined) return before;
    const whole = objects.has(oid) && readable(check);
    known.set(oid, whole);
    return whole;
  };
  const tree = (oid: ObjectId): boolean =>
    remember(oid, () =>
      objects
        .readTree(oid)
        .every((entry) =>
          entry.mode === GIT_MODE.directory
            ? tree(entry.oid)
            : entry.mode === GIT_MODE.commit || objects.has(entry.oid),
        ),
    );
  return (first) => {
    const above: ObjectId[] = [];
    for (let at: ObjectId | undefined = first; at !== undefined && known.get(at) !== true;) {
      const oid: ObjectId = at;
      above.push(oid);
      if (!remember(oid, () => tree(objects.readCommit(oid).tree))) {
        for (const commit of above) known.set(commit, false);
        return false;
      }
      [at] = objects.readCommit(oid).parents;
    }
    return true;
  };
}

function readable(check: () => boolean): boolean {
  try {
    return check();
  } catch {
    return false;
  }
}
