/** Git objects in memory, and trees written down as text: for tests of what is made from trees. */
import type { BlobSource, Commit, Entry, ObjectStore, TreeEntry } from '../../lib/ports/objects.ts';
import type { CommitId, ObjectId, TreeId } from '../../lib/terms/ids.ts';
import { objectId } from '../../lib/trees/object-id.ts';
import { writeEntries } from '../../lib/trees/write-entries.ts';

/** Makes a store that forgets everything with the test. */
export function memoryObjects(): ObjectStore {
  const kept = new Map<ObjectId, Buffer | readonly TreeEntry[] | Commit>();
  const keep = <T extends ObjectId>(id: T, value: Buffer | readonly TreeEntry[] | Commit): T => {
    kept.set(id, value);
    return id;
  };
  const get = (id: ObjectId): Buffer | readonly TreeEntry[] | Commit => {
    const found = kept.get(id);
    if (found === undefined) throw new Error(`no object ${id}`);
    return found;
  };
  return {
    has: (id) => kept.has(id),
    type: (id) => (Buffer.isBuffer(get(id)) ? 'blob' : Array.isArray(get(id)) ? 'tree' : 'commit'),
    size: (id) => (get(id) as Buffer).length,
    readBlob: (id) => get(id) as Buffer,
    openBlob: (id) => {
      const bytes = get(id) as Buffer;
      return { size: bytes.length, pieces: () => [bytes] };
    },
    readTree: (id) => get(id) as readonly TreeEntry[],
    readCommit: (id) => get(id) as Commit,
    writeBlob: (bytes) => keep(objectId('blob', bytes), Buffer.from(bytes)),
    writeBlobFrom: (source) => {
      const bytes = allOf(source);
      return keep(objectId('blob', bytes), bytes);
    },
    writeTree: (entries) =>
      keep(
        treeId(entries),
        [...entries].sort((a, b) => (gitName(a) < gitName(b) ? -1 : 1)),
      ),
    writeCommit: (commit) =>
      keep(objectId('commit', Buffer.from(JSON.stringify(commit))) as CommitId, commit),
    batch(work) {
      const before = new Map(kept);
      try {
        return work();
      } catch (error) {
        kept.clear();
        for (const [id, value] of before) kept.set(id, value);
        throw error;
      }
    },
  };
}

/** What stands at a path of an image: text is a file; or its mode with text; or a link, directory or fifo. */
export type Planted =
  | string
  | { readonly mode?: number; readonly text: string; readonly uid?: number; readonly gid?: number }
  | { readonly link: string }
  | { readonly hardlink: string }
  | { readonly dir: number }
  | { readonly fifo: number };

/** Writes the tree of an artifact with this image; directories that are not named are 0755. */
export function artifactOf(objects: ObjectStore, image: Readonly<Record<string, Planted>>): TreeId {
  const entries = new Map<string, Entry>([['image', { path: 'image', kind: 'dir', mode: 0o755 }]]);
  for (const [name, planted] of Object.entries(image)) {
    const path = name === '' ? 'image' : `image/${name}`;
    for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) {
      const parent = path.slice(0, at);
      if (!entries.has(parent)) entries.set(parent, { path: parent, kind: 'dir', mode: 0o755 });
    }
    entries.set(path, entryOf(objects, path, planted));
  }
  for (const [path, entry] of entries) {
    const target = entry.hardlinkTo === undefined ? undefined : entries.get(entry.hardlinkTo);
    if (target !== undefined) entries.set(path, { ...target, path, hardlinkTo: target.path });
  }
  return writeEntries(
    objects,
    [...entries.values()].sort((a, b) => (a.path < b.path ? -1 : 1)),
  ).tree;
}

function entryOf(objects: ObjectStore, path: string, planted: Planted): Entry {
  const blob = (text: string): ObjectId => objects.writeBlob(Buffer.from(text, 'latin1'));
  if (typeof planted === 'string') return { path, kind: 'file', mode: 0o644, oid: blob(planted) };
  if ('link' in planted) return { path, kind: 'symlink', mode: 0o777, oid: blob(planted.link) };
  if ('hardlink' in planted)
    return { path, kind: 'file', mode: 0o644, hardlinkTo: `image/${planted.hardlink}` };
  if ('dir' in planted) return { path, kind: 'dir', mode: planted.dir };
  if ('fifo' in planted) return { path, kind: 'fifo', mode: planted.fifo };
  const { text, mode = 0o644, ...owners } = planted;
  return { path, kind: 'file', mode, oid: blob(text), ...owners };
}

function allOf(source: BlobSource): Buffer {
  const bytes = Buffer.alloc(source.size);
  for (let at = 0; at < source.size;) {
    const count = source.read(bytes.subarray(at));
    if (count === 0) throw new Error('the blob ended early');
    at += count;
  }
  return bytes;
}

/** Git sorts a directory as if its name ended in a slash. */
const gitName = (entry: TreeEntry): string => (entry.mode === 0o40000 ? `${entry.name}/` : entry.name);

function treeId(entries: readonly TreeEntry[]): TreeId {
  const sorted = [...entries].sort((a, b) => (gitName(a) < gitName(b) ? -1 : 1));
  const body = sorted.map((entry) =>
    Buffer.concat([
      Buffer.from(`${entry.mode.toString(8)} ${entry.name}\0`, 'latin1'),
      Buffer.from(entry.oid, 'hex'),
    ]),
  );
  return objectId('tree', Buffer.concat(body)) as TreeId;
}
