/** The entries of git's index file, as bytes and in their order: to change a few of many leaves the others alone. */
import { byCodeUnit } from '../terms/ids.ts';
import { comparePath, type IndexEntry, isExtended, lengthOf, nextEntry, writeEntry } from './index-entry.ts';

export interface EncodedEntries {
  readonly pieces: readonly Piece[];
}

/** Entries that follow each other, one at least. */
export interface Piece {
  readonly bytes: Buffer;
  readonly count: number;
  /** Whether one of them takes a later version of the file. */
  readonly isExtended: boolean;
}

/** Entries in a piece that is made; what is put into it later may double them. */
const PIECE = 256;

/** Writes entries, which come in any order. */
export function encodeEntries(entries: readonly IndexEntry[]): EncodedEntries {
  const inOrder = sorted(entries);
  const pieces: Piece[] = [];
  for (let from = 0; from < inOrder.length; from += PIECE)
    pieces.push(pieceOf(encode(inOrder.slice(from, from + PIECE))));
  return { pieces };
}

/** Counts entries. */
export function countEntries({ pieces }: EncodedEntries): number {
  return pieces.reduce((sum, { count }) => sum + count, 0);
}

/** Whether an index would say the same of both; they come in any order. */
export function areSameEntries(some: readonly IndexEntry[], others: readonly IndexEntry[]): boolean {
  return encode(sorted(some)).equals(encode(sorted(others)));
}

/** Takes out the entries at some paths and puts others in. */
export function replaceEntries(
  { pieces }: EncodedEntries,
  gone: readonly string[],
  come: readonly IndexEntry[],
): EncodedEntries {
  const added = new Map(come.map((entry) => [entry.path, entry]));
  const paths = [...new Set([...gone, ...added.keys()])].toSorted(byCodeUnit);
  const renewed: Piece[] = [];
  let done = 0;
  for (const [i, piece] of (pieces.length === 0 ? [NONE] : pieces).entries()) {
    const here = paths.slice(done, endBefore(pieces[i + 1], paths, done));
    renewed.push(...(here.length === 0 ? [piece] : replaceIn(piece, here, added)));
    done += here.length;
  }
  return { pieces: renewed };
}

const NONE: Piece = { bytes: Buffer.alloc(0), count: 0, isExtended: false };

/** Where those of the paths end, from one of them on, that belong before a piece. */
function endBefore(piece: Piece | undefined, paths: readonly string[], from: number): number {
  if (piece === undefined) return paths.length;
  const isBefore = (path: string): boolean => comparePath(piece.bytes, 0, Buffer.from(path, 'latin1')) > 0;
  let end = from;
  while (end < paths.length && isBefore(paths[end] ?? '')) end += 1;
  return end;
}

function replaceIn(
  { bytes }: Piece,
  paths: readonly string[],
  added: ReadonlyMap<string, IndexEntry>,
): readonly Piece[] {
  const parts: Buffer[] = [];
  let [from, at] = [0, 0];
  const takeUpTo = (end: number): void => {
    parts.push(bytes.subarray(from, end));
    from = end;
  };
  for (const path of paths) {
    const sought = Buffer.from(path, 'latin1');
    while (at < bytes.length && comparePath(bytes, at, sought) < 0) at = nextEntry(bytes, at);
    takeUpTo(at);
    if (at < bytes.length && comparePath(bytes, at, sought) === 0) {
      at = nextEntry(bytes, at);
      from = at;
    }
    const entry = added.get(path);
    if (entry !== undefined) parts.push(encode([entry]));
  }
  takeUpTo(bytes.length);
  return inPieces(Buffer.concat(parts));
}

/** One piece, or several where that would be too large. */
function inPieces(bytes: Buffer): readonly Piece[] {
  const starts: number[] = [];
  for (let at = 0; at < bytes.length; at = nextEntry(bytes, at)) starts.push(at);
  if (starts.length === 0) return [];
  if (starts.length <= 2 * PIECE) return [pieceOf(bytes)];
  const cuts = starts.filter((_, i) => i % PIECE === 0);
  // Copied, so that none keeps all of them in memory.
  return cuts.map((start, i) => pieceOf(Buffer.from(bytes.subarray(start, cuts[i + 1] ?? bytes.length))));
}

function pieceOf(bytes: Buffer): Piece {
  let [count, extended] = [0, false];
  for (let at = 0; at < bytes.length; at = nextEntry(bytes, at)) {
    count += 1;
    extended ||= isExtended(bytes, at);
  }
  return { bytes, count, isExtended: extended };
}

const sorted = (entries: readonly IndexEntry[]): readonly IndexEntry[] =>
  entries.toSorted((a, b) => byCodeUnit(a.path, b.path));

function encode(entries: readonly IndexEntry[]): Buffer {
  const bytes = Buffer.alloc(entries.reduce((sum, entry) => sum + lengthOf(entry), 0));
  let at = 0;
  for (const entry of entries) at = writeEntry(bytes, at, entry);
  return bytes;
}
