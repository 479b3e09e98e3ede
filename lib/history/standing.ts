import type { Entry, ObjectStore } from '../ports/objects.ts';
import { byCodeUnit } from '../terms/ids.ts';
import { createStandingTree, type StandingTree, type WrittenTree } from '../trees/standing-tree.ts';
import { isWithin } from '../trees/tree-metadata.ts';
import { type Owners, withOwner } from './owners.ts';
import type { Found, Present } from './scan-directory.ts';

/** A tree that is brought up to the next look instead of being written anew. */
export interface Standing {
  readonly image: string;
  readonly tree: StandingTree;
  readonly written: WrittenTree;
  readonly leaders: Leaders;
}

/** By path the first name of the same file, of all that have several. */
type Leaders = ReadonlyMap<string, string>;

/** What a look found: all of it, what of that is not proven to be as it was, and the paths of what is gone. */
export interface Sight {
  readonly present: readonly Present[];
  readonly news: readonly Present[];
  readonly gone: readonly string[];
}

export interface StandingOptions {
  readonly objects: ObjectStore;
  /** Of the last look; undefined: there is none to go on from. */
  readonly standing: Standing | undefined;
  /** What the last look saw, by path. */
  readonly seen: ReadonlyMap<string, Present>;
  /** Whether the standing tree is brought up to what was found; otherwise it stays as it is. */
  readonly renews: boolean;
  /** Where D is, relative and raw. */
  readonly image: string;
  readonly owners: Owners;
}

export interface StandingWritten extends WrittenTree {
  /** To go on from; undefined where the next look cannot. */
  readonly standing: Standing | undefined;
}

/** Writes the tree of what was found: of what became otherwise, where the last look's stands, else of all. */
export function standingTree(options: StandingOptions, sight: Sight): StandingWritten {
  const { standing, seen, image, owners } = options;
  // Owners stand in a file of their own, and nothing tells which of them are news.
  if (standing === undefined || standing.image !== image || owners.size > 0) return writeAnew(options, sight);
  const { present, news, gone } = sight;
  const hasSeveralNames = (item: Found | undefined): boolean => item !== undefined && item.nlink > 1;
  const isRegrouped =
    gone.some((path) => hasSeveralNames(seen.get(path))) ||
    news.some((item) => hasSeveralNames(item) || hasSeveralNames(seen.get(item.path)));
  const leaders = isRegrouped ? leadersOf(present, image) : standing.leaders;
  const isOther = (item: Present): boolean =>
    !isSameEntry(seen.get(item.path), item) || standing.leaders.get(item.path) !== leaders.get(item.path);
  const others = (isRegrouped ? present : news).filter(isOther);
  if (others.length === 0 && gone.length === 0) return { ...standing.written, standing };
  if (!options.renews) return writeAnew(options, sight);
  const { tree } = standing;
  const { objects } = options;
  for (const path of gone) tree.delete(path);
  for (const item of others) tree.set(objects, entryOf(item, leaders));
  const written = tree.write(objects);
  return { ...written, standing: { image, tree, written, leaders } };
}

function writeAnew(options: StandingOptions, { present }: Sight): StandingWritten {
  const { objects, image, owners, renews } = options;
  const leaders = leadersOf(present, image);
  const tree = createStandingTree(image);
  for (const item of present) tree.set(objects, withOwner(entryOf(item, leaders), owners));
  const written = tree.write(objects);
  const isKept = renews && owners.size === 0;
  return { ...written, standing: isKept ? { image, tree, written, leaders } : undefined };
}

function isSameEntry(seen: Present | undefined, item: Present): boolean {
  return (
    seen !== undefined &&
    seen.kind === item.kind &&
    seen.mode === item.mode &&
    seen.oid === item.oid &&
    seen.xattrs === item.xattrs
  );
}

/** Says in terms of trees what was found; names of one file are tied together. */
function entryOf({ path, kind, mode, oid, xattrs }: Present, leaders: Leaders): Entry {
  const leader = leaders.get(path);
  const entry: { -readonly [Key in keyof Entry]: Entry[Key] } = { path, kind, mode };
  if (oid !== undefined) entry.oid = oid;
  if (xattrs !== undefined) entry.xattrs = xattrs;
  if (leader !== undefined && leader !== path) entry.hardlinkTo = leader;
  return entry;
}

/** The first name leads, of those in the image if there are any, since the image must stand alone. */
function leadersOf(present: readonly Present[], image: string): Leaders {
  const groups = new Map<string, string[]>();
  for (const { path, kind, nlink, dev, ino } of present) {
    if (kind === 'dir' || nlink < 2) continue;
    const key = `${dev} ${ino}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [path]);
    else group.push(path);
  }
  const leaders = new Map<string, string>();
  for (const group of groups.values()) {
    const sorted = group.toSorted(byCodeUnit);
    const leader = sorted.find((path) => isWithin(image, path)) ?? sorted[0];
    if (leader !== undefined) for (const path of group) leaders.set(path, leader);
  }
  return leaders;
}
