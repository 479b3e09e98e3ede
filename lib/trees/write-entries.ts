import type { Entry, ObjectStore, TreeEntry } from '../ports/objects.ts';
import type { ObjectId, TreeId } from '../terms/ids.ts';
import {
  ATTRIBUTES_LIMIT,
  escapedName,
  isAttributesName,
  refusedAttributes,
  storedName,
} from './stored-name.ts';
import {
  below,
  DEFAULT_IMAGE,
  type Facts,
  formatFacts,
  inside,
  isWithin,
  METADATA_DIR,
} from './tree-metadata.ts';

export interface WriteOptions {
  /** Where the image stands, relative and raw; default `image`. */
  readonly image?: string;
  /** Directories that are in the store already, as an earlier call answered: what is in them is not written again. */
  readonly before?: WrittenDirectories;
}

/** By stored path what stands in a directory, and the tree that says so. */
export type WrittenDirectories = ReadonlyMap<
  string,
  { readonly entries: readonly TreeEntry[]; readonly tree: TreeId }
>;

/** A tree written from entries, and under which names its files are stored there. */
export interface WrittenTree {
  readonly tree: TreeId;
  /** Stored path by true path, of everything whose stored path is another. */
  readonly storedPaths: ReadonlyMap<string, string>;
  readonly directories: WrittenDirectories;
}

/**
 * Writes the tree that holds exactly these entries: the inverse of `listEntries`. Every directory
 * must be among the entries, before what it holds (sorting by bytes does that); contents are already in the store.
 */
export function writeEntries(
  objects: ObjectStore,
  entries: readonly Entry[],
  options: WriteOptions = {},
): WrittenTree {
  const image = options.image ?? DEFAULT_IMAGE;
  const root: Directory = { stored: '', children: [], entry: undefined };
  const writing: Writing = {
    objects,
    image,
    facts: new Map(),
    storedPaths: new Map(),
    directories: new Map([['', root]]),
    before: options.before ?? new Map(),
    written: new Map(),
  };
  for (const entry of entries) place(writing, entry);
  noteDirectories(writing);
  const tree = writeDirectory(writing, root, metadataTree(writing));
  return { tree, storedPaths: writing.storedPaths, directories: writing.written };
}

interface Directory {
  /** Its path in stored names. */
  readonly stored: string;
  readonly entry: Entry | undefined;
  readonly children: (Directory | TreeEntry | 'fifo')[];
}

interface Writing {
  readonly objects: ObjectStore;
  readonly image: string;
  readonly facts: Map<string, Facts>;
  readonly storedPaths: Map<string, string>;
  readonly directories: Map<string, Directory>;
  readonly before: WrittenDirectories;
  readonly written: Map<string, { readonly entries: readonly TreeEntry[]; readonly tree: TreeId }>;
}

function place(writing: Writing, entry: Entry): void {
  const slash = entry.path.lastIndexOf('/');
  const parent = writing.directories.get(entry.path.slice(0, Math.max(slash, 0)));
  if (parent === undefined) throw new Error(`no directory for ${entry.path}`);
  const name = entry.path.slice(slash + 1);
  const stored = nameFor(writing, entry, name);
  const storedPath = inside(parent.stored, stored);
  if (storedPath !== entry.path) writing.storedPaths.set(entry.path, storedPath);
  if (entry.kind === 'dir') {
    const directory: Directory = { stored: storedPath, children: [], entry };
    writing.directories.set(entry.path, directory);
    parent.children.push(directory);
    return;
  }
  parent.children.push(
    entry.kind === 'fifo' ? 'fifo' : { name: stored, mode: gitMode(entry), oid: contentOf(entry) },
  );
  const facts = factsOf(entry, entry.kind === 'fifo' || stored === name ? undefined : stored);
  if (facts !== undefined) writing.facts.set(entry.path, facts);
}

function nameFor(writing: Writing, entry: Entry, name: string): string {
  if (entry.path === METADATA_DIR) return escapedName(name);
  const stored = storedName(name, entry.kind);
  if (stored !== name || entry.kind !== 'file' || !isAttributesName(name)) return stored;
  const { objects } = writing;
  const oid = contentOf(entry);
  const refused = objects.size(oid) > ATTRIBUTES_LIMIT || refusedAttributes(objects.readBlob(oid));
  return refused ? escapedName(name) : name;
}

/** The mode that git stores for a file or a link. */
export function gitMode(entry: { readonly kind: Entry['kind']; readonly mode: number }): number {
  if (entry.kind === 'symlink') return 0o120000;
  return (entry.mode & 0o100) === 0 ? 0o100644 : 0o100755;
}

function contentOf(entry: Entry): ObjectId {
  if (entry.oid === undefined) throw new Error(`no content for ${entry.path}`);
  return entry.oid;
}

const TYPES = { file: 'file', dir: 'dir', symlink: 'link', fifo: 'fifo' } as const;

function factsOf(entry: Entry, stored: string | undefined): Facts | undefined {
  const usual = entry.kind === 'dir' ? 0o755 : entry.kind === 'symlink' ? entry.mode : gitMode(entry) & 0o777;
  const odd = {
    ...((entry.kind === 'fifo' ? entry.mode !== 0o644 : entry.mode !== usual) && { mode: entry.mode }),
    ...(entry.uid !== undefined && entry.uid !== 0 && { uid: entry.uid }),
    ...(entry.gid !== undefined && entry.gid !== 0 && { gid: entry.gid }),
    ...(entry.hardlinkTo !== undefined && { hardlink: entry.hardlinkTo }),
    ...(stored !== undefined && { stored }),
  };
  return Object.keys(odd).length === 0 && entry.kind !== 'fifo'
    ? undefined
    : { type: TYPES[entry.kind], ...odd };
}

/** Notes directories that are empty, have an unusual mode, an escaped name or are D in another place than usual. */
function noteDirectories(writing: Writing): void {
  for (const [path, { entry, children, stored }] of writing.directories) {
    if (entry === undefined) continue;
    const name = path.slice(path.lastIndexOf('/') + 1);
    const storedAs = stored.slice(stored.lastIndexOf('/') + 1);
    const inTree = children.some((child) => child !== 'fifo' && (!isDirectory(child) || holdsContent(child)));
    const facts = factsOf(entry, inTree && storedAs !== name ? storedAs : undefined);
    if (facts !== undefined || children.length === 0) writing.facts.set(path, { type: 'dir', ...facts });
  }
}

function holdsContent(directory: Directory): boolean {
  return directory.children.some((child) => child !== 'fifo' && (!isDirectory(child) || holdsContent(child)));
}

function isDirectory(child: Directory | TreeEntry): child is Directory {
  return 'children' in child;
}

/** The `.varve` directory of the tree, where there is anything to say. */
function metadataTree(writing: Writing): TreeEntry | undefined {
  const { objects, image } = writing;
  const own = [...writing.facts].filter(([path]) => image !== '' && isWithin(image, path));
  const imageFacts = new Map(own.map(([path, fact]) => [below(image, path), belowImage(fact, image)]));
  const rest = new Map([...writing.facts].filter(([path]) => !isWithin(image, path)));
  if (image !== DEFAULT_IMAGE && writing.directories.has(image))
    rest.set(image, { type: 'dir', image: true });
  const entries = [
    ...blobEntry(objects, 'image', formatFacts(imageFacts)),
    ...blobEntry(objects, 'metadata', formatFacts(rest)),
  ];
  return entries.length === 0
    ? undefined
    : { name: METADATA_DIR, mode: 0o40000, oid: objects.writeTree(entries) };
}

/** Links within the image are told from D; a link out of it cannot be (see {@link Entry.hardlinkTo}). */
function belowImage(fact: Facts, image: string): Facts {
  if (fact.hardlink === undefined) return fact;
  if (!isWithin(image, fact.hardlink)) throw new Error(`hardlink out of the image to ${fact.hardlink}`);
  return { ...fact, hardlink: below(image, fact.hardlink) };
}

/** An entry of this name with this text, or none for no text. */
export function blobEntry(objects: ObjectStore, name: string, text: string): TreeEntry[] {
  return text === '' ? [] : [{ name, mode: 0o100644, oid: objects.writeBlob(Buffer.from(text, 'latin1')) }];
}

function writeDirectory(writing: Writing, directory: Directory, extra: TreeEntry | undefined): TreeId {
  const entries: TreeEntry[] = extra === undefined ? [] : [extra];
  for (const child of directory.children) {
    if (child === 'fifo') continue;
    if (!isDirectory(child)) entries.push(child);
    else if (holdsContent(child)) {
      const name = child.stored.slice(child.stored.lastIndexOf('/') + 1);
      entries.push({ name, mode: 0o40000, oid: writeDirectory(writing, child, undefined) });
    }
  }
  const before = writing.before.get(directory.stored);
  const isSame = before !== undefined && sameEntries(before.entries, entries);
  const tree = isSame ? before.tree : writing.objects.writeTree(entries);
  writing.written.set(directory.stored, { entries, tree });
  return tree;
}

function sameEntries(a: readonly TreeEntry[], b: readonly TreeEntry[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ name, mode, oid }, i) => {
      const other = b[i];
      return name === other?.name && oid === other.oid && mode === other.mode;
    })
  );
}
