/**
 * Git objects, wherever they are kept. The exact view of a tree (true names, modes, empty
 * directories) is `listEntries` of lib/trees: plain tree entries do not tell the whole.
 */
import type { CommitId, ObjectId, TreeId } from '../terms/ids.ts';

export type ObjectType = 'blob' | 'tree' | 'commit' | 'tag';

/** One entry of a git tree, as stored: the name may be an escaped one. */
export interface TreeEntry {
  /** One of GIT_MODE; git itself once wrote others. */
  readonly mode: number;
  /** Raw bytes as a latin1 string. */
  readonly name: string;
  readonly oid: ObjectId;
}

export interface Commit {
  readonly tree: TreeId;
  readonly parents: readonly CommitId[];
  /** With its final newline, trailers included. */
  readonly message: string;
  /** Seconds since the epoch; the zone is always +0000 in what varve writes. */
  readonly time: number;
  /** `Name <mail>`. */
  readonly author: string;
  /** Absent where it is the author: in all that varve writes but the commits of patches. */
  readonly committer?: string;
}

/** Bytes that need not be in memory at once: a large file on its way into the store. */
export interface BlobSource {
  readonly size: number;
  /** Fills the buffer from its start with what comes next; answers how many bytes (0: the end). */
  read(buffer: Buffer): number;
}

/** The content of a blob, which need not be in memory at once. */
export interface BlobContent {
  readonly size: number;
  /** The bytes, each piece to be used before the next is asked for. They are proven when the last was given. */
  pieces(): Iterable<Uint8Array>;
}

/** Reads and writes objects; synchronous. Reading what is not there is an internal error. */
export interface ObjectStore {
  has(oid: ObjectId): boolean;
  type(oid: ObjectId): ObjectType;
  /** Bytes of the content, without reading all of it. */
  size(oid: ObjectId): number;
  readBlob(oid: ObjectId): Buffer;
  /** Opens a blob of any size. */
  openBlob(oid: ObjectId): BlobContent;
  /** Entries in git's order. `once`: they are not kept for who asks again, which costs more than reading where there are many. */
  readTree(oid: ObjectId, times?: 'once'): readonly TreeEntry[];
  readCommit(oid: ObjectId): Commit;
  /** Takes in bytes, whose memory may be used for something else afterwards. */
  writeBlob(bytes: Uint8Array): ObjectId;
  /** Takes in a large blob piece by piece. */
  writeBlobFrom(source: BlobSource): ObjectId;
  /** Takes entries in any order. */
  writeTree(entries: readonly TreeEntry[]): TreeId;
  writeCommit(commit: Commit): CommitId;
  /** Groups writes: few become loose objects, many one pack; none is visible if `work` throws. */
  batch<T>(work: () => T): T;
}

/** Where the content of files can be read. */
export type Contents = Pick<ObjectStore, 'readBlob' | 'openBlob'>;

/** What stands at one path of a tree, with everything that git itself cannot hold. */
export interface Entry {
  /** Relative, true names, raw bytes as a latin1 string. */
  readonly path: string;
  readonly kind: 'file' | 'dir' | 'symlink' | 'fifo';
  /** Permission bits, 0o7777; 0o777 for symbolic links. */
  readonly mode: number;
  /** The file's content, or the link's target. */
  readonly oid?: ObjectId;
  /** Path of the file that this one is another name of. */
  readonly hardlinkTo?: string;
  /** Owners, where a task under fakeroot set them; absent: 0:0. */
  readonly uid?: number;
  readonly gid?: number;
  /** Extended attributes of a file or directory, as `formatXattrs` writes them; absent: none. */
  readonly xattrs?: string;
}
