import type { BlobContent } from '../ports/objects.ts';
import type { FileSystem } from '../ports/world.ts';
import type { XattrTools } from '../ports/xattr-tools.ts';
import { byCodeUnit } from '../terms/ids.ts';
import {
  type Composition,
  composeSysroot,
  compositionId,
  type Staged,
  type SysrootPart,
} from './compose-sysroot.ts';
import { diskPath, removeAll } from './disk-path.ts';
import { directoriesStand, type Survey, surveySysroot, type Tampering } from './survey-sysroot.ts';
import {
  type Manifest,
  type ManifestEntry,
  readManifest,
  statText,
  writeManifest,
} from './sysroot-manifest.ts';

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
  const stands =
    !options.verify &&
    manifest?.composition === compositionId(options.parts) &&
    directoriesStand(fs, options.dir, manifest);
  if (stands) return { written: 0, removed: 0, tampered: [] };
  return applySysroot(fs, composeSysroot(options.parts, options.recipe), options);
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
  const gone = [...survey.standing].filter(([path, entry]) => !stays(entry, composition.entries.get(path)));
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
  fs.mkdirSync(options.dir, { recursive: true });
  const applying: Applying = {
    fs,
    dir: options.dir,
    composition,
    entries: new Map(survey.standing),
    inTheWay: [],
  };
  for (const [path, staged] of missing) {
    put(applying, { path, staged, replaces: survey.standing.has(path) || strays.has(path) });
  }
  dress(applying, missing, options.xattrs);
  writeManifest(fs, options.manifest, manifestOf(applying));
  const tampered = [...told, ...applying.inTheWay].sort((a, b) => byCodeUnit(a.path, b.path));
  return { written: missing.length, removed: removed.length, tampered };
}

/** Believes the manifest where it may be believed. */
function look(fs: FileSystem, manifest: Manifest | undefined, { dir, verify }: ApplyOptions): Survey {
  if (manifest === undefined || verify || !directoriesStand(fs, dir, manifest)) {
    return surveySysroot(fs, dir, manifest);
  }
  return { standing: manifest.entries, strays: [], tampered: [] };
}

/** Whether the manifest says of this composition just what was found. */
function isWrittenDown(manifest: Manifest | undefined, survey: Survey, composition: Composition): boolean {
  if (manifest?.composition !== composition.id) return false;
  return [...survey.standing].every(([path, { stat }]) => manifest.entries.get(path)?.stat === stat);
}

/** Whether what stands can stay where `staged` is wanted; a directory can whatever its rights are. */
function stays(standing: ManifestEntry, staged: Staged | undefined): boolean {
  if (staged === undefined) return false;
  return (standing.kind === 'dir' && staged.kind === 'dir') || isSame(standing, staged);
}

function isSame(standing: ManifestEntry | undefined, staged: Staged): boolean {
  if (standing === undefined) return false;
  return (
    standing.kind === staged.kind &&
    standing.oid === staged.oid &&
    standing.mode === staged.mode &&
    standing.xattrs === staged.xattrs
  );
}

interface Applying {
  readonly fs: FileSystem;
  readonly dir: string;
  readonly composition: Composition;
  /** What stands, by path; grows. */
  readonly entries: Map<string, ManifestEntry>;
  /** What stood where something was to be written, and nobody had looked before; grows. */
  readonly inTheWay: Tampering[];
}

interface Putting {
  readonly path: string;
  readonly staged: Staged;
  /** Something of staging's was there before. */
  readonly replaces: boolean;
}

/** Writes one entry and notes how it looks then. */
function put(applying: Applying, { path, staged, replaces }: Putting): void {
  const { fs, dir, composition } = applying;
  const full = diskPath(dir, path);
  const isStanding = staged.kind === 'dir' && applying.entries.get(path)?.kind === 'dir';
  if (!isStanding && removeAll(fs, dir, path)) applying.inTheWay.push({ path, how: 'added' });
  if (staged.kind === 'dir') {
    if (!isStanding) fs.mkdirSync(full);
    fs.chmodSync(full, staged.mode);
  } else {
    const content = composition.content(staged);
    if (staged.kind === 'symlink') fs.symlinkSync(Buffer.concat([...content.pieces()]), full);
    else writeFile(fs, full, { content, mode: staged.mode });
    // What replaces something has the present time: whoever compiled against the old one must notice.
    const time = replaces ? undefined : composition.time(staged);
    if (time !== undefined) fs.lutimesSync(full, time, time);
  }
  applying.entries.set(path, { ...staged, stat: staged.kind === 'dir' ? '' : statText(fs, full) });
}

/** Gives extended attributes to what was written; those that the disk refuses nobody misses here but an image. */
function dress(
  { fs, dir, entries }: Applying,
  written: readonly (readonly [string, Staged])[],
  tools: XattrTools | undefined,
): void {
  const wanted = new Map(
    written.flatMap(([path, { xattrs }]) => (xattrs === undefined ? [] : [[path, xattrs] as const])),
  );
  if (wanted.size === 0 || tools === undefined) return;
  tools.write(dir, wanted);
  for (const path of wanted.keys()) {
    const entry = entries.get(path);
    if (entry !== undefined && entry.kind !== 'dir')
      entries.set(path, { ...entry, stat: statText(fs, diskPath(dir, path)) });
  }
}

function writeFile(
  fs: FileSystem,
  full: Buffer,
  file: { readonly content: BlobContent; readonly mode: number },
): void {
  const fd = fs.openSync(full, 'wx', (file.mode & 0o777) | 0o200);
  try {
    for (const piece of file.content.pieces()) fs.writeFileSync(fd, piece);
  } finally {
    fs.closeSync(fd);
  }
  if ((fs.lstatSync(full).mode & 0o7777) !== file.mode) fs.chmodSync(full, file.mode);
}

function manifestOf({ composition, entries }: Applying): Manifest {
  const found = [...composition.entries].map(([path, staged]) => {
    return [path, { ...staged, stat: entries.get(path)?.stat ?? '' }] as const;
  });
  return { composition: composition.id, entries: new Map(found) };
}
