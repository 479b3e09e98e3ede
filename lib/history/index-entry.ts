/** One entry of git's index file, and its bytes. */
import type { ObjectId } from '../terms/ids.ts';

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

const startOfPath = (skipWorktree: boolean): number => FIXED + (skipWorktree ? 2 : 0);
/** With zeros behind it, one at least, up to a multiple of eight bytes. */
const padded = (length: number): number => (length + 8) & ~7;
export const lengthOf = ({ path, skipWorktree }: IndexEntry): number =>
  padded(startOfPath(skipWorktree) + path.length);

/** Writes an entry into zeros; answers where it ends. */
export function writeEntry(bytes: Buffer, at: number, entry: IndexEntry): number {
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

/** Whether it takes a later version of the file. */
export const isExtended = (bytes: Buffer, at: number): boolean =>
  (bytes.readUInt16BE(at + 60) & EXTENDED) !== 0;

function endOfPath(bytes: Buffer, at: number): number {
  const start = at + startOfPath(isExtended(bytes, at));
  const length = bytes.readUInt16BE(at + 60) & LONG;
  return length < LONG ? start + length : bytes.indexOf(0, start + LONG);
}

/** Where the entry ends that begins there. */
export function nextEntry(bytes: Buffer, at: number): number {
  return at + padded(endOfPath(bytes, at) - at);
}

/** Below zero: the entry comes before such a path, above: after it. */
export function comparePath(bytes: Buffer, at: number, path: Buffer): number {
  const start = at + startOfPath(isExtended(bytes, at));
  return bytes.compare(path, 0, path.length, start, endOfPath(bytes, at));
}

/** Reads an entry; undefined where it stands for no content: of a merge, or yet to be added. */
export function readEntry(bytes: Buffer, at: number): IndexEntry | undefined {
  const flags = bytes.readUInt16BE(at + 60);
  const more = isExtended(bytes, at) ? bytes.readUInt16BE(at + FIXED) : 0;
  if ((flags & 0x3000) !== 0 || (more & INTENT_TO_ADD) !== 0) return undefined;
  const field = (i: number): number => bytes.readUInt32BE(at + i * 4);
  return {
    path: bytes.toString('latin1', at + startOfPath(isExtended(bytes, at)), endOfPath(bytes, at)),
    skipWorktree: (more & SKIP_WORKTREE) !== 0,
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
