import type { AcEntry } from './ac-entry.ts';
import type { ArchiveFile, EntryFile, StoreSurvey } from './survey-store.ts';

/** What may go, and what may not. */
export interface CollectionPolicy {
  /** Bytes of archives that may stay. */
  readonly maxSize: number | undefined;
  /** What nobody had a use for since then goes; milliseconds since the epoch. */
  readonly unusedSince: number;
  /** What somebody had a use for since then stays whatever else is said: a build may be at it. */
  readonly inUseSince: number;
  /** The record can get it from nowhere else. */
  readonly isNeeded: (entry: AcEntry) => boolean;
  /** Nobody would miss it, however lately there was a use for it. */
  readonly isSpare: (entry: AcEntry) => boolean;
}

/** An archive with the entries that lead to it, which stay or go together. */
export interface Holding {
  readonly archive: ArchiveFile;
  readonly entries: readonly EntryFile[];
}

export interface Collection {
  /** Least recently used first. */
  readonly goes: readonly Holding[];
  /** Entries that lead nowhere. */
  readonly broken: readonly EntryFile[];
  readonly stays: readonly Holding[];
}

/** Decides what of a store goes: first what leads nowhere and what nothing leads to, then by age, then by size. Pure. */
export function planCollection(survey: StoreSurvey, policy: CollectionPolicy): Collection {
  const { maxSize = Infinity, unusedSince } = policy;
  const byArchive = new Map<string, EntryFile[]>(survey.archives.map(({ sha256 }) => [sha256, []]));
  const broken: EntryFile[] = [];
  for (const file of survey.entries) {
    const holding = file.entry === undefined ? undefined : byArchive.get(file.entry.archive.sha256);
    if (holding !== undefined) holding.push(file);
    else if (file.written < policy.inUseSince) broken.push(file);
  }
  const holdings = survey.archives
    .map((archive): Holding => ({ archive, entries: byArchive.get(archive.sha256) ?? [] }))
    .toSorted((a, b) => a.archive.used - b.archive.used);
  let size = survey.archives.reduce((sum, archive) => sum + archive.size, 0);
  const goes: Holding[] = [];
  for (const holding of holdings) {
    const { archive, entries } = holding;
    const isHeld =
      archive.used >= policy.inUseSince ||
      entries.some(({ entry }) => entry !== undefined && policy.isNeeded(entry));
    const isSpare = entries.every(({ entry }) => entry !== undefined && policy.isSpare(entry));
    const isWanted = !isSpare && archive.used >= unusedSince && size <= maxSize;
    if (isHeld || isWanted) continue;
    goes.push(holding);
    size -= archive.size;
  }
  const gone = new Set(goes);
  return { goes, broken, stays: holdings.filter((holding) => !gone.has(holding)) };
}
