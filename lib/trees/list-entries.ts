import type { Entry, ObjectStore, TreeEntry } from '../ports/objects.ts';
import { GIT_MODE } from '../terms/git-mode.ts';
import { byCodeUnit, type ObjectId, type TreeId } from '../terms/ids.ts';
import { VarveError } from '../terms/varve-error.ts';
import { encodeRaw } from './raw-text.ts';
import {
  type Facts,
  inside,
  isWithin,
  METADATA_DIR,
  readMetadata,
  standsByFacts,
  type TreeMetadata,
} from './tree-metadata.ts';

export interface ListOptions {
  /** Only what stands at this path (raw, true names) and below it. */
  readonly under?: string;
}

/**
 * Lists what a WORKDIR's or an artifact's tree holds, with all that its metadata says: true names,
 * sorted by bytes, directories included, metadata itself left out.
 */
export function listEntries(objects: ObjectStore, tree: TreeId, options: ListOptions = {}): readonly Entry[] {
  const under = options.under ?? '';
  const metadata = readMetadata(objects, tree);
  const entries = new Map<string, Entry>();
  const start =
    under === ''
      ? { mode: GIT_MODE.directory, name: '', oid: tree as ObjectId }
      : findEntry(objects, { tree, metadata }, under);
  if (start !== undefined) collect({ objects, metadata, entries }, start, under);
  for (const [path, fact] of metadata.facts) {
    if (path !== '' && isWithin(under, path)) addFacts(entries, { path, fact, under });
  }
  for (const entry of entries.values()) checkLink(entries, entry, under);
  return [...entries.values()].toSorted((a, b) => byCodeUnit(a.path, b.path));
}

/** Finds the tree entry at a path of true names. */
export function findEntry(
  objects: ObjectStore,
  where: { readonly tree: TreeId; readonly metadata: TreeMetadata },
  path: string,
): TreeEntry | undefined {
  let found: TreeEntry = { mode: GIT_MODE.directory, name: '', oid: where.tree };
  let parent = '';
  for (const name of path.split('/')) {
    if (found.mode !== GIT_MODE.directory) return undefined;
    const next = visible(objects.readTree(found.oid), parent).find(
      (entry) => trueName(where.metadata, parent, entry) === name,
    );
    if (next === undefined) return undefined;
    found = next;
    parent = inside(parent, name);
  }
  return found;
}

/** Finds what stands at a path of true names, with all that the metadata says of it. */
export function entryAt(
  objects: ObjectStore,
  where: { readonly tree: TreeId; readonly metadata: TreeMetadata },
  path: string,
): Entry | undefined {
  const { facts } = where.metadata;
  const fact = facts.get(path);
  const found = findEntry(objects, where, path);
  if (found !== undefined) return withFacts(plainEntry(path, found), fact);
  if (fact?.type === 'fifo') return withFacts({ path, kind: 'fifo', mode: 0o644 }, fact);
  const isDirectory = [...facts].some(([each, fact]) => standsByFacts(fact) && isWithin(path, each));
  return isDirectory ? withFacts({ path, kind: 'dir', mode: 0o755 }, fact) : undefined;
}

/** The true name of a tree entry in the directory `parent` (true path). */
export function trueName(metadata: TreeMetadata, parent: string, entry: TreeEntry): string {
  return metadata.trueNames.size === 0
    ? entry.name
    : (metadata.trueNames.get(inside(parent, entry.name)) ?? entry.name);
}

/** The entries of one directory without the tree's own metadata. */
export function visible(entries: readonly TreeEntry[], parent: string): readonly TreeEntry[] {
  return parent === '' ? entries.filter((entry) => entry.name !== METADATA_DIR) : entries;
}

/** Makes an entry of what the tree says; the metadata is not yet heard. */
export function plainEntry(path: string, entry: TreeEntry): Entry {
  switch (entry.mode) {
    case GIT_MODE.directory:
      return { path, kind: 'dir', mode: 0o755 };
    case GIT_MODE.link:
      return { path, kind: 'symlink', mode: 0o777, oid: entry.oid };
    case GIT_MODE.commit:
      return { path, kind: 'dir', mode: 0o755 };
    default:
      return { path, kind: 'file', mode: entry.mode === GIT_MODE.program ? 0o755 : 0o644, oid: entry.oid };
  }
}

/** An entry with what the metadata says of it. */
export function withFacts(entry: Entry, fact: Facts | undefined): Entry {
  if (fact === undefined) return entry;
  return {
    ...entry,
    mode: entry.kind === 'symlink' ? entry.mode : (fact.mode ?? entry.mode),
    ...(fact.hardlink !== undefined && { hardlinkTo: fact.hardlink }),
    ...(fact.uid !== undefined && { uid: fact.uid }),
    ...(fact.gid !== undefined && { gid: fact.gid }),
    ...(fact.xattrs !== undefined && { xattrs: fact.xattrs }),
  };
}

interface Collecting {
  readonly objects: ObjectStore;
  readonly metadata: TreeMetadata;
  readonly entries: Map<string, Entry>;
}

function collect(to: Collecting, entry: TreeEntry, path: string): void {
  if (path !== '') {
    if (to.entries.has(path)) throw contradiction(path);
    to.entries.set(path, plainEntry(path, entry));
  }
  if (entry.mode !== GIT_MODE.directory) return;
  for (const child of visible(to.objects.readTree(entry.oid), path)) {
    collect(to, child, inside(path, trueName(to.metadata, path, child)));
  }
}

/** Applies facts to an entry; directories and fifos may exist by their facts alone. */
function addFacts(
  entries: Map<string, Entry>,
  at: { readonly path: string; readonly fact: Facts; readonly under: string },
): void {
  const { path, fact } = at;
  const known = entries.get(path);
  if (known !== undefined) {
    entries.set(path, withFacts(known, fact));
    return;
  }
  if (fact.type !== 'dir' && fact.type !== 'fifo') return;
  addParents(entries, path, at.under);
  entries.set(path, withFacts({ path, kind: fact.type, mode: fact.type === 'dir' ? 0o755 : 0o644 }, fact));
}

/** A hardlink must lead to a file of the tree: by way of a symbolic link it could reach any file there is. */
function checkLink(entries: ReadonlyMap<string, Entry>, entry: Entry, under: string): void {
  if (entry.hardlinkTo === undefined || !isWithin(under, entry.hardlinkTo)) return;
  const leader = entries.get(entry.hardlinkTo);
  const fits =
    leader !== undefined &&
    leader.kind === entry.kind &&
    leader.oid === entry.oid &&
    leader.hardlinkTo === undefined;
  if (!fits || entry.kind === 'dir') throw contradiction(entry.path);
}

function addParents(entries: Map<string, Entry>, path: string, under: string): void {
  for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
    const parent = path.slice(0, slash);
    if (!isWithin(under, parent)) return;
    const known = entries.get(parent);
    if (known === undefined) entries.set(parent, { path: parent, kind: 'dir', mode: 0o755 });
    else if (known.kind !== 'dir') throw contradiction(parent);
  }
}

/** The error for a tree that says otherwise than its metadata. */
export function contradiction(path: string): VarveError {
  return new VarveError('task', `the tree and its metadata contradict each other at ${encodeRaw(path)}`);
}
