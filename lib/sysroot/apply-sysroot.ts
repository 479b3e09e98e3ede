import type { FileSystem } from '../ports/world.ts';
import type { XattrTools } from '../ports/xattr-tools.ts';
import { byCodeUnit } from '../terms/ids.ts';
import {
  canStay,
  type Composition,
  composeSysroot,
  compositionId,
  isSame,
  type SysrootPart,
} from './compose-sysroot.ts';
import { removeAll } from './disk-path.ts';
import { directoriesStand, isJustSo, type Survey, surveySysroot, type Tampering } from './survey-sysroot.ts';
import { type Manifest, manifestOf, readManifest, writeManifest } from './sysroot-manifest.ts';
import { writeStaged } from './write-staged.ts';

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

/** Makes a sysroot of these parts; costs next to nothing where it is one already. */
export function fillSysroot(fs: FileSystem, options: FillOptions): Applied {
  const manifest = readManifest(fs, options.manifest);
  if (manifest?.composition === compositionId(options.parts) && stands(fs, manifest, options)) {
    return { written: 0, removed: 0, tampered: [] };
  }
  const { recipe } = options;
  const target = recipe === undefined ? undefined : ({ kind: 'sysroot', recipe } as const);
  return applySysroot(fs, composeSysroot(options.parts, target), options);
}

/**
 * Makes a sysroot what the composition says: removes what is not in it, writes what is not there.
 * Files are copies, so that a task that writes into its sysroot reaches nothing else. The manifest is
 * absent while the sysroot is between two states: what an interrupt leaves is then made from nothing.
 */
export function applySysroot(fs: FileSystem, composition: Composition, options: ApplyOptions): Applied {
  const manifest = readManifest(fs, options.manifest);
  const survey = look(fs, manifest, options);
  const strays = new Set(survey.strays);
  const gone = [...survey.standing].filter(([path, entry]) => !canStay(entry, composition.entries.get(path)));
  const removed = [...strays, ...gone.map(([path]) => path)].sort(byCodeUnit).toReversed();
  const missing = [...composition.entries].filter(
    ([path, staged]) => !isSame(survey.standing.get(path), staged),
  );
  const told = manifest === undefined ? [] : survey.tampered;
  if (removed.length === 0 && missing.length === 0 && isWrittenDown(manifest, survey, composition)) {
    return { written: 0, removed: 0, tampered: told };
  }
  fs.rmSync(options.manifest, { force: true });
  for (const path of removed) removeAll(fs, options.dir, path);
  const { entries, inTheWay } = writeStaged(fs, {
    ...options,
    composition,
    standing: survey.standing,
    missing: missing.map(([path, staged]) => ({
      path,
      staged,
      replaces: survey.standing.has(path) || strays.has(path),
    })),
  });
  writeManifest(fs, options.manifest, manifestOf(composition, entries));
  const added = inTheWay.map((path) => ({ path, how: 'added' }) as const);
  const tampered = [...told, ...added].sort((a, b) => byCodeUnit(a.path, b.path));
  return { written: missing.length, removed: removed.length, tampered };
}

/** Believes the manifest where it may be believed. */
function look(fs: FileSystem, manifest: Manifest | undefined, { dir, verify }: ApplyOptions): Survey {
  if (manifest === undefined || verify || !directoriesStand(fs, dir, manifest)) {
    return surveySysroot(fs, dir, manifest);
  }
  return { standing: manifest.entries, strays: [], tampered: [] };
}

/** Whether all is as the manifest says; of files only where that is to be verified. */
function stands(fs: FileSystem, manifest: Manifest, { dir, verify }: FillOptions): boolean {
  return verify ? isJustSo(fs, dir, manifest) : directoriesStand(fs, dir, manifest);
}

/** Whether the manifest says of this composition just what was found. */
function isWrittenDown(manifest: Manifest | undefined, survey: Survey, composition: Composition): boolean {
  if (manifest?.composition !== composition.id) return false;
  return [...survey.standing].every(([path, { stat }]) => manifest.entries.get(path)?.stat === stat);
}
