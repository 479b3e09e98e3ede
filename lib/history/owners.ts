/**
 * Owners that tasks under fakeroot gave to what is in a directory. The disk of a normal user has no place for them, so
 * they stand beside its stat cache, in the words of a tree's metadata.
 */
import type { Entry } from '../ports/objects.ts';
import type { FileSystem } from '../ports/world.ts';
import { type Facts, formatFacts, parseFacts } from '../trees/tree-metadata.ts';
import { readIfThere, replaceFile } from './replace-file.ts';

export type Owner = Pick<Entry, 'uid' | 'gid'>;
/** By raw path; what is not listed is root's. */
export type Owners = ReadonlyMap<string, Owner>;

/** Reads the owners kept in a file, which is there only where there are any. */
export function readOwners(fs: FileSystem, path: string): Owners {
  const text = readIfThere(fs, path);
  return text === undefined ? new Map<string, Owner>() : parseFacts(text);
}

/** Keeps the owners of these entries, and none but these. */
export function writeOwners(fs: FileSystem, path: string, entries: readonly Entry[]): void {
  const facts = new Map(
    entries.flatMap(({ path: of, uid, gid }): readonly (readonly [string, Facts])[] =>
      uid === undefined && gid === undefined
        ? []
        : [[of, { type: 'file', ...(uid !== undefined && { uid }), ...(gid !== undefined && { gid }) }]],
    ),
  );
  const text = formatFacts(facts);
  if (text === (readIfThere(fs, path) ?? '')) return;
  if (text === '') fs.rmSync(path);
  else replaceFile(fs, { path, temporary: `${path}.new` }, text);
}

/** An entry with the owner that it has here. */
export function withOwner(entry: Entry, owners: Owners): Entry {
  const owner = owners.get(entry.path);
  if (owner === undefined) return entry;
  const { uid, gid } = owner;
  return { ...entry, ...(uid !== undefined && { uid }), ...(gid !== undefined && { gid }) };
}
