/** Takes objects into a new repository from where nothing can be trusted. */
import { join } from 'node:path';
import type { BlobSource, TreeEntry } from '../ports/objects.ts';
import type { FileSystem } from '../ports/world.ts';
import { GIT_MODE } from '../terms/git-mode.ts';
import type { ObjectId } from '../terms/ids.ts';
import { objectId } from '../trees/object-id.ts';
import { encodeRaw } from '../trees/raw-text.ts';
import { ATTRIBUTES_LIMIT, isAttributesName, refusedAttributes, storedName } from '../trees/stored-name.ts';
import { Damage } from './damage.ts';
import { encodeTree, inTreeOrder, parseCommit, parseTree } from './object-format.ts';
import type { TypedObject } from './objects-in-order.ts';
import { openRawObjects } from './raw-objects.ts';
import { createWriteBatch } from './write-batch.ts';

export interface ObjectReceiver {
  /** Takes an object whose id is promised, after all that it leads to; a {@link Damage} where it is not as it must be. */
  take(object: TypedObject, body: Buffer): void;
  /** The same for a blob that is not in memory as a whole. */
  takeLarge(oid: ObjectId, source: BlobSource): void;
  typeOf(oid: ObjectId): TypedObject['type'] | undefined;
  /** Writes what is not written yet. */
  finish(): void;
  discard(): void;
}

/** What a tree unfolds to: a few trees that name each other often would fill any disk. */
const MOST_ENTRIES = 20_000_000;
/** What is kept in mind of each must fit into memory. */
const MOST_OBJECTS = 5_000_000;
/** Longest paths that a kernel takes are of 4096 bytes: 2048 names. */
const DEEPEST = 2048;

const MODES: ReadonlyMap<number, TypedObject['type'] | 'elsewhere'> = new Map([
  [GIT_MODE.file, 'blob'],
  [GIT_MODE.program, 'blob'],
  [GIT_MODE.link, 'blob'],
  [GIT_MODE.directory, 'tree'],
  [GIT_MODE.commit, 'elsewhere'],
]);

interface Known {
  readonly type: TypedObject['type'];
  /** Entries below, all together, and how deep they lie. */
  readonly entries: number;
  readonly depth: number;
  /** Git refuses this content under the name of an attributes file. */
  readonly noAttributes?: true;
}

/**
 * Opens a receiver on a repository that nobody uses yet; `gitlinks`: its trees may name commits of others; `shallow`: of
 * these commits the parents do not come.
 */
export function receiveObjects(
  fs: FileSystem,
  gitDir: string,
  options: { readonly gitlinks: boolean; readonly shallow: ReadonlySet<ObjectId> },
): ObjectReceiver {
  const objectsDir = join(gitDir, 'objects');
  const raw = openRawObjects(fs, objectsDir);
  const batch = createWriteBatch(fs, { packDir: join(objectsDir, 'pack') });
  const known = new Map<ObjectId, Known>();
  return {
    take: ({ oid, type }, body) => {
      if (known.size >= MOST_OBJECTS) throw new Damage(`it holds more than ${MOST_OBJECTS} objects`);
      if (objectId(type, body) !== oid) throw wrongContent(oid);
      if (known.has(oid)) throw new Damage(`it holds object ${oid.slice(0, 12)} twice`);
      known.set(oid, check({ known, ...options }, { oid, type }, body));
      batch.add({ oid, type, body });
    },
    takeLarge: (oid, source) => {
      if (raw.writeLarge(source) !== oid) throw wrongContent(oid);
      known.set(oid, { ...LEAF, noAttributes: true });
    },
    typeOf: (oid) => known.get(oid)?.type,
    finish: () => {
      for (const { type, body } of batch.finish()) raw.write(type, body);
    },
    discard: () => batch.discard(),
  };
}

const wrongContent = (oid: string): Damage =>
  new Damage(`object ${oid.slice(0, 12)} is not what its name says`);

const LEAF: Known = { type: 'blob', entries: 0, depth: 0 };

interface Receiving {
  readonly known: ReadonlyMap<ObjectId, Known>;
  readonly gitlinks: boolean;
  readonly shallow: ReadonlySet<ObjectId>;
}

function check(to: Receiving, { oid, type }: TypedObject, body: Buffer): Known {
  switch (type) {
    case 'blob':
      return body.length > ATTRIBUTES_LIMIT || refusedAttributes(body)
        ? { ...LEAF, noAttributes: true }
        : LEAF;
    case 'tree':
      return checkTree(to, oid, body);
    case 'commit': {
      const { tree, parents } = parseCommit(body);
      need(to, tree, { in: oid, type: 'tree' });
      for (const parent of to.shallow.has(oid) ? [] : parents) need(to, parent, { in: oid, type });
      return { type, entries: 0, depth: 0 };
    }
    default:
      return type satisfies never;
  }
}

function need(
  to: Receiving,
  oid: ObjectId,
  by: { readonly in: ObjectId; readonly type: TypedObject['type'] },
): Known {
  const found = to.known.get(oid);
  if (found?.type === by.type) return found;
  throw new Damage(
    `object ${by.in.slice(0, 12)} needs ${by.type} ${oid.slice(0, 12)}, which does not come before it`,
  );
}

/** A tree as git and varve write them: sorted, no name twice, none that git refuses, and not without end. */
function checkTree(to: Receiving, oid: ObjectId, body: Buffer): Known {
  const entries = parseTree(body);
  const isSorted = encodeTree(inTreeOrder(entries)).equals(body);
  if (!isSorted || new Set(entries.map(({ name }) => name)).size < entries.length)
    throw new Damage(`tree ${oid.slice(0, 12)} is not as git writes trees`);
  let [count, depth] = [entries.length, 0];
  for (const entry of entries) {
    const below = checkEntry(to, oid, entry);
    count += below.entries;
    depth = Math.max(depth, below.depth);
  }
  if (count > MOST_ENTRIES || depth >= DEEPEST)
    throw new Damage(`tree ${oid.slice(0, 12)} unfolds to more than any WORKDIR holds`);
  return { type: 'tree', entries: count, depth: depth + 1 };
}

function checkEntry(to: Receiving, tree: ObjectId, { mode, name, oid }: TreeEntry): Known {
  const type = MODES.get(mode);
  const kind = mode === GIT_MODE.directory ? 'dir' : mode === GIT_MODE.link ? 'symlink' : 'file';
  const isRefused = storedName(name, kind) !== name && !name.startsWith('varve%');
  const refused = (): Damage =>
    new Damage(`tree ${tree.slice(0, 12)} holds "${encodeRaw(name)}" of mode ${mode.toString(8)}`);
  if (type === undefined || isRefused || (type === 'elsewhere' && !to.gitlinks)) throw refused();
  if (type === 'elsewhere') return { type: 'commit', entries: 0, depth: 0 };
  const found = need(to, oid, { in: tree, type });
  if (found.noAttributes === true && kind === 'file' && isAttributesName(name)) throw refused();
  return found;
}
