import type { FileSystem } from '../ports/world.ts';
import type { XattrTools } from '../ports/xattr-tools.ts';
import { byCodeUnit } from '../terms/ids.ts';
import { type Change, composeChange } from './compose-change.ts';
import {
  canStay,
  type Composing,
  type Composition,
  composeSysroot,
  compositionId,
  isSame,
  type Staged,
  type SysrootPart,
} from './compose-sysroot.ts';
import { dateDirectories } from './date-directories.ts';
import { removeAll } from './disk-path.ts';
import {
  amendSections,
  changedSections,
  type OpenManifest,
  putAside,
  withManifest,
} from './manifest-sections.ts';
import { directoriesStand, isJustSo, type Survey, surveySysroot, type Tampering } from './survey-sysroot.ts';
import {
  type Manifest,
  type ManifestEntry,
  manifestOf,
  readManifest,
  writeManifest,
} from './sysroot-manifest.ts';
import { type Missing, writeStaged } from './write-staged.ts';

export interface SysrootPlace {
  /** The sysroot itself, which belongs to staging alone. */
  readonly dir: string;
  /** The file with what staging put there. */
  readonly manifest: string;
}

export interface ApplyOptions extends SysrootPlace {
  /** Where absent, extended attributes are left out. */
  readonly xattrs?: XattrTools;
  /** Look at every file that is there, even where nothing is to be changed. */
  readonly verify?: boolean;
}

export interface FillOptions extends ApplyOptions {
  readonly parts: readonly SysrootPart[];
  /** Whose sysroot it is, for the error where parts clash. */
  readonly recipe?: string;
}

/** What was done to a sysroot. */
export interface Applied {
  readonly written: number;
  readonly removed: number;
  /** What others did to it since, all put right again: a task wrote into its sysroot. Sorted by path. */
  readonly tampered: readonly Tampering[];
}

/** Makes a sysroot of these parts; costs next to nothing where it is one already, and else what the change is. */
export function fillSysroot(fs: FileSystem, options: FillOptions): Applied {
  const { parts, recipe } = options;
  const filled = withManifest(fs, options.manifest, (manifest) => {
    if (manifest === undefined || !stands(fs, manifest, options)) return undefined;
    if (manifest.composition === compositionId(parts)) return { written: 0, removed: 0, tampered: [] };
    const change = composeChange(manifest, parts);
    return change && applyChange(fs, { manifest, change }, options);
  });
  if (filled !== undefined) return filled;
  const target = recipe === undefined ? undefined : ({ kind: 'sysroot', recipe } as const);
  return applySysroot(fs, composeSysroot(parts, target), options);
}

/** Applies to a sysroot that is as it was left what is otherwise now. */
function applyChange(
  fs: FileSystem,
  { manifest, change }: { readonly manifest: OpenManifest; readonly change: Change },
  options: ApplyOptions,
): Applied {
  const { partWords } = change;
  const difference = differenceOf({ ...change, wanted: change.entries, strays: [] });
  putAside(fs, options.manifest);
  const { applied, entries } = carryOut(fs, options, { ...change, ...difference });
  const changed = [...change.entries].map(([path, staged]) => {
    return [path, staged && { ...staged, stat: entries.get(path)?.stat ?? '' }] as const;
  });
  const sections = changedSections(manifest.sections, changed);
  amendSections(fs, options.manifest, { composition: change.id, partWords, sections });
  return applied;
}

/**
 * Makes a sysroot what the composition says, whatever it is: removes what is not in it, writes what is not there.
 * Files are copies, so that a task that writes into its sysroot reaches nothing else. The manifest is
 * absent while the sysroot is between two states: what an interrupt leaves is then made from nothing.
 */
export function applySysroot(fs: FileSystem, composition: Composition, options: ApplyOptions): Applied {
  const { partWords } = composition;
  const manifest = readManifest(fs, options.manifest);
  const survey = look(fs, manifest, options);
  const wanted = new Map<string, Staged | undefined>(composition.entries);
  for (const path of survey.standing.keys()) if (!wanted.has(path)) wanted.set(path, undefined);
  const difference = differenceOf({ ...survey, wanted });
  const told = manifest === undefined ? [] : survey.tampered;
  if (isNothing(difference) && isWrittenDown(manifest, survey, composition)) {
    return { written: 0, removed: 0, tampered: told };
  }
  fs.rmSync(options.manifest, { force: true });
  const { applied, entries } = carryOut(fs, options, { ...composition, ...survey, ...difference });
  writeManifest(fs, options.manifest, { ...manifestOf(composition, entries), partWords });
  const tampered = [...told, ...applied.tampered].sort((a, b) => byCodeUnit(a.path, b.path));
  return { ...applied, tampered };
}

interface Difference {
  /** What is in a directory before the directory. */
  readonly removed: readonly string[];
  /** In the order of paths. */
  readonly missing: readonly Missing[];
}

function differenceOf(found: {
  readonly standing: ReadonlyMap<string, ManifestEntry>;
  readonly strays: readonly string[];
  /** By path, each directory before what is in it. */
  readonly wanted: ReadonlyMap<string, Staged | undefined>;
}): Difference {
  const { standing, wanted } = found;
  const strays = new Set(found.strays);
  const removed = [...strays];
  const missing: Missing[] = [];
  for (const [path, staged] of wanted) {
    const known = standing.get(path);
    if (known !== undefined && !canStay(known, staged)) removed.push(path);
    if (staged !== undefined && !isSame(known, staged))
      missing.push({ path, staged, replaces: known !== undefined || strays.has(path) });
  }
  return { removed: removed.sort(byCodeUnit).toReversed(), missing };
}

function isNothing({ removed, missing }: Difference): boolean {
  return removed.length === 0 && missing.length === 0;
}

/** Removes and writes; the manifest must not be there meanwhile. */
function carryOut(
  fs: FileSystem,
  options: ApplyOptions,
  doing: Difference & Composing & Pick<Survey, 'standing'>,
): { readonly applied: Applied; readonly entries: ReadonlyMap<string, ManifestEntry> } {
  const { removed, missing, standing } = doing;
  for (const path of removed) removeAll(fs, options.dir, path);
  const { entries, inTheWay } = writeStaged(fs, { ...options, composition: doing, standing, missing });
  dateDirectories(fs, options.dir, doing);
  const tampered = inTheWay.map((path) => ({ path, how: 'added' }) as const);
  return { applied: { written: missing.length, removed: removed.length, tampered }, entries };
}

/** Whether all is as the manifest says; of files only where that is to be verified. */
function stands(fs: FileSystem, manifest: OpenManifest, { dir, verify }: FillOptions): boolean {
  return verify ? isJustSo(fs, dir, manifest) : directoriesStand(fs, dir, manifest.sections.keys());
}

/** Believes the manifest where it may be believed. */
function look(fs: FileSystem, manifest: Manifest | undefined, { dir, verify }: ApplyOptions): Survey {
  if (manifest === undefined || verify || !directoriesStand(fs, dir, directoriesOf(manifest))) {
    return surveySysroot(fs, dir, manifest);
  }
  return { standing: manifest.entries, strays: [], tampered: [] };
}

function directoriesOf({ entries }: Manifest): readonly string[] {
  return [...entries].flatMap(([path, { kind }]) => (kind === 'dir' ? [path] : []));
}

/** Whether the manifest says of this composition just what was found. */
function isWrittenDown(manifest: Manifest | undefined, survey: Survey, composition: Composition): boolean {
  if (manifest?.composition !== composition.id) return false;
  return [...survey.standing].every(([path, { stat }]) => manifest.entries.get(path)?.stat === stat);
}
