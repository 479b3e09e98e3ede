import type { ObjectStore, ObjectType } from '../ports/objects.ts';
import { GIT_MODE } from '../terms/git-mode.ts';
import type { ObjectId } from '../terms/ids.ts';

/** An object, and what it is. */
export interface TypedObject {
  readonly oid: ObjectId;
  readonly type: Exclude<ObjectType, 'tag'>;
}

/**
 * Lists all that commits and trees lead to, each object after those that it leads to; passes over what was seen before,
 * and adds to that.
 */
export function* objectsInOrder(
  objects: Pick<ObjectStore, 'readCommit' | 'readTree'>,
  roots: readonly TypedObject[],
  seen = new Set<ObjectId>(),
): Generator<TypedObject> {
  // A stack of our own: trees and lines of commits may be deeper than that of the program.
  const open: { readonly object: TypedObject; readonly isDone: boolean }[] = [];
  const push = (found: readonly TypedObject[]): void => {
    for (const object of found) open.push({ object, isDone: false });
  };
  push(roots);
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (at.isDone) yield at.object;
    if (at.isDone || seen.has(at.object.oid)) continue;
    seen.add(at.object.oid);
    open.push({ object: at.object, isDone: true });
    push(leadsTo(objects, at.object));
  }
}

function leadsTo(
  objects: Pick<ObjectStore, 'readCommit' | 'readTree'>,
  { oid, type }: TypedObject,
): readonly TypedObject[] {
  switch (type) {
    case 'blob':
      return [];
    case 'tree':
      return objects
        .readTree(oid)
        .filter(({ mode }) => mode !== GIT_MODE.commit)
        .map((entry) => ({ oid: entry.oid, type: entry.mode === GIT_MODE.directory ? 'tree' : 'blob' }));
    case 'commit': {
      const { tree, parents } = objects.readCommit(oid);
      return [{ oid: tree, type: 'tree' }, ...parents.map((parent) => ({ oid: parent, type }))];
    }
    default:
      return type satisfies never;
  }
}
