import type { Entry, ObjectStore, TreeEntry } from '../ports/objects.ts';
import { GIT_MODE } from '../terms/git-mode.ts';
import { byCodeUnit, type ObjectId, type TreeId } from '../terms/ids.ts';
import { findEntry, plainEntry, trueName, visible, withFacts } from './list-entries.ts';
import {
  type Facts,
  inside,
  isWithin,
  readMetadata,
  standsByFacts,
  type TreeMetadata,
} from './tree-metadata.ts';

/** One end of a change. */
export interface Side {
  readonly kind: Entry['kind'];
  /** The whole st_mode: type and permission bits. */
  readonly mode: number;
  readonly oid?: ObjectId;
  readonly hardlinkTo?: string;
  /** Owners, where they are recorded; absent: 0:0. */
  readonly uid?: number;
  readonly gid?: number;
  readonly xattrs?: string;
}

export type Change =
  | { readonly status: 'A'; readonly path: string; readonly to: Side }
  | { readonly status: 'D'; readonly path: string; readonly from: Side }
  /** M: content or mode; T: another type. */
  | { readonly status: 'M' | 'T'; readonly path: string; readonly from: Side; readonly to: Side };

export interface CompareOptions {
  /** Only changes at this path (raw, true names) and below it. */
  readonly under?: string;
}

interface Ends {
  /** Undefined compares with nothing: everything was added. */
  readonly from: TreeId | undefined;
  readonly to: TreeId | undefined;
}

/** Lists what differs between two trees, by true path in byte order. */
export function compareTrees(
  objects: ObjectStore,
  ends: Ends,
  options: CompareOptions = {},
): readonly Change[] {
  const changes: Change[] = [];
  visitChanges(objects, { ...ends, ...options }, { change: (each) => changes.push(each) });
  return changes.toSorted((a, b) => byCodeUnit(a.path, b.path));
}

/** Who is told what differs. */
export interface Told {
  change(change: Change): void;
  /**
   * A directory that came or went whole, and of which the metadata says nothing, as it stands in the store; who leaves this
   * out is told each file of it.
   */
  whole?(status: 'A' | 'D', tree: ObjectId): void;
}

/**
 * Tells what differs between two trees, in no order. Costs what differs: equal subtrees are not read. Directories appear
 * only where the metadata tells of them (empty ones, modes).
 */
export function visitChanges(objects: ObjectStore, ends: Ends & CompareOptions, told: Told): void {
  if (ends.from === ends.to) return;
  const under = ends.under ?? '';
  const [from, to] = [viewOf(objects, ends.from), viewOf(objects, ends.to)];
  const met = new Set<string>();
  const meet = ({ path, a, b }: Pair): void => {
    const found = change(path, sideOf(from, path, a), sideOf(to, path, b));
    if (found !== undefined) told.change(found);
    if (from.metadata.facts.has(path) || to.metadata.facts.has(path)) met.add(path);
  };
  walk({ from, to, under }, { path: '', a: root(from), b: root(to) }, { meet, whole: told.whole });
  for (const path of differingFacts(from, to)) {
    if (path === '' || met.has(path) || !isWithin(under, path)) continue;
    const found = change(path, sideOf(from, path, entryAt(from, path)), sideOf(to, path, entryAt(to, path)));
    if (found !== undefined) told.change(found);
  }
}

/** One of the two trees, with what is needed to look into it. */
interface View {
  readonly objects: ObjectStore;
  readonly tree: TreeId | undefined;
  readonly metadata: TreeMetadata;
  /** Directories that stand only by what the metadata says to be in them. */
  readonly parents: () => ReadonlySet<string>;
  /** Directories below which the metadata says anything. */
  readonly spoken: () => ReadonlySet<string>;
}

function viewOf(objects: ObjectStore, tree: TreeId | undefined): View {
  const metadata =
    tree === undefined ? { image: '', facts: new Map(), trueNames: new Map() } : readMetadata(objects, tree);
  const { facts } = metadata;
  let parents: ReadonlySet<string> | undefined;
  let spoken: ReadonlySet<string> | undefined;
  return {
    objects,
    tree,
    metadata,
    parents: () =>
      (parents ??= parentsOf([...facts].flatMap(([path, fact]) => (standsByFacts(fact) ? [path] : [])))),
    spoken: () => (spoken ??= parentsOf(facts.keys())),
  };
}

function parentsOf(paths: Iterable<string>): ReadonlySet<string> {
  const parents = new Set<string>();
  for (const path of paths)
    for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1))
      parents.add(path.slice(0, slash));
  return parents;
}

/** What stands at one true path, on both sides. */
interface Pair {
  readonly path: string;
  readonly a: TreeEntry | undefined;
  readonly b: TreeEntry | undefined;
}

interface Views {
  readonly from: View;
  readonly to: View;
  readonly under: string;
}

function root({ tree }: View): TreeEntry | undefined {
  return tree === undefined ? undefined : { name: '', mode: GIT_MODE.directory, oid: tree };
}

/** What becomes of what a walk comes to. */
interface Walker {
  meet(pair: Pair): void;
  readonly whole: Told['whole'];
}

/** Meets each path where one side has something else than a directory, and the sides differ. */
function walk(ends: Views, pair: Pair, walker: Walker): void {
  const { path, a, b } = pair;
  const whole = walker.whole && wholeDirectory(ends, pair);
  if (whole !== undefined) return walker.whole?.(a === undefined ? 'A' : 'D', whole);
  const isLeaf = (entry: TreeEntry | undefined): boolean =>
    entry !== undefined && entry.mode !== GIT_MODE.directory;
  if ((isLeaf(a) || isLeaf(b)) && isWithin(ends.under, path)) walker.meet(pair);
  const old = childrenOf(ends.from, a, path);
  const now = childrenOf(ends.to, b, path);
  const isWanted = (child: string): boolean => isWithin(ends.under, child) || isWithin(child, ends.under);
  for (const [name, entry] of old) {
    const other = now.get(name);
    // Most are the same: of them not even a path is made.
    if (entry.oid === other?.oid && entry.mode === other.mode) continue;
    const child = inside(path, name);
    if (isWanted(child)) walk(ends, { path: child, a: entry, b: other }, walker);
  }
  for (const [name, entry] of now) {
    const child = inside(path, name);
    if (!old.has(name) && isWanted(child)) walk(ends, { path: child, a: undefined, b: entry }, walker);
  }
}

/** A directory that stands on one side only, and that is what its trees say: nothing of it is told by metadata. */
function wholeDirectory({ from, to, under }: Views, { path, a, b }: Pair): ObjectId | undefined {
  if (path === '' || (a !== undefined && b !== undefined) || !isWithin(under, path)) return undefined;
  const only = a ?? b;
  const isSpoken = from.spoken().has(path) || to.spoken().has(path);
  return only?.mode === GIT_MODE.directory && !isSpoken ? only.oid : undefined;
}

const NOTHING: ReadonlyMap<string, TreeEntry> = new Map();

/** What is in a directory, by true name. */
function childrenOf(view: View, entry: TreeEntry | undefined, path: string): ReadonlyMap<string, TreeEntry> {
  if (entry?.mode !== GIT_MODE.directory) return NOTHING;
  const children = new Map<string, TreeEntry>();
  for (const child of visible(view.objects.readTree(entry.oid), path))
    children.set(trueName(view.metadata, path, child), child);
  return children;
}

function entryAt({ objects, tree, metadata }: View, path: string): TreeEntry | undefined {
  return tree === undefined ? undefined : findEntry(objects, { tree, metadata }, path);
}

function differingFacts(from: View, to: View): readonly string[] {
  const paths = new Set([...from.metadata.facts.keys(), ...to.metadata.facts.keys()]);
  return [...paths].filter((path) => !sameFacts(from.metadata.facts.get(path), to.metadata.facts.get(path)));
}

function sameFacts(a: Facts | undefined, b: Facts | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return (
    a.type === b.type &&
    a.mode === b.mode &&
    a.hardlink === b.hardlink &&
    a.uid === b.uid &&
    a.gid === b.gid &&
    a.xattrs === b.xattrs
  );
}

/** An end of a change, and whether it is a directory that only its contents speak of. */
interface FoundSide {
  readonly side: Side;
  readonly implied: boolean;
}

function sideOf(view: View, path: string, entry: TreeEntry | undefined): FoundSide | undefined {
  const fact = view.metadata.facts.get(path);
  const plain = entry === undefined ? madeOfFacts(view, path, fact) : plainEntry(path, entry);
  if (plain === undefined) return undefined;
  const known = fact === undefined ? plain : withFacts(plain, fact);
  const { kind, mode, oid } = known;
  // Member by member: there may be a hundred thousand of them.
  const side: Mutable<Side> = oid === undefined ? { kind, mode } : { kind, mode, oid };
  side.mode |= typeBits(kind);
  if (known.hardlinkTo !== undefined) side.hardlinkTo = known.hardlinkTo;
  if (known.uid !== undefined) side.uid = known.uid;
  if (known.gid !== undefined) side.gid = known.gid;
  if (known.xattrs !== undefined) side.xattrs = known.xattrs;
  const hasContent = (): boolean => entry !== undefined || view.parents().has(path);
  return { side, implied: kind === 'dir' && isOrdinary(fact) && hasContent() };
}

/** Nothing but a name is told of it, or that it is D. */
function isOrdinary(fact: Facts | undefined): boolean {
  return fact === undefined || (fact.mode ?? fact.uid ?? fact.gid ?? fact.xattrs) === undefined;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** What stands at a path that has no entry in the tree: an empty directory, a fifo, or a parent of such. */
function madeOfFacts(view: View, path: string, fact: Facts | undefined): Entry | undefined {
  if (fact?.type === 'fifo') return { path, kind: 'fifo', mode: 0o644 };
  return fact?.type === 'dir' || view.parents().has(path) ? { path, kind: 'dir', mode: 0o755 } : undefined;
}

function typeBits(kind: Entry['kind']): number {
  switch (kind) {
    case 'file':
      return 0o100000;
    case 'dir':
      return 0o40000;
    case 'symlink':
      return 0o120000;
    case 'fifo':
      return 0o10000;
    default:
      return kind satisfies never;
  }
}

function change(path: string, from: FoundSide | undefined, to: FoundSide | undefined): Change | undefined {
  const a = from?.implied && to?.side.kind !== 'dir' ? undefined : from?.side;
  const b = to?.implied && from?.side.kind !== 'dir' ? undefined : to?.side;
  if (a === undefined) return b && { status: 'A', path, to: b };
  if (b === undefined) return { status: 'D', path, from: a };
  if (a.kind !== b.kind) return { status: 'T', path, from: a, to: b };
  const same =
    a.mode === b.mode &&
    a.oid === b.oid &&
    a.hardlinkTo === b.hardlinkTo &&
    (a.uid ?? 0) === (b.uid ?? 0) &&
    (a.gid ?? 0) === (b.gid ?? 0) &&
    a.xattrs === b.xattrs;
  return same ? undefined : { status: 'M', path, from: a, to: b };
}
