import type { ObjectStore } from '../../ports/objects.ts';
import type { ObjectId, TreeId } from '../../terms/ids.ts';
import { compareTrees, type Side } from '../../trees/compare-trees.ts';
import { findRenames, type LoneFile } from '../../trees/find-renames.ts';
import { lastName } from '../../trees/tree-metadata.ts';
import { likeliest, type OldFile } from './likeliest-file.ts';

/** Files that one step removed, and which of them another one was made of. */
export interface Moves {
  /** Those with this content. */
  gone(content: ObjectId): readonly string[];
  /** What the file at a path, with these lines, was made of. */
  renamedFrom(path: string, lines: readonly string[]): OldFile | undefined;
}

/** Finds what one state moved of the one before it. */
export function movesBetween(
  objects: ObjectStore,
  ends: { readonly from: TreeId; readonly to: TreeId },
): Moves {
  const changes = compareTrees(objects, ends);
  const lone = (path: string, { kind, mode, oid }: Side): readonly LoneFile[] =>
    kind === 'file' && oid !== undefined ? [{ path, mode, oid, size: objects.size(oid) }] : [];
  const gone = changes.flatMap((each) => (each.status === 'D' ? lone(each.path, each.from) : []));
  const come = changes.flatMap((each) => (each.status === 'A' ? lone(each.path, each.to) : []));
  const renames = new Map(
    findRenames({ gone, come }, (oid) => objects.readBlob(oid)).map(({ from, to }) => [to.path, from]),
  );
  return {
    gone: (content) => gone.flatMap(({ path, oid }) => (oid === content ? [path] : [])),
    renamedFrom: (path, lines) =>
      renames.get(path) ??
      // Where files are too large, or too many, to be paired.
      likeliest(
        objects,
        lines,
        gone.filter((each) => lastName(each.path) === lastName(path)),
      ),
  };
}
