import type { ObjectStore } from '../../ports/objects.ts';
import type { TreeId } from '../../terms/ids.ts';
import { indexTree } from '../../trees/index-tree.ts';
import { findEntry } from '../../trees/list-entries.ts';
import { rawPath, shownPath } from '../../trees/raw-text.ts';
import { lastName, readMetadata } from '../../trees/tree-metadata.ts';
import { wantedPaths } from '../wanted-paths.ts';

/**
 * The path, as it is typed, that a file had before a task copied or renamed it: where its content was already. Undefined
 * where the file was there, is no file, or where several places are as likely.
 */
export function cameFrom(
  objects: ObjectStore,
  trees: { readonly from: TreeId | undefined; readonly to: TreeId },
  typed: string,
): string | undefined {
  const [path = ''] = wantedPaths([typed]);
  if (path === '' || trees.from === undefined) return undefined;
  const [old, now] = [trees.from, trees.to].map((tree) =>
    findEntry(objects, { tree, metadata: readMetadata(objects, tree) }, path),
  );
  if (old !== undefined || now === undefined || now.mode === 0o40000 || objects.size(now.oid) === 0)
    return undefined;
  const places = indexTree(objects, trees.from).pathsOf(now.oid);
  const called = places.filter((place) => lastName(place) === lastName(path));
  const [origin, ...others] = called.length > 0 ? called : places;
  if (origin === undefined || others.length > 0) return undefined;
  const shown = shownPath(origin);
  return rawPath(shown) === origin ? shown : undefined;
}
