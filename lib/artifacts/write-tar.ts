import type { BlobContent, Entry, ObjectStore } from '../ports/objects.ts';
import type { TreeId } from '../terms/ids.ts';
import { listEntries } from '../trees/list-entries.ts';
import { below, DEFAULT_IMAGE } from '../trees/tree-metadata.ts';
import { parseXattrs } from '../trees/xattrs.ts';
import { BLOCK, encodeHeader, padding, type TarHeader } from './tar-header.ts';

export interface TarOptions {
  readonly objects: ObjectStore;
  /** An artifact's tree: `image` and its metadata. */
  readonly tree: TreeId;
  /** The one time that everything in the archive has, in seconds since the epoch. */
  readonly time: number;
  readonly watch?: Watch | undefined;
}

/** Is shown each file as it is written, its content in pieces, and each symbolic link, whose content is its target. */
export type Watch = (entry: Entry) => (piece: Uint8Array) => void;

/**
 * Writes the canonical tar of an artifact, piece by piece: the same tree and time give the same bytes.
 * A large file is never whole in memory.
 */
export function writeTar({ objects, tree, time, watch }: TarOptions, sink: Sink): void {
  const entries = listEntries(objects, tree, { under: DEFAULT_IMAGE });
  const told = entries.length > 1 ? entries.filter((entry) => !isPlainRoot(entry)) : entries;
  const nameOf = (path: string): string => below(DEFAULT_IMAGE, path);
  writeMembers({ objects, entries: told, time, nameOf, encode: encodeHeader, watch }, sink);
}

type Sink = (bytes: Uint8Array) => void;

export interface Members {
  readonly objects: ObjectStore;
  readonly entries: readonly Entry[];
  /** As for {@link TarOptions}. */
  readonly time: number;
  /** How the archive calls what stands at a path of the tree. */
  readonly nameOf: (path: string) => string;
  /** Makes the blocks before a member's content. */
  readonly encode: (header: TarHeader) => Buffer;
  readonly watch?: Watch | undefined;
}

/** Writes a tar of these entries, piece by piece. */
export function writeMembers(members: Members, sink: Sink): void {
  for (const entry of members.entries) {
    const content = contentOf(members.objects, entry);
    const header = headerOf(entry, content, members);
    sink(members.encode(header));
    const see = header.kind === 'hardlink' ? undefined : members.watch?.(entry);
    if (header.link !== '') see?.(Buffer.from(header.link, 'latin1'));
    if (header.kind !== 'file') continue;
    for (const piece of content?.pieces() ?? []) {
      sink(piece);
      see?.(piece);
    }
    sink(Buffer.alloc(padding(header.size)));
  }
  sink(Buffer.alloc(2 * BLOCK));
}

/** The image's own directory is told of only where it is unusual or empty: without it there is no image. */
function isPlainRoot(entry: Entry): boolean {
  return entry.path === DEFAULT_IMAGE && entry.mode === 0o755 && !entry.uid && !entry.gid && !entry.xattrs;
}

/** The content of a file; undefined for another name of one, and for what is no file. */
function contentOf(objects: ObjectStore, { kind, oid, hardlinkTo }: Entry): BlobContent | undefined {
  return kind !== 'file' || oid === undefined || hardlinkTo !== undefined ? undefined : objects.openBlob(oid);
}

function headerOf(entry: Entry, content: BlobContent | undefined, members: Members): TarHeader {
  const hardlink = entry.hardlinkTo !== undefined;
  const kind = hardlink ? 'hardlink' : entry.kind;
  return {
    path: members.nameOf(entry.path),
    kind,
    mode: entry.mode,
    uid: entry.uid ?? 0,
    gid: entry.gid ?? 0,
    size: content?.size ?? 0,
    mtime: members.time,
    link: linkOf(entry, members),
    // Another name of a file tells of none, as with GNU tar: they are the file's.
    ...(entry.xattrs !== undefined && !hardlink && { xattrs: parseXattrs(entry.xattrs) }),
  };
}

function linkOf({ kind, oid, hardlinkTo }: Entry, { objects, nameOf }: Members): string {
  if (hardlinkTo !== undefined) return nameOf(hardlinkTo);
  return kind === 'symlink' && oid !== undefined ? objects.readBlob(oid).toString('latin1') : '';
}
