import type { ObjectStore } from '../../ports/objects.ts';
import type { ObjectId } from '../../terms/ids.ts';
import { matchLines } from '../../trees/match-lines.ts';
import { lastName } from '../../trees/tree-metadata.ts';
import type { TreeIndex } from '../../trees/index-tree.ts';
import { linesOf } from './lines-of.ts';

/** Files that are compared, at most. */
const COMPARED = 8;

export interface OldFile {
  readonly path: string;
  readonly oid: ObjectId;
}

/** Of these files the one that has half of the lines at least. */
export function likeliest(
  objects: ObjectStore,
  lines: readonly string[],
  files: readonly OldFile[],
): OldFile | undefined {
  const candidates = files
    .slice(0, COMPARED)
    .flatMap(({ path, oid }) => {
      const old = linesOf(objects, oid);
      if (old === undefined) return [];
      const same = matchLines(old, lines).filter((line) => line !== undefined).length;
      return same * 2 >= lines.length ? [{ path, oid, same }] : [];
    })
    .toSorted((a, b) => b.same - a.same);
  const [best, next] = candidates;
  return best !== undefined && best.same === next?.same && best.oid !== next.oid ? undefined : best;
}

/** The files of a tree with the last name of a path, or that and `.in`. */
export function calledLike(index: TreeIndex, path: string): readonly OldFile[] {
  const name = lastName(path);
  const paths = [name, `${name}.in`].flatMap((each) => index.called(each));
  return paths.flatMap((each) => {
    const oid = index.files.get(each);
    return oid === undefined ? [] : [{ path: each, oid }];
  });
}
