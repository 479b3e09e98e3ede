import type { ObjectStore, TreeEntry } from '../ports/objects.ts';
import { GIT_MODE } from '../terms/git-mode.ts';
import type { ObjectId, TreeId } from '../terms/ids.ts';

/** What is to stand at a path of a tree; undefined: nothing. */
export type TreeEdit = Pick<TreeEntry, 'mode' | 'oid'> | undefined;

/** Writes a tree with other files at some paths (stored names); directories come and go with what is in them. */
export function editTree(objects: ObjectStore, tree: TreeId, edits: ReadonlyMap<string, TreeEdit>): TreeId {
  return edited(objects, tree, edits) ?? objects.writeTree([]);
}

function edited(
  objects: ObjectStore,
  tree: ObjectId | undefined,
  edits: ReadonlyMap<string, TreeEdit>,
): TreeId | undefined {
  const entries = new Map(
    (tree === undefined ? [] : objects.readTree(tree)).map((each) => [each.name, each]),
  );
  const below = new Map<string, Map<string, TreeEdit>>();
  for (const [path, edit] of edits) {
    const slash = path.indexOf('/');
    const name = slash === -1 ? path : path.slice(0, slash);
    if (slash !== -1) below.set(name, (below.get(name) ?? new Map()).set(path.slice(slash + 1), edit));
    else if (edit === undefined) entries.delete(name);
    else entries.set(name, { name, ...edit });
  }
  for (const [name, inside] of below) {
    const known = entries.get(name);
    const oid = edited(objects, known?.mode === GIT_MODE.directory ? known.oid : undefined, inside);
    if (oid !== undefined) entries.set(name, { name, mode: GIT_MODE.directory, oid });
    else if (known?.mode === GIT_MODE.directory) entries.delete(name);
  }
  return entries.size === 0 ? undefined : objects.writeTree([...entries.values()]);
}
