import { parseLibraries, type SharedLibrary } from '../../packages/shared-libraries.ts';
import type { ObjectStore } from '../../ports/objects.ts';
import type { TreeId } from '../../terms/ids.ts';
import { listEntries } from '../../trees/list-entries.ts';
import { DEFAULT_IMAGE, inside, lastName } from '../../trees/tree-metadata.ts';
import { LIBRARIES_DIR } from './write-packagedata.ts';

/** Reads from the artifact of do_packagedata which libraries the packages of a recipe have. */
export function readLibraries(objects: ObjectStore, tree: TreeId): readonly SharedLibrary[] {
  const files = listEntries(objects, tree, { under: inside(DEFAULT_IMAGE, LIBRARIES_DIR) });
  return files.flatMap(({ kind, oid, path }) =>
    kind === 'file' && oid !== undefined
      ? parseLibraries(objects.readBlob(oid).toString('utf8'), lastName(path).replace(/\.list$/, ''))
      : [],
  );
}
