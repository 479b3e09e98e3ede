import type { BlobContent } from '../ports/objects.ts';
import type { FileSystem } from '../ports/world.ts';
import type { XattrTools } from '../ports/xattr-tools.ts';
import type { Composing, Staged } from './compose-sysroot.ts';
import { diskPath, removeAll } from './disk-path.ts';
import { type ManifestEntry, statText, statWord } from './sysroot-manifest.ts';

export interface Writing {
  readonly dir: string;
  readonly composition: Composing;
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
  readonly composition: Composing;
  /** What stands, by path; grows. */
  readonly entries: Map<string, ManifestEntry>;
  /** Grows. */
  readonly inTheWay: string[];
}

/** Writes one entry and notes how it looks then. */
function put(applying: Applying, { path, staged, replaces }: Missing): void {
  const { fs, dir, composition } = applying;
  const full = diskPath(dir, path);
  // What replaces something has the present time: whoever compiled against the old one must notice.
  const time = replaces ? undefined : composition.time(path, staged);
  const make = <T>(create: () => T): T => makeWay(applying, path, create);
  const write = (): string => {
    switch (staged.kind) {
      case 'dir':
        if (applying.entries.get(path)?.kind !== 'dir') make(() => fs.mkdirSync(full));
        fs.chmodSync(full, staged.mode);
        return '';
      case 'symlink': {
        const target = Buffer.concat([...composition.content(path, staged).pieces()]);
        make(() => fs.symlinkSync(target, full));
        if (time !== undefined) fs.lutimesSync(full, time, time);
        return statText(fs, full);
      }
      case 'file': {
        const fd = make(() => fs.openSync(full, 'wx', (staged.mode & 0o777) | 0o200));
        return writeFile(fs, fd, {
          full,
          content: composition.content(path, staged),
          mode: staged.mode,
          time,
        });
      }
      default:
        return staged.kind satisfies never;
    }
  };
  applying.entries.set(path, { ...staged, stat: write() });
}

/** Makes what must not be there; what stands in its way is removed, and noted. */
function makeWay<T>({ fs, dir, inTheWay }: Applying, path: string, create: () => T): T {
  try {
    return create();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    if (removeAll(fs, dir, path)) inTheWay.push(path);
    return create();
  }
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

interface NewFile {
  readonly full: Buffer;
  readonly content: BlobContent;
  readonly mode: number;
  readonly time: number | undefined;
}

/** Fills an open file and closes it; answers how it looks then. Calls on a path would cost twice as much. */
function writeFile(fs: FileSystem, fd: number, { full, content, mode, time }: NewFile): string {
  try {
    for (const piece of content.pieces()) fs.writeFileSync(fd, piece);
    if (time !== undefined) fs.futimesSync(fd, time, time);
    const stats = fs.fstatSync(fd, { bigint: true });
    if ((Number(stats.mode) & 0o7777) === mode) return statWord(stats);
    fs.chmodSync(full, mode);
    return statWord(fs.fstatSync(fd, { bigint: true }));
  } finally {
    fs.closeSync(fd);
  }
}
