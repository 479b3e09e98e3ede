import { join } from 'node:path';
import type { FileSystem } from '../ports/world.ts';
import type { ObjectId } from '../terms/ids.ts';
import { parseGitIndex } from './git-index.ts';
import { namesIn } from './names-in.ts';

/** What git writes ids of objects in while a person works with it: heads, reflogs (a stash is one), half-done rebases. */
const TELLING = /^(?:HEAD|[A-Z_]+_HEAD|logs|rebase-merge|rebase-apply|sequencer)$/;

/** Finds what leads into a repository besides its names. Not all of it need be there. */
export function findRoots(fs: FileSystem, gitDir: string): readonly ObjectId[] {
  const worktrees = join(gitDir, 'worktrees');
  return [gitDir, ...namesIn(fs, worktrees).map((name) => join(worktrees, name))].flatMap((dir) => [
    ...namesIn(fs, dir)
      .filter((name) => TELLING.test(name))
      .flatMap((name) => idsBelow(fs, join(dir, name))),
    ...idsInIndex(fs, join(dir, 'index')),
  ]);
}

function idsBelow(fs: FileSystem, path: string): readonly ObjectId[] {
  if (fs.lstatSync(path).isDirectory())
    return namesIn(fs, path).flatMap((name) => idsBelow(fs, join(path, name)));
  return [...fs.readFileSync(path, 'latin1').matchAll(/\b[0-9a-f]{40}\b/g)].map(([id]) => id as ObjectId);
}

/** The index holds what was added and not committed yet. */
function idsInIndex(fs: FileSystem, path: string): readonly ObjectId[] {
  const entries = fs.existsSync(path) ? parseGitIndex(fs.readFileSync(path)) : undefined;
  return entries?.map(({ oid }) => oid) ?? [];
}
