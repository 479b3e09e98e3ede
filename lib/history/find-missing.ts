import type { ObjectStore, ObjectType } from '../ports/objects.ts';
import { GIT_MODE } from '../terms/git-mode.ts';
import type { ObjectId } from '../terms/ids.ts';
import { encodeRaw } from '../trees/raw-text.ts';

/** An object that a name leads to, and that is not to be had. */
export interface MissingObject {
  readonly oid: ObjectId;
  /** The first name found to lead to it. */
  readonly name: string;
  /** Below a commit's tree, as mtree(5) writes paths; absent for a commit. */
  readonly path?: string;
  /** It is there, and is of this type where another must be. */
  readonly is?: ObjectType;
}

interface Reached {
  readonly oid: ObjectId;
  /** What it must be; undefined: what a name may lead to. */
  readonly as: ObjectType | undefined;
  readonly path?: string;
}

/** Follows names to all that they lead to; `typeOf` tells what can be read. Answers each object that cannot, once. */
export function findMissing(
  objects: Pick<ObjectStore, 'readCommit' | 'readTree'>,
  names: ReadonlyMap<string, ObjectId>,
  typeOf: (oid: ObjectId) => ObjectType | undefined,
): readonly MissingObject[] {
  const seen = new Set<ObjectId>();
  const missing: MissingObject[] = [];
  for (const [name, oid] of names) {
    // A stack of our own: trees and lines of commits may be deeper than that of the program.
    const open: Reached[] = [{ oid, as: undefined }];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (seen.has(at.oid)) continue;
      seen.add(at.oid);
      const is = typeOf(at.oid);
      if (is !== undefined && is === (at.as ?? is)) open.push(...leadsTo(objects, at, is).toReversed());
      else
        missing.push({
          oid: at.oid,
          name,
          ...(at.path !== undefined && { path: at.path }),
          ...(is !== undefined && { is }),
        });
    }
  }
  return missing;
}

function leadsTo(
  objects: Pick<ObjectStore, 'readCommit' | 'readTree'>,
  { oid, path = '' }: Reached,
  type: ObjectType,
): readonly Reached[] {
  switch (type) {
    case 'commit': {
      const { tree, parents } = objects.readCommit(oid);
      return [
        { oid: tree, as: 'tree', path: '' },
        ...parents.map((parent): Reached => ({ oid: parent, as: 'commit' })),
      ];
    }
    case 'tree':
      return objects
        .readTree(oid)
        .filter(({ mode }) => mode !== GIT_MODE.commit)
        .map(({ oid: entry, mode, name }) => ({
          oid: entry,
          as: mode === GIT_MODE.directory ? 'tree' : 'blob',
          path: path === '' ? encodeRaw(name) : `${path}/${encodeRaw(name)}`,
        }));
    // A tag with a message is a person's own: varve writes none.
    case 'tag':
    case 'blob':
      return [];
    default:
      return type satisfies never;
  }
}
