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
}

/**
 * Writes the canonical tar of an artifact, piece by piece: the same tree and time give the same bytes.
 * A large file is never whole in memory.
 */
export function writeTar(options: TarOptions, sink: (bytes: Uint8Array) => void): void {
  const entries = listEntries(options.objects, options.tree, { under: DEFAULT_IMAGE });
  for (const entry of entries) {
    if (isPlainRoot(entry) && entries.length > 1) continue;
    const content = contentOf(options.objects, entry);
    const header = headerOf(entry, { content, objects: options.objects, time: options.time });
    sink(encodeHeader(header));
    if (header.kind !== 'file') continue;
    for (const piece of content?.pieces() ?? []) sink(piece);
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

interface Described {
  readonly content: BlobContent | undefined;
  readonly objects: ObjectStore;
  readonly time: number;
}

function headerOf(entry: Entry, { content, objects, time }: Described): TarHeader {
  const hardlink = entry.hardlinkTo !== undefined;
  const kind = hardlink ? 'hardlink' : entry.kind;
  return {
    path: below(DEFAULT_IMAGE, entry.path),
    kind,
    mode: entry.mode,
    uid: entry.uid ?? 0,
    gid: entry.gid ?? 0,
    size: content?.size ?? 0,
    mtime: time,
    link: linkOf(entry, objects),
    // Another name of a file tells of none, as with GNU tar: they are the file's.
    ...(entry.xattrs !== undefined && !hardlink && { xattrs: parseXattrs(entry.xattrs) }),
  };
}

function linkOf({ kind, oid, hardlinkTo }: Entry, objects: ObjectStore): string {
  if (hardlinkTo !== undefined) return below(DEFAULT_IMAGE, hardlinkTo);
  return kind === 'symlink' && oid !== undefined ? objects.readBlob(oid).toString('latin1') : '';
}
