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

/** An entry in the bytes of an index. */
export interface EncodedEntry {
  readonly path: string;
  readonly skipWorktree: boolean;
  readonly bytes: Buffer;
}

/** Writes an entry. */
export function encodeIndexEntry(entry: IndexEntry): EncodedEntry {
  const { path, skipWorktree } = entry;
  const start = FIXED + (skipWorktree ? 2 : 0);
  const bytes = Buffer.alloc((start + path.length + 8) & ~7);
  bytes.writeUInt32BE(entry.ctimeSeconds, 0);
  bytes.writeUInt32BE(entry.ctimeNanoseconds, 4);
  bytes.writeUInt32BE(entry.mtimeSeconds, 8);
  bytes.writeUInt32BE(entry.mtimeNanoseconds, 12);
  bytes.writeUInt32BE(entry.dev, 16);
  bytes.writeUInt32BE(entry.ino, 20);
  bytes.writeUInt32BE(entry.mode, 24);
  bytes.writeUInt32BE(entry.uid, 28);
  bytes.writeUInt32BE(entry.gid, 32);
  bytes.writeUInt32BE(entry.size, 36);
  bytes.write(entry.oid, 40, 'hex');
  bytes.writeUInt16BE(Math.min(path.length, 0xfff) | (skipWorktree ? EXTENDED : 0), 60);
  if (skipWorktree) bytes.writeUInt16BE(SKIP_WORKTREE, FIXED);
  bytes.write(path, start, 'latin1');
  return { path, skipWorktree, bytes };
}

/** Sorts entries as an index has them. */
export function sortedEntries(entries: readonly EncodedEntry[]): readonly EncodedEntry[] {
  return entries.toSorted((a, b) => byCodeUnit(a.path, b.path));
}

/** Takes out the entries at some paths and puts others in; sorted before and after. */
export function replaceEntries(
  entries: readonly EncodedEntry[],
  gone: readonly string[],
  come: readonly EncodedEntry[],
): readonly EncodedEntry[] {
  const dropped = new Set([...gone, ...come.map((entry) => entry.path)]);
  const added = sortedEntries(come);
  const merged: EncodedEntry[] = [];
  let next = 0;
  for (const entry of entries) {
    for (let one = added[next]; one !== undefined && one.path <= entry.path; one = added[++next])
      merged.push(one);
    if (!dropped.has(entry.path)) merged.push(entry);
  }
  return [...merged, ...added.slice(next)];
}

/** Writes an index of sorted entries. */
export function encodeGitIndex(entries: readonly EncodedEntry[]): Buffer {
  const length = entries.reduce((sum, entry) => sum + entry.bytes.length, 12);
  const index = Buffer.allocUnsafe(length + 20);
  index.write('DIRC', 'latin1');
  index.writeUInt32BE(entries.some((entry) => entry.skipWorktree) ? 3 : 2, 4);
  index.writeUInt32BE(entries.length, 8);
  let at = 12;
  for (const { bytes } of entries) {
    index.set(bytes, at);
    at += bytes.length;
  }
  index.set(createHash('sha1').update(index.subarray(0, length)).digest(), length);
  return index;
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
    const more = (flags & EXTENDED) === 0 ? 0 : bytes.readUInt16BE(at + FIXED);
    const start = at + FIXED + ((flags & EXTENDED) === 0 ? 0 : 2);
    const end = bytes.indexOf(0, start);
    const merged = (flags & 0x3000) === 0 && (more & INTENT_TO_ADD) === 0;
    if (merged)
      entries.push(
        readEntry(bytes, at, {
          path: bytes.toString('latin1', start, end),
          skipWorktree: (more & SKIP_WORKTREE) !== 0,
        }),
      );
    at += (end - at + 8) & ~7;
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
