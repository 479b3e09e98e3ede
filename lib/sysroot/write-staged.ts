import type { BlobContent } from '../ports/objects.ts';
import type { FileSystem } from '../ports/world.ts';
import type { XattrTools } from '../ports/xattr-tools.ts';
import type { Composition, Staged } from './compose-sysroot.ts';
import { diskPath, removeAll } from './disk-path.ts';
import { type ManifestEntry, statText } from './sysroot-manifest.ts';

export interface Writing {
  readonly dir: string;
  readonly composition: Composition;
  /** What stands, by path. */
  readonly standing: ReadonlyMap<string, ManifestEntry>;
  /** In the order of paths. */
  readonly missing: readonly Missing[];
  /** Where absent, extended attributes are left out. */
  readonly xattrs?: XattrTools;
}

export interface Missing {
  readonly path: string;
  readonly staged: Staged;
  /** Something of staging's was there before. */
  readonly replaces: boolean;
}

/** What stands then. */
export interface Written {
  readonly entries: ReadonlyMap<string, ManifestEntry>;
  /** Paths where something stood that was not known of. */
  readonly inTheWay: readonly string[];
}

/**
 * Writes what is missing. Files are copies, so that whoever writes into one reaches nothing else.
 */
export function writeStaged(fs: FileSystem, writing: Writing): Written {
  const { dir, composition, standing, missing, xattrs } = writing;
  fs.mkdirSync(dir, { recursive: true });
  const applying: Applying = { fs, dir, composition, entries: new Map(standing), inTheWay: [] };
  for (const each of missing) put(applying, each);
  dress(applying, missing, xattrs);
  return applying;
}

interface Applying {
  readonly fs: FileSystem;
  readonly dir: string;
  readonly composition: Composition;
  /** What stands, by path; grows. */
  readonly entries: Map<string, ManifestEntry>;
  /** Grows. */
  readonly inTheWay: string[];
}

/** Writes one entry and notes how it looks then. */
function put(applying: Applying, { path, staged, replaces }: Missing): void {
  const { fs, dir, composition } = applying;
  const full = diskPath(dir, path);
  const isStanding = staged.kind === 'dir' && applying.entries.get(path)?.kind === 'dir';
  if (!isStanding && removeAll(fs, dir, path)) applying.inTheWay.push(path);
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
  written: readonly Missing[],
  tools: XattrTools | undefined,
): void {
  const wanted = new Map(
    written.flatMap(({ path, staged: { xattrs } }) =>
      xattrs === undefined ? [] : [[path, xattrs] as const],
    ),
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
