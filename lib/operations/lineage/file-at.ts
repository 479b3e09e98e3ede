import type { ObjectStore } from '../../ports/objects.ts';
import { GIT_MODE } from '../../terms/git-mode.ts';
import type { ObjectId, TreeId } from '../../terms/ids.ts';
import { findEntry } from '../../trees/list-entries.ts';
import { lastName, readMetadata } from '../../trees/tree-metadata.ts';

/** A file or a link at a place of a tree. */
export interface Place {
  /** Raw. */
  readonly path: string;
  readonly isLink: boolean;
  readonly oid: ObjectId;
}

/** Finds what stands at a raw path; undefined where that is nothing, or no file or link. */
export function fileAt(objects: ObjectStore, tree: TreeId, path: string): Place | undefined {
  const entry = findEntry(objects, { tree, metadata: readMetadata(objects, tree) }, path);
  if (entry === undefined || entry.mode === GIT_MODE.directory || entry.mode === GIT_MODE.commit)
    return undefined;
  return { path, isLink: entry.mode === GIT_MODE.link, oid: entry.oid };
}

/** Whether both have the same content. */
export const isSameContent = (a: Place, b: Omit<Place, 'path'>): boolean =>
  a.oid === b.oid && a.isLink === b.isLink;

/** A file of fewer bytes may have the content of another one by chance. */
const TELLING = 24;

/** Whether a file with this content can be taken for a copy of one that is called `path`. */
export function isTellingCopy(objects: ObjectStore, copy: Place, path: string): boolean {
  const size = objects.size(copy.oid);
  return size > 0 && ((!copy.isLink && size >= TELLING) || lastName(copy.path) === lastName(path));
}
