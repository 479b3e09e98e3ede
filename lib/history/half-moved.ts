import type { Entry, ObjectStore } from '../ports/objects.ts';
import type { FileSystem } from '../ports/world.ts';
import { rawPath } from '../trees/raw-text.ts';
import { ifWhole } from './damaged-repository.ts';
import { fullPath } from './directory-access.ts';
import type { Present } from './scan-directory.ts';

/**
 * Whether a directory holds nothing but what one of two trees has at the same place: what a checkout leaves that was
 * cut off on its way from the one to the other. A file may be there in part.
 */
export function isHalfMoved(
  fs: FileSystem,
  at: { readonly dir: string; readonly objects: ObjectStore; readonly present: readonly Present[] },
  way: { readonly from: readonly Entry[]; readonly to: readonly Entry[] },
): boolean {
  const [from, to] = [byPath(way.from), byPath(way.to)];
  return at.present.every((found) => {
    const wanted = to.get(found.path);
    return (
      isSame(found, from.get(found.path)) ||
      isSame(found, wanted) ||
      ifWhole(() => isPartOf(fs, at, { found, wanted })) === true
    );
  });
}

const byPath = (entries: readonly Entry[]): ReadonlyMap<string, Entry> =>
  new Map(entries.map((entry) => [entry.path, entry]));

function isSame(found: Present, entry: Entry | undefined): boolean {
  return entry?.kind === found.kind && entry.oid === found.oid;
}

function isPartOf(
  fs: FileSystem,
  { dir, objects }: { readonly dir: string; readonly objects: ObjectStore },
  { found, wanted }: { readonly found: Present; readonly wanted: Entry | undefined },
): boolean {
  if (found.kind !== 'file' || wanted?.kind !== 'file' || wanted.oid === undefined) return false;
  // Whatever it was to hold, and be that lost.
  if (found.size === 0) return true;
  const content = objects.openBlob(wanted.oid);
  if (found.size >= content.size) return false;
  const fd = fs.openSync(fullPath(rawPath(dir), found.path), 'r');
  try {
    for (const piece of content.pieces()) {
      const part = Buffer.alloc(piece.length);
      const read = fs.readSync(fd, part, 0, part.length, null);
      if (!part.subarray(0, read).equals(piece.subarray(0, read))) return false;
      if (read < piece.length) break;
    }
    return true;
  } finally {
    fs.closeSync(fd);
  }
}
