import { join } from 'node:path';
import { listEntries } from '../../trees/list-entries.ts';
import { shownPath } from '../../trees/raw-text.ts';
import { repositoriesIn } from '../../trees/repositories-in.ts';
import type { TheRecord } from '../record/open-record.ts';
import type { ResolvedTree } from '../record/resolved-revision.ts';

/** More are not told. */
const told = 5;

/**
 * Warns of git repositories in what was imported: whoever runs git in one obeys its configuration and hooks, and these
 * come from elsewhere. Of one's own only those are told that git would obey, and by `shell`: its tasks have run here.
 */
export function warnOfRepositories(record: TheRecord, where: ResolvedTree, dir: string): readonly string[] {
  if (record.imported === undefined) return [];
  const { objects, tree, top } = where;
  const below = (path: string): string => (top === '' ? path : path.slice(top.length + 1));
  return repositoriesIn(listEntries(objects, tree, { under: top }))
    .slice(0, told)
    .map((path) => join(dir, shownPath(below(path))))
    .map(
      (path) =>
        `${path} is a git repository that was imported: git run in it obeys its configuration and hooks`,
    );
}
