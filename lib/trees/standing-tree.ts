import { isDeepStrictEqual } from 'node:util';
import type { Entry, ObjectStore, TreeEntry } from '../ports/objects.ts';
import { GIT_MODE } from '../terms/git-mode.ts';
import type { ObjectId, TreeId } from '../terms/ids.ts';
import { factsOf } from './facts-of.ts';
import { gitMode } from './git-mode.ts';
import {
  ATTRIBUTES_LIMIT,
  escapedName,
  isAttributesName,
  refusedAttributes,
  storedName,
} from './stored-name.ts';
import { type Facts, inside, lastName, METADATA_DIR, parentOf } from './tree-metadata.ts';
import { writeMetadata } from './write-metadata.ts';

/**
 * The tree of a directory, and what it takes to write the next one: told what became otherwise, it writes the
 * directories above that and no others.
 */
export interface StandingTree {
  /** Takes an entry in, or another one at the same path; its content is in the store, its directory was taken in before. */
  set(objects: ObjectStore, entry: Entry): void;
  /** Takes out what stands at a path, and all below it. */
  delete(path: string): void;
  /** Writes what became otherwise since it was written last, to whichever store. */
  write(objects: ObjectStore): WrittenTree;
}

/** A tree written from entries, and under which names its files are stored there. */
export interface WrittenTree {
  readonly tree: TreeId;
  /** Stored path by true path, of everything whose stored path is another. */
  readonly storedPaths: ReadonlyMap<string, string>;
}

interface Directory {
  readonly kind: 'dir';
  readonly path: string;
  /** Its path in stored names. */
  readonly stored: string;
  readonly above: Directory | undefined;
  /** Absent at the top. */
  entry?: Entry;
  /** By true name. */
  readonly children: Map<string, Child>;
  /** Whether what is in it is otherwise than written. */
  isStale: boolean;
  /** As last written; undefined: git has nothing to keep of it. */
  tree: TreeId | undefined;
}

type Child = Directory | { readonly kind: 'content'; readonly entry: TreeEntry } | { readonly kind: 'fifo' };

/**
 * A standing tree of nothing.
 *
 * @param image where the image stands, relative and raw
 */
export function createStandingTree(image: string): StandingTree {
  const top: Directory = {
    kind: 'dir',
    path: '',
    stored: '',
    above: undefined,
    children: new Map(),
    isStale: true,
    tree: undefined,
  };
  const directories = new Map([['', top]]);
  const storedPaths = new Map<string, string>();
  const facts = createFacts();
  let metadata: TreeEntry | undefined;
  let hadImage = false;

  const remove = (path: string): void => {
    const parent = directories.get(parentOf(path));
    const child = parent?.children.get(lastName(path));
    if (parent === undefined || child === undefined) return;
    if (child.kind === 'dir') {
      for (const name of child.children.keys()) remove(inside(path, name));
      directories.delete(path);
    }
    parent.children.delete(lastName(path));
    storedPaths.delete(path);
    facts.note(path, undefined);
    markStale(parent);
  };

  const set: StandingTree['set'] = (objects, entry) => {
    const { path } = entry;
    const parent = directories.get(parentOf(path));
    if (parent === undefined) throw new Error(`no directory for ${path}`);
    const name = lastName(path);
    const before = parent.children.get(name);
    markStale(parent);
    if (before?.kind === 'dir' && entry.kind === 'dir') {
      before.entry = entry;
      return markStale(before);
    }
    if (before?.kind === 'dir') remove(path);
    const storedAs = nameFor(objects, entry, name);
    const stored = inside(parent.stored, storedAs);
    if (stored === path) storedPaths.delete(path);
    else storedPaths.set(path, stored);
    if (entry.kind === 'dir') {
      const made = { path, stored, above: parent, entry, children: new Map<string, Child>() };
      const directory: Directory = { kind: 'dir', ...made, isStale: true, tree: undefined };
      directories.set(path, directory);
      parent.children.set(name, directory);
      return;
    }
    const isFifo = entry.kind === 'fifo';
    parent.children.set(
      name,
      isFifo ? { kind: 'fifo' } : { kind: 'content', entry: contentEntry(entry, storedAs) },
    );
    facts.note(path, factsOf(entry, isFifo || storedAs === name ? undefined : storedAs));
  };

  return {
    set,
    delete: remove,
    write: (objects) => {
      if (top.isStale) {
        const entries = childEntries(objects, facts, top);
        const isThere = directories.has(image);
        if (facts.takeStale() || isThere !== hadImage)
          metadata = writeMetadata(objects, facts.all, { path: image, isThere });
        hadImage = isThere;
        top.tree = objects.writeTree(metadata === undefined ? entries : [metadata, ...entries]);
        top.isStale = false;
      }
      return { tree: top.tree ?? objects.writeTree([]), storedPaths };
    },
  };
}

interface KnownFacts {
  readonly all: ReadonlyMap<string, Facts>;
  note(path: string, facts: Facts | undefined): void;
  /** Whether any became otherwise since last asked. */
  takeStale(): boolean;
}

function createFacts(): KnownFacts {
  const all = new Map<string, Facts>();
  let isStale = true;
  return {
    all,
    note: (path, facts) => {
      const known = all.get(path);
      if (known === facts || isDeepStrictEqual(known, facts)) return;
      isStale = true;
      if (facts === undefined) all.delete(path);
      else all.set(path, facts);
    },
    takeStale: () => {
      const was = isStale;
      isStale = false;
      return was;
    },
  };
}

function markStale(directory: Directory): void {
  for (let at: Directory | undefined = directory; at !== undefined && !at.isStale; at = at.above)
    at.isStale = true;
}

/** Writes what is stale below a directory, and notes what git cannot say of the directories there. */
function childEntries(objects: ObjectStore, facts: KnownFacts, directory: Directory): TreeEntry[] {
  const entries: TreeEntry[] = [];
  for (const child of directory.children.values()) {
    if (child.kind === 'fifo') continue;
    if (child.kind === 'content') {
      entries.push(child.entry);
      continue;
    }
    if (child.isStale) refresh(objects, facts, child);
    if (child.tree !== undefined)
      entries.push({ name: lastName(child.stored), mode: GIT_MODE.directory, oid: child.tree });
  }
  return entries;
}

function refresh(objects: ObjectStore, facts: KnownFacts, directory: Directory): void {
  const entries = childEntries(objects, facts, directory);
  directory.tree = entries.length === 0 ? undefined : objects.writeTree(entries);
  directory.isStale = false;
  if (directory.entry === undefined) return;
  const storedAs = lastName(directory.stored);
  const isEscaped = directory.tree !== undefined && storedAs !== lastName(directory.path);
  const odd = factsOf(directory.entry, isEscaped ? storedAs : undefined);
  facts.note(directory.path, odd ?? (directory.children.size === 0 ? { type: 'dir' } : undefined));
}

function nameFor(objects: ObjectStore, entry: Entry, name: string): string {
  if (entry.path === METADATA_DIR) return escapedName(name);
  const stored = storedName(name, entry.kind);
  if (stored !== name || entry.kind !== 'file' || !isAttributesName(name)) return stored;
  const oid = contentOf(entry);
  const refused = objects.size(oid) > ATTRIBUTES_LIMIT || refusedAttributes(objects.readBlob(oid));
  return refused ? escapedName(name) : name;
}

function contentEntry(entry: Entry, name: string): TreeEntry {
  return { name, mode: gitMode(entry), oid: contentOf(entry) };
}

function contentOf(entry: Entry): ObjectId {
  if (entry.oid === undefined) throw new Error(`no content for ${entry.path}`);
  return entry.oid;
}
