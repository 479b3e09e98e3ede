/**
 * Git's index file (DIRC): for git the staging area, for varve the cache of what was on disk when.
 * Versions 2 and 3 are read and written; anything else counts as no index.
 */
import { createHash } from 'node:crypto';
import { byCodeUnit, type ObjectId } from '../terms/ids.ts';

/** What identifies a state of a file on disk, in the 32-bit fields of the index. */
export interface IndexStat {
  readonly ctimeSeconds: number;
  readonly ctimeNanoseconds: number;
  readonly mtimeSeconds: number;
  readonly mtimeNanoseconds: number;
  readonly dev: number;
  readonly ino: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
}

export interface IndexEntry extends IndexStat {
  /** As stored in the tree; raw. */
  readonly path: string;
  /** 0o100644, 0o100755 or 0o120000. */
  readonly mode: number;
  readonly oid: ObjectId;
  /** In the tree, but not on disk under this name. */
  readonly skipWorktree: boolean;
}

const FIXED = 62;
const EXTENDED = 0x4000;
const SKIP_WORKTREE = 0x4000;
const INTENT_TO_ADD = 0x2000;
/** Of paths that are as long or longer only a zero tells the end. */
const LONG = 0xfff;

/** Entries as they stand in an index, sorted. */
export interface EncodedEntries {
  readonly bytes: Buffer;
  readonly count: number;
}

/** Writes entries, which come in any order. */
export function encodeEntries(entries: readonly IndexEntry[]): EncodedEntries {
  const bytes = Buffer.alloc(entries.reduce((sum, entry) => sum + lengthOf(entry), 0));
  let at = 0;
  for (const entry of sorted(entries)) at = writeEntry(bytes, at, entry);
  return { bytes, count: entries.length };
}

/** Takes out the entries at some paths and puts others in. */
export function replaceEntries(
  { bytes, count }: EncodedEntries,
  gone: readonly string[],
  come: readonly IndexEntry[],
): EncodedEntries {
  const added = new Map(come.map((entry) => [entry.path, entry]));
  const paths = [...new Set([...gone, ...added.keys()])].toSorted(byCodeUnit);
  const parts: Buffer[] = [];
  let [from, at, left] = [0, 0, count];
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
      left -= 1;
    }
    const entry = added.get(path);
    if (entry !== undefined) parts.push(encodeEntries([entry]).bytes);
  }
  takeUpTo(bytes.length);
  return { bytes: Buffer.concat(parts), count: left + added.size };
}

const sorted = (entries: readonly IndexEntry[]): readonly IndexEntry[] =>
  entries.toSorted((a, b) => byCodeUnit(a.path, b.path));

const startOfPath = (skipWorktree: boolean): number => FIXED + (skipWorktree ? 2 : 0);
/** With zeros behind it, one at least, up to a multiple of eight bytes. */
const padded = (length: number): number => (length + 8) & ~7;
const lengthOf = ({ path, skipWorktree }: IndexEntry): number =>
  padded(startOfPath(skipWorktree) + path.length);

/** Into zeros; answers where the entry ends. */
function writeEntry(bytes: Buffer, at: number, entry: IndexEntry): number {
  const { path, skipWorktree } = entry;
  bytes.writeUInt32BE(entry.ctimeSeconds, at);
  bytes.writeUInt32BE(entry.ctimeNanoseconds, at + 4);
  bytes.writeUInt32BE(entry.mtimeSeconds, at + 8);
  bytes.writeUInt32BE(entry.mtimeNanoseconds, at + 12);
  bytes.writeUInt32BE(entry.dev, at + 16);
  bytes.writeUInt32BE(entry.ino, at + 20);
  bytes.writeUInt32BE(entry.mode, at + 24);
  bytes.writeUInt32BE(entry.uid, at + 28);
  bytes.writeUInt32BE(entry.gid, at + 32);
  bytes.writeUInt32BE(entry.size, at + 36);
  bytes.write(entry.oid, at + 40, 'hex');
  bytes.writeUInt16BE(Math.min(path.length, LONG) | (skipWorktree ? EXTENDED : 0), at + 60);
  if (skipWorktree) bytes.writeUInt16BE(SKIP_WORKTREE, at + FIXED);
  bytes.write(path, at + startOfPath(skipWorktree), 'latin1');
  return at + lengthOf(entry);
}

const isExtended = (bytes: Buffer, at: number): boolean => (bytes.readUInt16BE(at + 60) & EXTENDED) !== 0;

function endOfPath(bytes: Buffer, at: number): number {
  const start = at + startOfPath(isExtended(bytes, at));
  const length = bytes.readUInt16BE(at + 60) & LONG;
  return length < LONG ? start + length : bytes.indexOf(0, start + LONG);
}

function nextEntry(bytes: Buffer, at: number): number {
  return at + padded(endOfPath(bytes, at) - at);
}

function comparePath(bytes: Buffer, at: number, path: Buffer): number {
  const start = at + startOfPath(isExtended(bytes, at));
  return bytes.compare(path, 0, path.length, start, endOfPath(bytes, at));
}

/** Writes an index. */
export function encodeGitIndex({ bytes, count }: EncodedEntries): Buffer {
  const length = 12 + bytes.length;
  const index = Buffer.allocUnsafe(length + 20);
  index.write('DIRC', 'latin1');
  index.writeUInt32BE(hasExtended(bytes) ? 3 : 2, 4);
  index.writeUInt32BE(count, 8);
  index.set(bytes, 12);
  index.set(createHash('sha1').update(index.subarray(0, length)).digest(), length);
  return index;
}

function hasExtended(bytes: Buffer): boolean {
  for (let at = 0; at < bytes.length; at = nextEntry(bytes, at)) if (isExtended(bytes, at)) return true;
  return false;
}

/** Reads an index; undefined where it is damaged or of a kind that only git knows. */
export function parseGitIndex(bytes: Buffer): readonly IndexEntry[] | undefined {
  if (bytes.length < 32 || bytes.toString('latin1', 0, 4) !== 'DIRC') return undefined;
  const version = bytes.readUInt32BE(4);
  if ((version !== 2 && version !== 3) || !isWhole(bytes)) return undefined;
  const entries: IndexEntry[] = [];
  let at = 12;
  for (let left = bytes.readUInt32BE(8); left > 0; left--) {
    const flags = bytes.readUInt16BE(at + 60);
    const more = isExtended(bytes, at) ? bytes.readUInt16BE(at + FIXED) : 0;
    const start = at + startOfPath(isExtended(bytes, at));
    const end = endOfPath(bytes, at);
    const merged = (flags & 0x3000) === 0 && (more & INTENT_TO_ADD) === 0;
    if (merged)
      entries.push(
        readEntry(bytes, at, {
          path: bytes.toString('latin1', start, end),
          skipWorktree: (more & SKIP_WORKTREE) !== 0,
        }),
      );
    at = nextEntry(bytes, at);
  }
  return entries;
}

/** Git may leave the checksum out (all zeros). */
function isWhole(bytes: Buffer): boolean {
  const checksum = bytes.subarray(-20);
  return (
    checksum.every((byte) => byte === 0) ||
    createHash('sha1').update(bytes.subarray(0, -20)).digest().equals(checksum)
  );
}

function readEntry(
  bytes: Buffer,
  at: number,
  rest: { readonly path: string; readonly skipWorktree: boolean },
): IndexEntry {
  const field = (i: number): number => bytes.readUInt32BE(at + i * 4);
  return {
    path: rest.path,
    skipWorktree: rest.skipWorktree,
    ctimeSeconds: field(0),
    ctimeNanoseconds: field(1),
    mtimeSeconds: field(2),
    mtimeNanoseconds: field(3),
    dev: field(4),
    ino: field(5),
    mode: field(6),
    uid: field(7),
    gid: field(8),
    size: field(9),
    oid: bytes.toString('hex', at + 40, at + 60) as ObjectId,
  };
}
