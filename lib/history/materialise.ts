import type { Contents, Entry, ObjectStore } from '../ports/objects.ts';
import type { FileSystem } from '../ports/world.ts';
import type { XattrTools } from '../ports/xattr-tools.ts';
import type { TreeId } from '../terms/ids.ts';
import { listEntries } from '../trees/list-entries.ts';
import { rawPath, shownPath } from '../trees/raw-text.ts';
import { below, inside, isWithin, parentOf } from '../trees/tree-metadata.ts';
import { setTimeOf, writeNewFile } from './dated-files.ts';
import { accessDirectory, fullPath } from './directory-access.ts';
import { hashOnly } from './hash-only.ts';
import { planChanges } from './plan-changes.ts';
import { hasCode } from './replace-file.ts';
import {
  type Found,
  foundOf,
  type Present,
  removed,
  scanDirectory,
  type Unrecordable,
} from './scan-directory.ts';
import { takeContent } from './take-content.ts';
import { readXattrs, refusedStill } from './seen-xattrs.ts';
import { standsFor, type Times } from './times.ts';

/** What node has no call for. */
export interface Hands {
  /** Makes a fifo; where absent, fifos are left out with a warning. */
  readonly mkfifo?: (path: Buffer, mode: number) => void;
  /** Removes a directory with all in it, however deep; where absent, what no path reaches stays. */
  readonly removeTree?: (path: Buffer) => void;
  /** Where absent, extended attributes are neither seen nor set. */
  readonly xattrs?: XattrTools;
}

export interface MaterialiseOptions extends Hands {
  /** Only this part of the tree (raw, true names), put at the directory itself. */
  readonly under?: string;
  /** Relative paths in the directory that are left alone, in the program's own strings. */
  readonly exclude?: readonly string[];
  /** Modification times by raw path; set wherever anything was written or differs. */
  readonly times?: Times;
}

/** The hands among further things. */
export function handsOf({ mkfifo, removeTree, xattrs }: Hands): Hands {
  return { ...(mkfifo && { mkfifo }), ...(removeTree && { removeTree }), ...(xattrs && { xattrs }) };
}

export interface Materialised {
  readonly warnings: readonly string[];
  /** Extended attributes that the disk did not take, by path. */
  readonly refused: ReadonlyMap<string, string>;
}

/**
 * Makes a directory hold exactly what a tree says: bytes, modes, links, empty directories. Only
 * what differs is written; what does not belong is deleted.
 */
export function materialise(
  fs: FileSystem,
  from: { readonly objects: ObjectStore; readonly tree: TreeId },
  to: { readonly dir: string; readonly options?: MaterialiseOptions },
): Materialised {
  const options = to.options ?? {};
  fs.mkdirSync(to.dir, { recursive: true });
  const entries = entriesUnder(from.objects, from.tree, options.under ?? '');
  const { present, special } = presentIn(fs, from.objects, to);
  return applyEntries(fs, { objects: from.objects, entries, present, special }, to);
}

/** What {@link applyEntries} needs to know. */
export interface Application {
  readonly objects: Contents;
  readonly entries: readonly Entry[];
  readonly present: readonly Present[];
  /** What stands in the directory and cannot be recorded: nothing that a tree could want. */
  readonly special: readonly Unrecordable[];
  /** Extended attributes among those of `present` that the disk refused before. */
  readonly refused?: ReadonlyMap<string, string>;
}

/** What looks different now, by path, and how, as far as that was seen already. */
export type Changed = ReadonlyMap<string, Found | undefined>;

/** Carries out what is needed to make a directory hold these entries. */
export function applyEntries(
  fs: FileSystem,
  what: Application,
  to: { readonly dir: string; readonly options?: MaterialiseOptions },
): Materialised & { readonly changed: Changed } {
  const options = to.options ?? {};
  const present = new Map(what.present.map((item) => [item.path, item]));
  const plan = planChanges(what.entries, present);
  const applying: Applying = {
    fs,
    objects: what.objects,
    root: rawPath(to.dir),
    options,
    present,
    modes: new Map(),
    beyondReach: new Set(),
    changed: new Map(),
    warnings: [...removed(what.special)],
  };
  for (const { path } of what.special) remove(applying, path);
  for (const path of plan.remove) remove(applying, path);
  for (const entry of plan.create) create(applying, entry);
  for (const entry of plan.link) link(applying, entry);
  for (const entry of plan.chmod) setMode(applying, entry);
  const refused = new Map([...refusedStill(what, plan.dress), ...dress(applying, plan.dress)]);
  finish(applying, what.entries);
  return { warnings: applying.warnings, refused, changed: applying.changed };
}

interface Applying {
  readonly fs: FileSystem;
  readonly objects: Contents;
  readonly root: string;
  readonly options: MaterialiseOptions;
  readonly present: ReadonlyMap<string, Present>;
  /** Directories whose mode on disk is another than the one they are to have. */
  readonly modes: Map<string, number>;
  /** Directories that hold what no path reaches. */
  readonly beyondReach: Set<string>;
  readonly changed: Map<string, Found | undefined>;
  readonly warnings: string[];
}

function entriesUnder(objects: ObjectStore, tree: TreeId, under: string): readonly Entry[] {
  if (under === '') return listEntries(objects, tree);
  return listEntries(objects, tree, { under })
    .filter((entry) => entry.path !== under)
    .map(({ hardlinkTo, ...entry }) => ({
      ...entry,
      path: below(under, entry.path),
      ...(hardlinkTo !== undefined &&
        isWithin(under, hardlinkTo) && { hardlinkTo: below(under, hardlinkTo) }),
    }));
}

function presentIn(
  fs: FileSystem,
  objects: ObjectStore,
  to: { readonly dir: string; readonly options?: MaterialiseOptions },
): Pick<Application, 'present' | 'special'> {
  const access = accessDirectory(fs, to.dir);
  const into = { objects: hashOnly(objects), access };
  try {
    const { found, special } = scanDirectory(fs, access, {
      exclude: new Set((to.options?.exclude ?? []).map(rawPath)),
    });
    const hasContent = (item: Present): boolean => item.kind === 'file' || item.kind === 'symlink';
    const told = readXattrs({ dir: to.dir, access, ...to.options }, found).words;
    const present = found.map((bare) => {
      const xattrs = told.get(bare.path);
      const item = xattrs === undefined ? bare : { ...bare, xattrs };
      return hasContent(item) ? { ...item, oid: takeContent(fs, into, item).oid } : item;
    });
    return { special, present };
  } finally {
    access.restore();
  }
}

const full = (applying: Applying, path: string): Buffer => fullPath(applying.root, path);

/** Opens the directory that holds a path and notes that its own time changes now. */
function changeParent(applying: Applying, path: string): void {
  openParent(applying, path);
  if (parentOf(path) !== '') applying.changed.set(parentOf(path), undefined);
}

/** Lets the owner write in the directory that holds a path; {@link finish} sets its mode right. */
function openParent(applying: Applying, path: string): void {
  const parent = parentOf(path);
  if (parent === '') return;
  const mode = applying.modes.get(parent) ?? applying.present.get(parent)?.mode ?? 0o700;
  if ((mode & 0o700) === 0o700) return;
  openParent(applying, parent);
  applying.fs.chmodSync(full(applying, parent), mode | 0o700);
  applying.modes.set(parent, mode | 0o700);
}

function remove(applying: Applying, path: string): void {
  const { fs, present, beyondReach, options } = applying;
  changeParent(applying, path);
  const isDirectory = present.get(path)?.kind === 'dir';
  try {
    if (isDirectory) fs.rmdirSync(full(applying, path));
    else fs.unlinkSync(full(applying, path));
  } catch (error) {
    if (!isDirectory && hasCode(error, 'ENAMETOOLONG')) return void beyondReach.add(parentOf(path));
    // Something in it is none of ours: an excluded path, or a socket that was warned of.
    if (!hasCode(error, 'ENOTEMPTY')) throw error;
    if (beyondReach.has(path)) options.removeTree?.(full(applying, path));
  }
}

function create(applying: Applying, entry: Entry): void {
  const { fs, objects, options } = applying;
  changeParent(applying, entry.path);
  const path = full(applying, entry.path);
  applying.changed.set(entry.path, undefined);
  if (entry.kind === 'dir') {
    if (!fs.existsSync(path)) fs.mkdirSync(path, 0o700);
    applying.modes.set(entry.path, 0o700);
  } else if (entry.kind === 'fifo') {
    options.mkfifo?.(path, entry.mode);
    if (fs.lstatSync(path, { throwIfNoEntry: false }) === undefined)
      applying.warnings.push(`${shownPath(entry.path)} is a fifo and was not restored`);
  } else if (entry.oid !== undefined) {
    if (entry.kind === 'symlink') return fs.symlinkSync(objects.readBlob(entry.oid), path);
    const [content, time] = [objects.openBlob(entry.oid), options.times?.get(entry.path)];
    const made = writeNewFile(fs, path, { content, mode: entry.mode, time });
    applying.changed.set(entry.path, foundOf(entry.path, 'file', made));
  }
}

function link(applying: Applying, entry: Entry): void {
  const { fs } = applying;
  const leader = full(applying, entry.hardlinkTo ?? '');
  // Of a fifo that could not be made there is no other name either.
  if (entry.kind === 'fifo' && fs.lstatSync(leader, { throwIfNoEntry: false }) === undefined) return;
  changeParent(applying, entry.path);
  applying.changed.set(entry.path, undefined);
  fs.linkSync(leader, full(applying, entry.path));
  applying.changed.set(entry.hardlinkTo ?? '', undefined);
}

/** Gives extended attributes, for which files must be open to their owner; answers what was refused. */
function dress(applying: Applying, entries: readonly Entry[]): ReadonlyMap<string, string> {
  if (entries.length === 0) return new Map();
  const wanted = new Map(entries.map(({ path, xattrs = '' }) => [path, xattrs]));
  for (const { path, kind, mode } of entries) {
    openParent(applying, kind === 'dir' ? inside(path, '.') : path);
    applying.changed.set(path, undefined);
    if (kind === 'file' && (mode & 0o600) !== 0o600)
      applying.fs.chmodSync(full(applying, path), mode | 0o600);
  }
  const refused = applying.options.xattrs?.write(shownPath(applying.root), wanted) ?? wanted;
  for (const { path, kind, mode } of entries)
    if (kind === 'file' && (mode & 0o600) !== 0o600) applying.fs.chmodSync(full(applying, path), mode);
  return new Map([...refused].filter(([, words]) => words !== ''));
}

function setMode(applying: Applying, entry: Entry): void {
  applying.changed.set(entry.path, undefined);
  if (entry.kind === 'dir') {
    const known = applying.modes.get(entry.path) ?? applying.present.get(entry.path)?.mode ?? 0;
    applying.modes.set(entry.path, known);
    return;
  }
  openParent(applying, entry.path);
  applying.fs.chmodSync(full(applying, entry.path), entry.mode);
}

/** Sets times, then the modes of directories: inner ones first, since a closed one hides what it holds. */
function finish(applying: Applying, entries: readonly Entry[]): void {
  const times = applying.options.times;
  const touched =
    times !== undefined &&
    (applying.changed.size > 0 || entries.some((entry) => !isTimed(applying, times, entry.path)));
  for (const entry of entries.toReversed()) {
    if (touched) setTime(applying, times, entry);
    const mode = applying.modes.get(entry.path);
    if (entry.kind === 'dir' && mode !== undefined && mode !== entry.mode) {
      applying.fs.chmodSync(full(applying, entry.path), entry.mode);
      if ((entry.mode & 0o100) === 0) forgetBelow(applying, entry.path);
    }
  }
}

/** Nobody sees what lies in a closed directory, git neither: then it must not be known how it looks. */
function forgetBelow({ changed }: Applying, dir: string): void {
  for (const path of changed.keys()) if (isWithin(dir, path)) changed.set(path, undefined);
}

function isTimed(applying: Applying, times: Times, path: string): boolean {
  const [recorded, found] = [times.get(path), applying.present.get(path)];
  return recorded === undefined || found === undefined || standsFor(found.mtimeNs, recorded);
}

/**
 * Whether nothing needs be done for the time of what was found. Where one time is cut off all must be, or what was made last
 * could look older than what it was made of.
 */
export function hasTime(found: Found, recorded: bigint | undefined): boolean {
  return recorded === undefined || (standsFor(found.mtimeNs, recorded) && found.mtimeNs % 1000n === 0n);
}

function setTime(applying: Applying, times: Times, entry: Entry): void {
  const recorded = times.get(entry.path);
  const found = applying.present.get(entry.path);
  // Of what was seen since, the time is set.
  if (recorded === undefined || applying.changed.get(entry.path) !== undefined) return;
  if (found !== undefined && !applying.changed.has(entry.path) && hasTime(found, recorded)) return;
  openParent(applying, entry.path);
  applying.changed.set(entry.path, undefined);
  setTimeOf(applying.fs, full(applying, entry.path), recorded);
}
