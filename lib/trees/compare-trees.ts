import type { Entry, ObjectStore, TreeEntry } from '../ports/objects.ts';
import { byCodeUnit, type ObjectId, type TreeId } from '../terms/ids.ts';
import { findEntry, plainEntry, trueName, visible, withFacts } from './list-entries.ts';
import { type Facts, inside, isWithin, readMetadata, type TreeMetadata } from './tree-metadata.ts';

/** One end of a change. */
export interface Side {
  readonly kind: Entry['kind'];
  /** The whole st_mode: type and permission bits. */
  readonly mode: number;
  readonly oid?: ObjectId;
  readonly hardlinkTo?: string;
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

const DIRECTORY = 0o40000;

/**
 * Lists what differs between two trees, by true path in byte order. Costs what differs: equal
 * subtrees are not read. Directories appear only where the metadata tells of them (empty ones, modes).
 *
 * @param from undefined compares with nothing: everything was added
 */
export function compareTrees(
  objects: ObjectStore,
  ends: { readonly from: TreeId | undefined; readonly to: TreeId | undefined },
  options: CompareOptions = {},
): readonly Change[] {
  if (ends.from === ends.to) return [];
  const from = viewOf(objects, ends.from);
  const to = viewOf(objects, ends.to);
  const touched: Touched = new Map();
  walk({ objects, from, to, touched }, [root(from), root(to)]);
  for (const path of differingFacts(from, to)) if (!touched.has(path)) touched.set(path, undefined);
  return [...touched]
    .filter(([path]) => path !== '' && isWithin(options.under ?? '', path))
    .map(([path, found]) =>
      change(path, sideOf(from, path, found && found.from), sideOf(to, path, found && found.to)),
    )
    .filter((found) => found !== undefined)
    .toSorted((a, b) => byCodeUnit(a.path, b.path));
}

/** One of the two trees, with what is needed to look into it. */
interface View {
  readonly objects: ObjectStore;
  readonly tree: TreeId | undefined;
  readonly metadata: TreeMetadata;
}

/** Entries that the walk met, by true path; undefined where only metadata speaks of the path. */
type Touched = Map<string, { from?: TreeEntry; to?: TreeEntry } | undefined>;

interface Walk {
  readonly objects: ObjectStore;
  readonly from: View;
  readonly to: View;
  readonly touched: Touched;
}

interface Standing {
  readonly path: string;
  readonly entry: TreeEntry | undefined;
}

function viewOf(objects: ObjectStore, tree: TreeId | undefined): View {
  const metadata =
    tree === undefined ? { image: '', facts: new Map(), trueNames: new Map() } : readMetadata(objects, tree);
  return { objects, tree, metadata };
}

function root(view: View): Standing {
  return {
    path: '',
    entry: view.tree === undefined ? undefined : { name: '', mode: DIRECTORY, oid: view.tree },
  };
}

function walk(context: Walk, [a, b]: readonly [Standing, Standing]): void {
  if (a.entry?.oid === b.entry?.oid && a.entry?.mode === b.entry?.mode) return;
  if (a.entry !== undefined && a.entry.mode !== DIRECTORY) touch(context.touched, a, 'from');
  if (b.entry !== undefined && b.entry.mode !== DIRECTORY) touch(context.touched, b, 'to');
  const children = [childrenOf(context.objects, a), childrenOf(context.objects, b)] as const;
  for (const name of new Set([...children[0].keys(), ...children[1].keys()])) {
    walk(context, [
      standing(context.from, a, children[0].get(name)),
      standing(context.to, b, children[1].get(name)),
    ]);
  }
}

function standing(view: View, parent: Standing, entry: TreeEntry | undefined): Standing {
  return {
    entry,
    path: entry === undefined ? '' : inside(parent.path, trueName(view.metadata, parent.path, entry)),
  };
}

function childrenOf(objects: ObjectStore, at: Standing): ReadonlyMap<string, TreeEntry> {
  if (at.entry?.mode !== DIRECTORY) return new Map();
  return new Map(visible(objects.readTree(at.entry.oid), at.path).map((entry) => [entry.name, entry]));
}

function touch(touched: Touched, at: Standing, end: 'from' | 'to'): void {
  touched.set(at.path, { ...touched.get(at.path), ...(at.entry && { [end]: at.entry }) });
}

function differingFacts(from: View, to: View): readonly string[] {
  const paths = new Set([...from.metadata.facts.keys(), ...to.metadata.facts.keys()]);
  return [...paths].filter((path) => !sameFacts(from.metadata.facts.get(path), to.metadata.facts.get(path)));
}

function sameFacts(a: Facts | undefined, b: Facts | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return (
    a.type === b.type && a.mode === b.mode && a.hardlink === b.hardlink && a.uid === b.uid && a.gid === b.gid
  );
}

/** An end of a change, and whether it is a directory that only its contents speak of. */
interface FoundSide extends Side {
  readonly implied: boolean;
}

function sideOf(view: View, path: string, met: TreeEntry | undefined): FoundSide | undefined {
  if (view.tree === undefined) return undefined;
  const fact = view.metadata.facts.get(path);
  const entry = met ?? findEntry(view.objects, { tree: view.tree, metadata: view.metadata }, path);
  const plain = entry === undefined ? undefined : plainEntry(path, entry);
  const known = plain ?? madeOfFacts(view, path, fact);
  if (known === undefined) return undefined;
  const { kind, mode, oid, hardlinkTo } = withFacts(known, fact);
  const implied = kind === 'dir' && fact === undefined;
  return {
    kind,
    mode: typeBits(kind) | mode,
    implied,
    ...(oid && { oid }),
    ...(hardlinkTo !== undefined && { hardlinkTo }),
  };
}

/** What stands at a path that has no entry in the tree: an empty directory, a fifo, or a parent of such. */
function madeOfFacts(view: View, path: string, fact: Facts | undefined): Entry | undefined {
  if (fact?.type === 'fifo') return { path, kind: 'fifo', mode: 0o644 };
  const isParent = (): boolean =>
    [...view.metadata.facts].some(
      ([other, { type }]) => (type === 'dir' || type === 'fifo') && isWithin(path, other),
    );
  return fact?.type === 'dir' || isParent() ? { path, kind: 'dir', mode: 0o755 } : undefined;
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
  const a = from?.implied && to?.kind !== 'dir' ? undefined : from;
  const b = to?.implied && from?.kind !== 'dir' ? undefined : to;
  if (a === undefined) return b && { status: 'A', path, to: bare(b) };
  if (b === undefined) return { status: 'D', path, from: bare(a) };
  if (a.kind !== b.kind) return { status: 'T', path, from: bare(a), to: bare(b) };
  const same = a.mode === b.mode && a.oid === b.oid && a.hardlinkTo === b.hardlinkTo;
  return same ? undefined : { status: 'M', path, from: bare(a), to: bare(b) };
}

function bare({ kind, mode, oid, hardlinkTo }: FoundSide): Side {
  return { kind, mode, ...(oid && { oid }), ...(hardlinkTo !== undefined && { hardlinkTo }) };
}
