import { byCodeUnit, type ObjectId } from '../terms/ids.ts';
import { lastName } from './tree-metadata.ts';

/** A file that one of two trees has and the other has not. */
export interface LoneFile {
  /** Raw, as a latin1 string. */
  readonly path: string;
  /** The whole st_mode. */
  readonly mode: number;
  readonly size: number;
  readonly oid: ObjectId;
}

export interface Rename<File extends LoneFile> {
  readonly from: File;
  readonly to: File;
  /** Hundredths of the content that both have; 100: all of it. */
  readonly similarity: number;
}

/** Hundredths from which on two files count as one, as in git. */
const ALIKE = 50;
/** What is looked into at most: files a side, and bytes of a file. Beyond it only equal contents are found. */
const FILES = 400;
const LARGE = 1 << 20;
/** Bytes of a piece at most; a line is one, if it is shorter. */
const PIECE = 64;

/**
 * Finds the files that were moved: the same content under another name, or most of it. A file is paired once.
 * Reads only what no equal content answers for.
 */
export function findRenames<File extends LoneFile>(
  { gone, come }: { readonly gone: readonly File[]; readonly come: readonly File[] },
  read: (oid: ObjectId) => Buffer,
): readonly Rename<File>[] {
  if (gone.length === 0 || come.length === 0) return [];
  const same = pairEqual(gone, come);
  const paired = new Set(same.flatMap(({ from, to }) => [from, to]));
  const isOpen = (file: File): boolean =>
    !paired.has(file) && isFile(file) && file.size > 0 && file.size <= LARGE;
  const [left, right] = [gone.filter(isOpen), come.filter(isOpen)];
  if (left.length > FILES || right.length > FILES) return same;
  return [...same, ...pairAlike(left, right, read)].toSorted((a, b) => byCodeUnit(a.to.path, b.to.path));
}

/** Of several files with one content the one with the same last name, else the first. */
function pairEqual<File extends LoneFile>(
  gone: readonly File[],
  come: readonly File[],
): readonly Rename<File>[] {
  const byContent = new Map<ObjectId, readonly File[]>();
  for (const file of gone)
    if (file.size > 0) byContent.set(file.oid, [...(byContent.get(file.oid) ?? []), file]);
  return come.flatMap((to) => {
    const candidates = byContent.get(to.oid)?.filter((from) => isFile(from) === isFile(to)) ?? [];
    const from = candidates.find(({ path }) => lastName(path) === lastName(to.path)) ?? candidates[0];
    if (from === undefined) return [];
    byContent.set(
      to.oid,
      candidates.filter((other) => other !== from),
    );
    return [{ from, to, similarity: 100 }];
  });
}

function pairAlike<File extends LoneFile>(
  gone: readonly File[],
  come: readonly File[],
  read: (oid: ObjectId) => Buffer,
): readonly Rename<File>[] {
  const known = new Map<ObjectId, Pieces>();
  const piecesOf = ({ oid }: LoneFile): Pieces => {
    const pieces = known.get(oid) ?? split(read(oid));
    known.set(oid, pieces);
    return pieces;
  };
  const found: Rename<File>[] = [];
  for (const from of gone) {
    for (const to of come) {
      const [small, large] = [Math.min(from.size, to.size), Math.max(from.size, to.size)];
      if (small * 100 < large * ALIKE) continue;
      const similarity = Math.floor((100 * common(piecesOf(from), piecesOf(to))) / large);
      if (similarity >= ALIKE) found.push({ from, to, similarity });
    }
  }
  const taken = new Set<File>();
  return found
    .toSorted((a, b) => b.similarity - a.similarity || byCodeUnit(a.to.path, b.to.path))
    .filter(({ from, to }) => {
      if (taken.has(from) || taken.has(to)) return false;
      taken.add(from).add(to);
      return true;
    });
}

/** Bytes by the text of the piece that they are in. */
type Pieces = ReadonlyMap<string, number>;

function split(bytes: Buffer): Pieces {
  const pieces = new Map<string, number>();
  for (let start = 0; start < bytes.length;) {
    const newline = bytes.subarray(start, start + PIECE).indexOf(10);
    const end = newline === -1 ? Math.min(start + PIECE, bytes.length) : start + newline + 1;
    const piece = bytes.toString('latin1', start, end);
    pieces.set(piece, (pieces.get(piece) ?? 0) + end - start);
    start = end;
  }
  return pieces;
}

function common(a: Pieces, b: Pieces): number {
  let bytes = 0;
  for (const [piece, size] of a) bytes += Math.min(size, b.get(piece) ?? 0);
  return bytes;
}

const isFile = ({ mode }: LoneFile): boolean => (mode & 0o170000) === 0o100000;
