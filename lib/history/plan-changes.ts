import type { Entry } from '../ports/objects.ts';
import type { Present } from './scan-directory.ts';

/** What must be done to a directory, in this order. */
export interface Changes {
  /** Inner paths before the directories that hold them. */
  readonly remove: readonly string[];
  /** Directories before what they hold. */
  readonly create: readonly Entry[];
  /** Further names of files that are there by then. */
  readonly link: readonly Entry[];
  /** Entries that stay and only have another mode. */
  readonly chmod: readonly Entry[];
  /** Entries that are to have extended attributes that they do not have yet, and directories that have others. */
  readonly dress: readonly Entry[];
}

/** Compares what a directory is to hold with what it holds. Both sorted, directories first. */
export function planChanges(entries: readonly Entry[], present: ReadonlyMap<string, Present>): Changes {
  const wanted = new Map(entries.map((entry) => [entry.path, entry]));
  const names = linkCounts(entries);
  const stays = (entry: Entry): boolean => {
    const found = present.get(entry.path);
    if (found === undefined || found.kind !== entry.kind) return false;
    if (entry.kind === 'dir') return true;
    // What is made anew has none.
    if (found.oid !== entry.oid || found.xattrs !== entry.xattrs) return false;
    if (entry.hardlinkTo === undefined) return found.nlink === (names.get(entry.path) ?? 1);
    const leader = wanted.get(entry.hardlinkTo);
    const leaderFound = present.get(entry.hardlinkTo);
    return (
      leader !== undefined && stays(leader) && leaderFound?.ino === found.ino && leaderFound.dev === found.dev
    );
  };
  const kept = new Set(entries.filter(stays).map((entry) => entry.path));
  const made = entries.filter((entry) => !kept.has(entry.path));
  return {
    remove: [...present.keys()].filter((path) => !kept.has(path)).toReversed(),
    create: made.filter((entry) => entry.hardlinkTo === undefined),
    link: made.filter((entry) => entry.hardlinkTo !== undefined),
    chmod: entries.filter(
      (entry) =>
        kept.has(entry.path) &&
        entry.kind !== 'symlink' &&
        entry.hardlinkTo === undefined &&
        present.get(entry.path)?.mode !== entry.mode,
    ),
    dress: entries.filter(
      (entry) =>
        entry.hardlinkTo === undefined &&
        entry.xattrs !== (kept.has(entry.path) ? present.get(entry.path)?.xattrs : undefined),
    ),
  };
}

/** How many names each file that has several is to have, by its leading name. */
function linkCounts(entries: readonly Entry[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { hardlinkTo } of entries) {
    if (hardlinkTo !== undefined) counts.set(hardlinkTo, (counts.get(hardlinkTo) ?? 1) + 1);
  }
  return counts;
}
