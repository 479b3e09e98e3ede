import { basename } from 'node:path';
import type { Entry, ObjectStore } from '../ports/objects.ts';
import type { TreeId } from '../terms/ids.ts';
import { inside, readMetadata } from '../trees/tree-metadata.ts';

/** Under which paths a tree stores what it does not store under its true one. */
export function storedPaths(
  entries: readonly Entry[],
  objects: ObjectStore,
  tree: TreeId,
): ReadonlyMap<string, string> {
  const { facts, trueNames } = readMetadata(objects, tree);
  const stored = new Map<string, string>();
  if (trueNames.size === 0) return stored;
  for (const { path } of entries) {
    const parent = path.slice(0, Math.max(path.lastIndexOf('/'), 0));
    const storedPath = inside(stored.get(parent) ?? parent, facts.get(path)?.stored ?? basename(path));
    if (storedPath !== path) stored.set(path, storedPath);
  }
  return stored;
}
