import type { Entry, ObjectStore } from '../ports/objects.ts';
import { createStandingTree, type WrittenTree } from './standing-tree.ts';
import { DEFAULT_IMAGE } from './tree-metadata.ts';

export interface WriteOptions {
  /** Where the image stands, relative and raw; default `image`. */
  readonly image?: string;
}

/**
 * Writes the tree that holds exactly these entries: the inverse of `listEntries`. Every directory
 * must be among the entries, before what it holds (sorting by bytes does that); contents are already in the store.
 */
export function writeEntries(
  objects: ObjectStore,
  entries: readonly Entry[],
  options: WriteOptions = {},
): WrittenTree {
  const standing = createStandingTree(options.image ?? DEFAULT_IMAGE);
  for (const entry of entries) standing.set(objects, entry);
  return standing.write(objects);
}
