/** `varve restore`: writes a tree of the record as it was. */
import { obeyedRepositories } from '../execution/workdir/obeyed-repositories.ts';
import type { Entry } from '../ports/objects.ts';
import type { World } from '../ports/world.ts';
import { andMore } from '../terms/and-more.ts';
import { listEntries } from '../trees/list-entries.ts';
import { shownPath } from '../trees/raw-text.ts';
import { appearing, refuseFull } from './record/appearing.ts';
import { openNamed } from './record/open-named.ts';
import { resolveTree } from './record/resolve-revision.ts';
import { writeResolved } from './record/write-resolved.ts';

export interface Restored {
  readonly rev: string;
  readonly dir: string;
  readonly entries: number;
  readonly warnings: readonly string[];
}

/** Writes the tree that a REV names into an empty or new directory: bytes, modes, links, and times where known. */
export function restoreRevision(
  world: World,
  request: { readonly buildDir: string; readonly rev: string; readonly dir: string },
): Restored {
  const { record, rev } = openNamed(world, request.buildDir, request.rev);
  const where = resolveTree(record, rev);
  refuseFull(world, request.dir, 'restore');
  const { warnings, refused } = appearing(world, request.dir, (dir) => writeResolved(record, where, dir));
  const obeyed = obeyedRepositories(world.fs, request.dir);
  const entries = listEntries(where.objects, where.tree, { under: where.top }).filter(
    ({ path }) => path !== where.top,
  );
  return {
    rev: where.rev,
    dir: request.dir,
    entries: entries.length,
    warnings: [...warnings, ...obeyed, ...ownersLost(entries, where.top), ...xattrsLost(refused)],
  };
}

/** The disk of a normal user takes no owners; a task under fakeroot finds them. */
function ownersLost(entries: readonly Entry[], top: string): readonly string[] {
  const owned = entries.filter(({ uid, gid }) => (uid ?? gid) !== undefined);
  const [first, ...others] = owned;
  if (first === undefined) return [];
  const path = shownPath(top === '' ? first.path : first.path.slice(top.length + 1));
  return [
    `${path}${andMore(others.length)} belongs to ${first.uid ?? 0}:${first.gid ?? 0}, which is recorded and not restored`,
  ];
}

/** A disk without attributes, or a user who may not give capabilities, or no programs that would. */
function xattrsLost(refused: ReadonlyMap<string, string>): readonly string[] {
  const [first, ...others] = refused.keys();
  if (first === undefined) return [];
  return [
    `${shownPath(first)}${andMore(others.length)} has extended attributes, which are recorded and could not be restored`,
  ];
}
