/**
 * Owners that tasks under fakeroot gave to what is in a directory, and extended attributes that its disk refused. The disk
 * of a normal user has no place for them, so they stand beside its stat cache, in the words of a tree's metadata.
 */
import type { Entry } from '../ports/objects.ts';
import type { FileSystem } from '../ports/world.ts';
import { type Facts, formatFacts, parseFacts } from '../trees/tree-metadata.ts';
import { readIfThere, replaceFile } from './replace-file.ts';

export type Owner = Pick<Entry, 'uid' | 'gid' | 'xattrs'>;
/** By raw path; what is not listed is root's, with the attributes that the disk shows. */
export type Owners = ReadonlyMap<string, Owner>;

/** Reads the owners kept in a file, which is there only where there are any. */
export function readOwners(fs: FileSystem, path: string): Owners {
  const text = readIfThere(fs, path);
  return text === undefined ? new Map<string, Owner>() : parseFacts(text);
}

/** What is to be kept. */
export interface ToKeep {
  /** Whose owners are kept, and none but theirs. */
  readonly entries: readonly Entry[];
  /** Extended attributes that the disk refused, by path. */
  readonly refused: ReadonlyMap<string, string>;
}

/** Keeps these, and none but these. */
export function writeOwners(fs: FileSystem, path: string, { entries, refused }: ToKeep): void {
  const facts = new Map<string, Facts>([...refused].map(([of, xattrs]) => [of, { type: 'file', xattrs }]));
  for (const { path: of, uid, gid } of entries) {
    if (uid === undefined && gid === undefined) continue;
    const owner = { ...(uid !== undefined && { uid }), ...(gid !== undefined && { gid }) };
    facts.set(of, { type: 'file', ...facts.get(of), ...owner });
  }
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

/** The extended attributes among these. */
export function xattrsIn(owners: Owners): ReadonlyMap<string, string> {
  return new Map(
    [...owners].flatMap(([path, { xattrs }]) => (xattrs === undefined ? [] : [[path, xattrs] as const])),
  );
}
