import type { Entry, ObjectStore } from '../ports/objects.ts';
import type { TreeId } from '../terms/ids.ts';
import { listEntries } from '../trees/list-entries.ts';
import { below, DEFAULT_IMAGE } from '../trees/tree-metadata.ts';
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
 * One file's content is in memory at a time.
 */
export function writeTar(options: TarOptions, sink: (bytes: Uint8Array) => void): void {
  const entries = listEntries(options.objects, options.tree, { under: DEFAULT_IMAGE });
  for (const entry of entries) {
    if (isPlainRoot(entry) && entries.length > 1) continue;
    const content = contentOf(options.objects, entry);
    const header = headerOf(entry, content, options.time);
    sink(encodeHeader(header));
    if (header.kind !== 'file') continue;
    sink(content);
    sink(Buffer.alloc(padding(content.length)));
  }
  sink(Buffer.alloc(2 * BLOCK));
}

/** The image's own directory is told of only where it is unusual or empty: without it there is no image. */
function isPlainRoot(entry: Entry): boolean {
  return entry.path === DEFAULT_IMAGE && entry.mode === 0o755 && !entry.uid && !entry.gid;
}

/** Bytes of the file or of the link's target; none for what has no content of its own. */
function contentOf(objects: ObjectStore, entry: Entry): Buffer {
  return entry.oid === undefined || entry.hardlinkTo !== undefined
    ? Buffer.alloc(0)
    : objects.readBlob(entry.oid);
}

function headerOf(entry: Entry, content: Buffer, time: number): TarHeader {
  const hardlink = entry.hardlinkTo !== undefined;
  const kind = hardlink ? 'hardlink' : entry.kind;
  const target = hardlink ? below(DEFAULT_IMAGE, entry.hardlinkTo ?? '') : content.toString('latin1');
  return {
    path: below(DEFAULT_IMAGE, entry.path),
    kind,
    mode: entry.mode,
    uid: entry.uid ?? 0,
    gid: entry.gid ?? 0,
    size: kind === 'file' ? content.length : 0,
    mtime: time,
    link: kind === 'hardlink' || kind === 'symlink' ? target : '',
  };
}
