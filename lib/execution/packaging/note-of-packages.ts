import type { ObjectStore } from '../../ports/objects.ts';
import type { TreeId } from '../../terms/ids.ts';
import { listEntries } from '../../trees/list-entries.ts';
import { DEFAULT_IMAGE, inside } from '../../trees/tree-metadata.ts';

/** Reads a file that do_package left in PKGDEST beside the packages; '' where it did not. */
export function noteOfPackages(objects: ObjectStore, tree: TreeId, file: string): string {
  const { oid } = listEntries(objects, tree, { under: inside(DEFAULT_IMAGE, file) })[0] ?? {};
  return oid === undefined ? '' : objects.readBlob(oid).toString('utf8');
}
