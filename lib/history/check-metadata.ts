import type { CommitId, ObjectId, TreeId } from '../terms/ids.ts';
import { VarveError } from '../terms/varve-error.ts';
import { contradictionFinder } from '../trees/find-contradiction.ts';
import { contradiction } from '../trees/list-entries.ts';
import { METADATA_DIR, readMetadata, type TreeMetadata } from '../trees/tree-metadata.ts';
import type { CheckedRepository } from './check-repository.ts';
import { putAway } from './damaged-repository.ts';
import type { Finding } from './finding.ts';
import { AUTHOR } from './task-commits.ts';

/** A tree, and a commit that has it. */
interface Described {
  readonly commit: CommitId;
  readonly tree: TreeId;
  /** Varve wrote the commit: who commits with git may leave the metadata as it was. */
  readonly isOwn: boolean;
}

/**
 * Reads what the trees of commits say of what git cannot hold, each list once: what no tree can hold is found, and what the
 * tree itself contradicts.
 */
export function checkMetadata(repository: CheckedRepository): readonly Finding[] {
  const { gitDir } = repository;
  return [...describedTrees(repository).values()].flatMap((described) => {
    const wrong = whatIsWrong(repository, described);
    return wrong === undefined
      ? []
      : [
          {
            place: gitDir,
            what: `commit ${wrong.commit.slice(0, 12)}: ${wrong.why}`,
            hints: [putAway(gitDir)],
          },
        ];
  });
}

/** By the id of the list, all trees that have it. */
function describedTrees({
  objects,
  commits,
  typeOf,
}: CheckedRepository): ReadonlyMap<ObjectId, readonly Described[]> {
  const found = new Map<ObjectId, Described[]>();
  const isThere = (oid: ObjectId): boolean => typeOf(oid) === 'tree';
  for (const commit of commits) {
    const { tree, author, committer = author } = objects.readCommit(commit);
    const own = isThere(tree) ? objects.readTree(tree).find(({ name }) => name === METADATA_DIR) : undefined;
    if (own === undefined || !isThere(own.oid)) continue;
    if (objects.readTree(own.oid).some(({ oid }) => typeOf(oid) !== 'blob')) continue;
    const trees = found.get(own.oid) ?? [];
    found.set(own.oid, trees);
    trees.push({ commit, tree, isOwn: committer === AUTHOR });
  }
  return found;
}

function whatIsWrong(
  { objects }: CheckedRepository,
  described: readonly Described[],
): { readonly commit: CommitId; readonly why: string } | undefined {
  const [first] = described;
  if (first === undefined) return undefined;
  let metadata: TreeMetadata;
  try {
    metadata = readMetadata(objects, first.tree);
  } catch (error) {
    if (!(error instanceof VarveError)) throw error;
    return { commit: first.commit, why: error.message };
  }
  const find = contradictionFinder(objects, metadata);
  const seen = new Set<TreeId>();
  for (const { commit, tree, isOwn } of described) {
    if (!isOwn || seen.has(tree)) continue;
    seen.add(tree);
    const path = unlessLost(() => find(tree));
    if (path !== undefined) return { commit, why: contradiction(path).message };
  }
  return undefined;
}

/** Of a tree that is lost nothing can be said; that it is was told. */
function unlessLost(find: () => string | undefined): string | undefined {
  try {
    return find();
  } catch (error) {
    if (error instanceof VarveError) return undefined;
    throw error;
  }
}
