import type { ObjectId } from '../terms/ids.ts';
import { VarveError } from '../terms/varve-error.ts';
import { METADATA_DIR, readMetadata } from '../trees/tree-metadata.ts';
import type { CheckedRepository } from './check-repository.ts';
import { putAway } from './damaged-repository.ts';
import type { Finding } from './finding.ts';

/** Reads what the trees of commits say of what git cannot hold, each list once: what no tree can hold is found. */
export function checkMetadata({ gitDir, objects, commits, typeOf }: CheckedRepository): readonly Finding[] {
  const seen = new Set<ObjectId>();
  const isThere = (oid: ObjectId): boolean => typeOf(oid) === 'tree';
  return commits.flatMap((commit) => {
    const { tree } = objects.readCommit(commit);
    const own = isThere(tree) ? objects.readTree(tree).find(({ name }) => name === METADATA_DIR) : undefined;
    if (own === undefined || seen.has(own.oid) || !isThere(own.oid)) return [];
    seen.add(own.oid);
    const lists = objects.readTree(own.oid);
    if (lists.some(({ oid }) => typeOf(oid) !== 'blob')) return [];
    const why = refusal(() => readMetadata(objects, tree));
    return why === undefined
      ? []
      : [{ place: gitDir, what: `commit ${commit.slice(0, 12)}: ${why}`, hints: [putAway(gitDir)] }];
  });
}

function refusal(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (error instanceof VarveError) return error.message;
    throw error;
  }
}
