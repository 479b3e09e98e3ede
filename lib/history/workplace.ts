import type { Entry, ObjectStore } from '../ports/objects.ts';
import { byCodeUnit, type CommitId, type TreeId } from '../terms/ids.ts';
import { type Change, compareTrees } from '../trees/compare-trees.ts';
import { listEntries } from '../trees/list-entries.ts';
import { metadataBlobs } from '../trees/tree-metadata.ts';
import { adoptGiven, type GivenBack, type GivenByInode, type OwnedPlace } from './adopt-given.ts';
import { ifWhole } from './damaged-repository.ts';
import { discard } from './discard.ts';
import { isHalfMoved } from './half-moved.ts';
import { giveToFakeroot } from './give-to-fakeroot.ts';
import { hashOnly } from './hash-only.ts';
import { type Look, look, type LookOptions } from './look.ts';
import type { Materialised } from './materialise.ts';
import { readOwners, writeOwners, xattrsIn } from './owners.ts';
import { type RecordedPlace, restore } from './restore.ts';
import { isAsBefore, isSameMetadata, saveLook, seenNow } from './save-look.ts';
import type { Present, Unrecordable } from './scan-directory.ts';
import {
  isTimeKnown,
  openStatCache,
  raceBound,
  type Remembered,
  sinceSetBack,
  type StatCache,
} from './stat-cache.ts';
import { formatTimes, type Times } from './times.ts';

/** What is looked at and what is not. */
export interface Scope {
  /** Relative paths left alone, in the program's own strings: sysroots, temp. */
  readonly exclude: readonly string[];
  /** Where D is, relative. */
  readonly image: string;
}

export interface Snapshot {
  readonly tree: TreeId;
  /** Against the commit before, directories not counted. */
  readonly files: { readonly added: number; readonly modified: number; readonly deleted: number };
  /** Times of what was written since the last look: the note for the commit to come, '' for none. */
  readonly times: string;
  /** Raw paths of what is there now, and is new or another than in the commit before. */
  readonly changed: readonly string[];
  /** What no tree can hold, and is still there. */
  readonly special: readonly Unrecordable[];
  /** What else could not be recorded. */
  readonly warnings: readonly string[];
}

/** To whom things in the directory belong, as far as its disk does not show it. */
export interface OwnersHere {
  /** Opens what is closed, for a task under fakeroot; answers what that is to believe of it. */
  give(scope: Scope): GivenByInode;
  /** Takes over what a task under fakeroot gave to what is there; answers what of it is not recorded. */
  adopt(scope: Scope, given: GivenBack): readonly string[];
  /** Extended attributes that the disk refused, by path. */
  refused(): ReadonlyMap<string, string>;
  /** Takes those of a tree, which was put there by other means, with the extended attributes that were refused. */
  takeFrom(tree: TreeId, refused: ReadonlyMap<string, string>): void;
}

/** A directory whose states are recorded. */
export interface Workplace {
  /** Records the directory as a tree. */
  snapshot(scope: Scope, parent: CommitId | undefined): Snapshot;
  /** The tree of the directory where it is another than the commit says; looks, but writes nothing into the record. */
  changed(scope: Scope, commit: CommitId | undefined): TreeId | undefined;
  /** Makes the directory exactly what the commit says, times included. */
  checkout(commit: CommitId, scope: Scope): Materialised;
  /**
   * Whether the directory is what a checkout leaves that was cut off; undefined stands for an empty directory. Where it
   * went to may be lost.
   */
  isHalfMoved(
    scope: Scope,
    way: { readonly from: CommitId | undefined; readonly to: CommitId | undefined },
  ): boolean;
  readonly owners: OwnersHere;
  /** What is in the directory and no commit can hold. */
  unrecordable(scope: Scope): readonly Unrecordable[];
  /** Removes sockets and devices among what a snapshot found; answers a warning of each that was found. */
  discard(special: readonly Unrecordable[]): readonly string[];
  /** Takes the directory for empty from now on. */
  forget(scope: Scope): void;
}

export interface WorkplaceOptions extends RecordedPlace {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** The commit whose state, times included, the last look left or found there. */
  readonly standing: () => CommitId | undefined;
  /** Told after each look which true paths git would take for untracked. */
  readonly onHidden: (scope: Scope, paths: readonly string[]) => void;
}

/** Opens a directory whose states are recorded; its stat cache lies elsewhere. */
export function openWorkplace(options: WorkplaceOptions): Workplace {
  const { fs, objects, dir } = options;
  const kept = openStatCache(fs, options.cache);
  const lookAt = (scope: Scope, how: Pick<LookOptions, 'cache' | 'objects' | 'renews'>): Look => {
    const owners = readOwners(fs, options.cache.owners);
    const { xattrs } = options;
    return look({ fs, dir, owners, ...how, ...(xattrs && { xattrs }), ...scope });
  };
  // It writes nothing, so the file system is not asked for its time.
  const cacheNow = (): StatCache => sinceSetBack(kept.read(), BigInt(options.now()) * 1_000_000n);
  const glanceAt = (scope: Scope, cache = cacheNow()): Look =>
    lookAt(scope, { cache, objects: hashOnly(objects), renews: false });
  const treeOf = (commit: CommitId | undefined): TreeId | undefined =>
    commit === undefined ? undefined : objects.readCommit(commit).tree;
  return {
    snapshot: (scope, parent) => {
      const bound = raceBound(fs, options.cache);
      const cache = sinceSetBack(kept.take(), bound);
      const seen = lookAt(scope, { cache, objects, renews: true });
      const changes = compareTrees(objects, { from: treeOf(parent), to: seen.tree });
      const times = formatTimes(newTimes(seen, cache, changes));
      kept.keep(saveLook(options, { look: seen, cache, bound }));
      options.onHidden(scope, [...seen.storedPaths.keys()].toSorted(byCodeUnit));
      const changed = changes.filter(({ status }) => status !== 'D').map(({ path }) => path);
      const { tree, special, warnings } = seen;
      return { tree, files: countFiles(changes), times, changed, special, warnings };
    },
    changed: (scope, commit) => {
      const cache = cacheNow();
      const seen = glanceAt(scope, cache);
      const { tree } = seen;
      if (commit === undefined) return tree === hashOnly(objects).writeTree([]) ? undefined : tree;
      if (tree !== treeOf(commit)) return tree;
      // The first look of a process costs several times one that goes on from it.
      if (cache.seen.size === 0 && isProven(objects, seen, cache)) kept.keepRead(rememberedOf(seen, cache));
      return undefined;
    },
    checkout: (commit, scope) => {
      fs.mkdirSync(dir, { recursive: true });
      const cache = sinceSetBack(kept.take(), raceBound(fs, options.cache));
      // The kept tree is brought up to what was seen, of which nothing is recorded: from there it can be moved on only.
      const seenObjects = hashOnly(objects);
      const seen = lookAt(scope, { cache, objects: seenObjects, renews: true });
      const { tree } = objects.readCommit(commit);
      const stands = options.standing() === commit && seen.tree === tree && seen.special.length === 0;
      if (stands && isUntouched(objects, seen, cache)) {
        if (isProven(objects, seen, cache)) kept.keepRead(rememberedOf(seen, cache));
        return { warnings: [], refused: new Map() };
      }
      const restored = restore(options, { commit, tree, look: seen, seenObjects, cache });
      options.onHidden(scope, [...restored.kept.storedPaths.keys()]);
      kept.keep(restored.kept);
      return { warnings: restored.warnings, refused: restored.refused };
    },
    isHalfMoved: (scope, way) => {
      const { present, special } = glanceAt(scope);
      // They are what goes first: a person made them since.
      if (special.some(({ kind }) => kind !== 'too-deep')) return false;
      const entriesOf = (commit: CommitId | undefined): readonly Entry[] =>
        commit === undefined ? [] : listEntries(objects, objects.readCommit(commit).tree);
      // A checkout lists all of a tree before it does anything: of one that cannot be listed nothing is there.
      const to = ifWhole(() => entriesOf(way.to)) ?? [];
      return isHalfMoved(fs, { dir, objects, present }, { from: entriesOf(way.from), to });
    },
    owners: {
      give: (scope) => giveToFakeroot(fs, ownedPlace(options, scope)),
      adopt: (scope, given) => adoptGiven(fs, ownedPlace(options, scope), given),
      refused: () => xattrsIn(readOwners(fs, options.cache.owners)),
      takeFrom: (tree, refused) =>
        writeOwners(fs, options.cache.owners, { entries: listEntries(objects, tree), refused }),
    },
    unrecordable: (scope) => glanceAt(scope).special,
    discard: (special) => discard(fs, dir, special),
    forget: (scope) => {
      fs.rmSync(options.cache.index, { force: true });
      fs.rmSync(options.cache.directories, { force: true });
      fs.rmSync(options.cache.owners, { force: true });
      options.onHidden(scope, []);
    },
  };
}

function ownedPlace({ dir, cache, xattrs, mkfifo }: WorkplaceOptions, { exclude }: Scope): OwnedPlace {
  const hands = { ...(xattrs && { xattrs }), ...(mkfifo && { mkfifo }) };
  return { dir, exclude: ['.git', ...exclude], owners: cache.owners, ...hands };
}

function isUntouched(objects: ObjectStore, seen: Look, cache: StatCache): boolean {
  const isKnown = newTimes(seen, cache, []).size === 0;
  return cache.ours && isKnown && isSameMetadata(metadataBlobs(objects, seen.tree), cache.metadata);
}

/** Whether the index says all that was seen, and no content had to be read for it. The tree must be in the record. */
function isProven(objects: ObjectStore, seen: Look, cache: StatCache): boolean {
  return seen.read === 0 && isUntouched(objects, seen, cache) && isAsBefore(seen, cache, cache.metadata);
}

function rememberedOf(look: Look, cache: StatCache): Remembered {
  const { listings, storedPaths, standing } = look;
  const { index, size, metadata, bound } = cache;
  return { seen: seenNow(look, cache), listings, storedPaths, standing, index, size, metadata, bound };
}

/** Paths whose time is not the one last seen, or whose content is new. */
function newTimes(seen: Look, cache: StatCache, changes: readonly Change[]): Times {
  const changed = new Set(changes.filter((change) => change.status !== 'D').map((change) => change.path));
  const isDated = (item: Present): boolean =>
    !changed.delete(item.path) && isTimeKnown(cache, seen.storedPaths.get(item.path) ?? item.path, item);
  const items = seen.news.filter((item) => !isDated(item));
  // Mostly all that changed is news; it is not where the commit before is none of the last look's.
  const others = changed.size === 0 ? [] : seen.present.filter((item) => changed.has(item.path));
  return new Map([...items, ...others].map((item) => [item.path, item.mtimeNs]));
}

function countFiles(changes: readonly Change[]): Snapshot['files'] {
  const count = (...statuses: Change['status'][]): number =>
    changes.filter(
      (change) =>
        statuses.includes(change.status) && ('to' in change ? change.to : change.from).kind !== 'dir',
    ).length;
  return { added: count('A'), modified: count('M', 'T'), deleted: count('D') };
}
