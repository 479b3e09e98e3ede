/** What changed in files whose bytes say nothing to people: programs, libraries, objects. */
import { compareArchives } from './compare-archives.ts';
import { compareElf } from './compare-elf.ts';
import type { ContentDifference } from './content-change.ts';
import { readArchive } from './read-archive.ts';
import { readElf } from './read-elf.ts';

/** Looks into both sides; undefined where they are not of one kind that is known, or damaged. */
export function compareContents(from: Buffer, to: Buffer): ContentDifference | undefined {
  const [old, now] = [readElf(from), readElf(to)];
  if (old !== undefined && now !== undefined) {
    const what = old.type === now.type ? `ELF ${now.type}s` : 'ELF files';
    return { format: 'elf', what, changes: compareElf(old, now) };
  }
  const [before, after] = [readArchive(from), readArchive(to)];
  if (before === undefined || after === undefined) return undefined;
  return { format: 'ar', what: 'static libraries', changes: compareArchives(before, after) };
}
