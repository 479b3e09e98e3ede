import { join } from 'node:path';
import type { BlobContent, Commit, ObjectStore, ObjectType, TreeEntry } from '../ports/objects.ts';
import type { FileSystem } from '../ports/world.ts';
import type { CommitId, ObjectId, TreeId } from '../terms/ids.ts';
import { damagedRepository } from './damaged-repository.ts';
import { encodeCommit, encodeTree, inTreeOrder, parseCommit, parseTree } from './object-format.ts';
import { type ObjectsOptions, openRawObjects } from './raw-objects.ts';
import { tellingDamage } from './telling-damage.ts';

/** Trees, and commits, kept parsed. */
const REMEMBERED = 4096;

/** Opens the objects of a repository: loose ones and packs, git's own included. Holds no file open. */
export function openObjectStore(fs: FileSystem, gitDir: string, options?: ObjectsOptions): ObjectStore {
  const objectsDir = join(gitDir, 'objects');
  const raw = openRawObjects(fs, objectsDir, options);
  const trees = new Map<ObjectId, readonly TreeEntry[]>();
  const commits = new Map<ObjectId, Commit>();

  const readTyped = (oid: ObjectId, type: ObjectType): Buffer => {
    const object = raw.read(oid);
    if (object.type !== type)
      throw damagedRepository(gitDir, `object ${oid.slice(0, 12)} is a ${object.type}, not a ${type}`);
    return object.body;
  };
  const parsed = <T>(oid: ObjectId, type: ObjectType, parse: (bytes: Buffer) => T): T => {
    const bytes = readTyped(oid, type);
    return tellingDamage(gitDir, oid, () => parse(bytes));
  };
  const remember = <T>(memory: Map<ObjectId, T>, oid: ObjectId, value: T): T => {
    if (memory.size >= REMEMBERED) memory.clear();
    memory.set(oid, value);
    return value;
  };
  const remembered = <T>(memory: Map<ObjectId, T>, oid: ObjectId, read: () => T): T =>
    memory.get(oid) ?? remember(memory, oid, read());
  return {
    has: (oid) => raw.has(oid),
    type: (oid) => raw.describe(oid).type,
    size: (oid) => raw.describe(oid).size,
    readBlob: (oid) => readTyped(oid, 'blob'),
    openBlob: (oid) => raw.content(oid) ?? contentOf(readTyped(oid, 'blob')),
    readTree: (oid, times) => {
      const read = (): readonly TreeEntry[] => parsed(oid, 'tree', parseTree);
      return times === 'once' ? (trees.get(oid) ?? read()) : remembered(trees, oid, read);
    },
    readCommit: (oid) => remembered(commits, oid, () => parsed(oid, 'commit', parseCommit)),
    writeBlob: (bytes) => raw.write('blob', bytes),
    writeBlobFrom: (source) => raw.writeLarge(source),
    writeTree: (entries) => {
      const ordered = inTreeOrder(entries);
      const oid = raw.write('tree', encodeTree(ordered)) as TreeId;
      remember(trees, oid, ordered);
      return oid;
    },
    writeCommit: (commit) => raw.write('commit', encodeCommit(commit)) as CommitId,
    batch: (work) => raw.batch(work),
  };
}

function contentOf(bytes: Buffer): BlobContent {
  return { size: bytes.length, pieces: () => [bytes] };
}
