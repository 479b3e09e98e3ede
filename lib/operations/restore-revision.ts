/** `varve restore`: writes a tree of the record as it was. */
import type { World } from '../ports/world.ts';
import { VarveError } from '../terms/varve-error.ts';
import { listEntries } from '../trees/list-entries.ts';
import { openNamed } from './open-named.ts';
import { resolveTree } from './resolve-revision.ts';
import { warnOfRepositories } from './warn-of-repositories.ts';
import { writeResolved } from './write-resolved.ts';

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
  refuseFull(world, request.dir);
  const { warnings } = writeResolved(record, where, request.dir);
  const foreign = warnOfRepositories(record, where, request.dir);
  const entries = listEntries(where.objects, where.tree, { under: where.top }).filter(
    ({ path }) => path !== where.top,
  ).length;
  return { rev: where.rev, dir: request.dir, entries, warnings: [...warnings, ...foreign] };
}

function refuseFull(world: World, dir: string): void {
  if (!world.fs.existsSync(dir)) return;
  if (!world.fs.statSync(dir).isDirectory()) throw new VarveError('usage', `${dir} is not a directory`);
  if (world.fs.readdirSync(dir).length === 0) return;
  throw new VarveError('usage', `${dir} is not empty, and restore deletes nothing`, {
    hints: ['Name a new directory.'],
  });
}
