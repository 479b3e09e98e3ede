/** Git's own list of the commits of a repository whose parents are somewhere else: `shallow`. */
import { join } from 'node:path';
import type { ObjectStore } from '../ports/objects.ts';
import type { FileSystem } from '../ports/world.ts';
import type { ObjectId } from '../terms/ids.ts';
import { readIfThere } from './replace-file.ts';

type Followed = Pick<ObjectStore, 'readCommit' | 'readTree'>;

/** Reads the list; what is no id in it is passed over, so that the parents of a commit that was in it are missed. */
export function readShallow(fs: FileSystem, gitDir: string): ReadonlySet<ObjectId> {
  const lines = (readIfThere(fs, pathIn(gitDir)) ?? '').split('\n');
  return new Set(lines.filter((line): line is ObjectId => /^[0-9a-f]{40}$/.test(line)));
}

/** Writes the list of a repository that nobody uses yet. */
export function writeShallow(fs: FileSystem, gitDir: string, commits: Iterable<ObjectId>): void {
  fs.writeFileSync(pathIn(gitDir), formatShallow(commits));
}

export function formatShallow(commits: Iterable<ObjectId>): string {
  return [...commits].map((commit) => `${commit}\n`).join('');
}

/** What is followed where these commits have no parents. */
export function cutAt(objects: Followed, shallow: ReadonlySet<ObjectId>): Followed {
  return {
    readTree: (oid, times) => objects.readTree(oid, times),
    readCommit: (oid) => ({ ...objects.readCommit(oid), ...(shallow.has(oid) && { parents: [] }) }),
  };
}

const pathIn = (gitDir: string): string => join(gitDir, 'shallow');
