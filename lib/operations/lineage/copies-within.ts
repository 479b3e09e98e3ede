/** Copies from one place of a WORKDIR to another, by content. */
import type { History } from '../../history/history.ts';
import type { CommitId, TreeId } from '../../terms/ids.ts';
import { indexTree, type TreeIndex } from '../../trees/index-tree.ts';
import { lastName } from '../../trees/tree-metadata.ts';
import { fileAt, isSameContent, isTellingCopy, type Place } from './file-at.ts';

export interface CopiesWithin {
  /** The file that one was copied from which `commit` made; undefined where there is none, or several are as likely. */
  originOf(commit: CommitId, file: Place): string | undefined;
  /** What was copied from these files in `line`, commits from the oldest on, and is still there. */
  copiesOf(
    line: readonly CommitId[],
    names: readonly string[],
  ): readonly { readonly commit: CommitId; readonly path: string }[];
}

/** Makes what knows them; trees are indexed once. */
export function copiesWithin(history: History): CopiesWithin {
  const { objects } = history;
  const indexes = new Map<TreeId, TreeIndex>();
  const indexOf = (tree: TreeId): TreeIndex => {
    const index = indexes.get(tree) ?? indexTree(objects, tree);
    indexes.set(tree, index);
    return index;
  };
  const treeOf = (commit: CommitId): TreeId => objects.readCommit(commit).tree;
  const startOf = (commit: CommitId): CommitId | undefined => history.applied(commit).start;

  /** Files that had the content before; with the same last name, where there are such. */
  function candidates(commit: CommitId, file: Place): readonly string[] {
    const start = startOf(commit);
    if (start === undefined || file.isLink) return [];
    const places = indexOf(treeOf(start)).pathsOf(file.oid);
    const telling = places.filter((path) => isTellingCopy(objects, file, path));
    const called = telling.filter((path) => lastName(path) === lastName(file.path));
    return called.length > 0 ? called : telling;
  }

  /** The commit, not after this one, that put the content there. */
  function madeBy(commit: CommitId, file: Place): CommitId {
    let made = commit;
    for (let at = startOf(commit); at !== undefined; at = startOf(at)) {
      const then = fileAt(objects, treeOf(at), file.path);
      if (then === undefined || !isSameContent(then, file)) break;
      made = at;
    }
    return made;
  }

  function originOf(commit: CommitId, file: Place): string | undefined {
    const start = startOf(commit);
    const found = candidates(commit, file);
    if (start === undefined || found.length <= 1) return found[0];
    // Of several, all but one may be copies of that one: then the newest is as good as any.
    const known = new Set(found);
    const made = found.map((path) => ({ path, commit: madeBy(start, { ...file, path }) }));
    const isCopy = (each: (typeof made)[number]): boolean => {
      const from = candidates(each.commit, { ...file, path: each.path });
      return from.length > 0 && from.every((path) => known.has(path));
    };
    const [newest, ...others] = made.filter((each) => isCopy(each));
    return newest !== undefined && others.length + 1 === made.length - 1 ? newest.path : undefined;
  }

  return {
    originOf,
    copiesOf(line, names) {
      const known = new Set(names);
      const tip = line.at(-1);
      if (tip === undefined) return [];
      return line.flatMap((commit) => {
        const contents = [...known].flatMap((name) => fileAt(objects, treeOf(commit), name) ?? []);
        const places = contents
          .filter(({ isLink }) => !isLink)
          .flatMap(({ oid }) => indexOf(treeOf(tip)).pathsOf(oid));
        const copies = [...new Set(places)].filter((path) => {
          const now = fileAt(objects, treeOf(commit), path);
          if (now === undefined || known.has(path) || madeBy(commit, now) !== commit) return false;
          const from = candidates(commit, now);
          return from.length > 0 && from.every((each) => known.has(each));
        });
        for (const path of copies) known.add(path);
        return copies.map((path) => ({ commit, path }));
      });
    },
  };
}
