import type { Entry, ObjectStore } from '../ports/objects.ts';
import { byCodeUnit, type ObjectId, type TreeId } from '../terms/ids.ts';
import { encodeRaw } from '../trees/raw-text.ts';
import { DEFAULT_IMAGE, inside } from '../trees/tree-metadata.ts';
import { writeEntries } from '../trees/write-entries.ts';
import { formatXattrs } from '../trees/xattrs.ts';
import { Damage } from './damage.ts';
import { orDamaged, readArtifact, type Source } from './read-artifact.ts';
import { type Read, readWhole } from './read-tar.ts';
import type { TarHeader } from './tar-header.ts';

export interface ImportOptions extends Source {
  readonly objects: ObjectStore;
}

export type Imported =
  | { readonly kind: 'imported'; readonly tree: TreeId }
  | { readonly kind: 'damaged'; readonly why: string };

/**
 * Takes an artifact from the store into a recipe's objects: the same tree as where it was built.
 * Archive, id and tree are verified before any object is visible; what does not hold is taken out of
 * the store and told as a value.
 */
export function importArtifact(options: ImportOptions): Imported {
  const { objects, entry } = options;
  return orDamaged(options, () =>
    objects.batch(() => {
      const members = new Map([['', IMPLIED_ROOT]]);
      readArtifact(options, (header, content) => {
        refuseBadPath(header, members);
        members.set(header.path, entryOf({ objects, members }, header, content));
      });
      // An archive without members is that of no image at all; an empty image tells of its root.
      if (members.size === 1 && members.get('') === IMPLIED_ROOT) members.clear();
      const entries = [...members.values()].sort((a, b) => byCodeUnit(a.path, b.path));
      const { tree } = writeEntries(objects, entries);
      if (tree !== entry.tree) throw new Damage(`it makes tree ${tree} instead of ${entry.tree}`);
      return { kind: 'imported', tree };
    }),
  );
}

/** Files of more bytes than this are taken in piece by piece. */
const LARGE = 16 << 20;

/** The image's directory where the archive does not tell of it. */
const IMPLIED_ROOT: Entry = { path: DEFAULT_IMAGE, kind: 'dir', mode: 0o755 };

type Members = ReadonlyMap<string, Entry>;

/**
 * Refuses what no export writes: a path that leads elsewhere, comes twice, or whose directory has not
 * been told of as one before (so nothing is ever reached through a link).
 */
function refuseBadPath(header: TarHeader, members: Members): void {
  const { path } = header;
  const twice = members.has(path) && members.get(path) !== IMPLIED_ROOT;
  const odd =
    path.split('/').some((name) => name === '' || name === '.' || name === '..') || path.includes('\0');
  if (twice || (odd && path !== ''))
    throw new Damage(`it holds the path "${encodeRaw(path)}"${twice ? ' twice' : ''}`);
  if (path === '' && header.kind !== 'dir') throw new Damage('its root is not a directory');
  const parent = path.slice(0, Math.max(path.lastIndexOf('/'), 0));
  if (members.get(parent)?.kind !== 'dir')
    throw new Damage(`it holds "${encodeRaw(path)}" in what is no directory`);
}

interface Importing {
  readonly objects: ObjectStore;
  readonly members: Members;
}

function entryOf({ objects, members }: Importing, header: TarHeader, content: Read): Entry {
  const link = header.kind === 'hardlink' ? members.get(header.link) : undefined;
  const xattrs = link === undefined ? formatXattrs(header.xattrs ?? new Map()) : link.xattrs;
  const common = {
    path: inside(DEFAULT_IMAGE, header.path),
    mode: header.mode,
    ...(header.uid !== 0 && { uid: header.uid }),
    ...(header.gid !== 0 && { gid: header.gid }),
    ...(xattrs !== undefined && { xattrs }),
  };
  switch (header.kind) {
    case 'file':
      return { ...common, kind: 'file', oid: writeContent(objects, header.size, content) };
    case 'symlink':
      return {
        ...common,
        kind: 'symlink',
        mode: 0o777,
        oid: objects.writeBlob(Buffer.from(header.link, 'latin1')),
      };
    case 'hardlink':
      return {
        ...common,
        kind: 'file',
        oid: linkedContent(members, header),
        hardlinkTo: inside(DEFAULT_IMAGE, header.link),
      };
    case 'dir':
    case 'fifo':
      return { ...common, kind: header.kind };
    default:
      return header.kind satisfies never;
  }
}

/** Small files go into the batch (many of them one pack); a large one is never whole in memory. */
function writeContent(objects: ObjectStore, size: number, content: Read): ObjectId {
  if (size > LARGE) return objects.writeBlobFrom({ size, read: content });
  return objects.writeBlob(readWhole(content, size));
}

/** A hard link comes after the file that it is another name of. */
function linkedContent(members: Members, header: TarHeader): ObjectId {
  const target = members.get(header.link);
  if (target?.kind === 'file' && target.oid !== undefined) return target.oid;
  throw new Damage(`its "${encodeRaw(header.path)}" is another name of nothing in it`);
}
