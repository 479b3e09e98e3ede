import type { Stats } from 'node:fs';
import type { FileSystem } from '../ports/world.ts';
import { byCodeUnit, type ObjectId } from '../terms/ids.ts';
import { objectId } from '../trees/object-id.ts';
import { inside, isWithin } from '../trees/tree-metadata.ts';
import { diskPath } from './disk-path.ts';
import { type OpenManifest, whereReadable } from './manifest-sections.ts';
import { type Manifest, type ManifestEntry, statText, statWord } from './sysroot-manifest.ts';

/** Something in a sysroot that staging did not do. */
export interface Tampering {
  /** Raw, relative to the sysroot. */
  readonly path: string;
  readonly how: 'changed' | 'removed' | 'added';
}

/** What is really in a sysroot. */
export interface Survey {
  /** What stands there as staging left it (a directory perhaps with other rights: then these). */
  readonly standing: ReadonlyMap<string, ManifestEntry>;
  /** What does not belong there, or not so: to be removed with all that is in it. */
  readonly strays: readonly string[];
  /** Sorted by path. */
  readonly tampered: readonly Tampering[];
}

/**
 * Looks at everything in a sysroot, and opens directories that are closed. Content is read only where lstat differs from
 * what it said when the file was written.
 */
export function surveySysroot(fs: FileSystem, dir: string, manifest: Manifest | undefined): Survey {
  return survey({ fs, dir, manifest, opens: true });
}

/** Tells what is otherwise than the manifest says, reads all content, and changes nothing. Sorted by path. */
export function inspectSysroot(fs: FileSystem, dir: string, manifest: Manifest): readonly Tampering[] {
  // Attributes are not read: of a file that has some, lstat says whether they were touched.
  const entries = [...manifest.entries].map(([path, entry]) => {
    return [path, entry.xattrs === undefined ? { ...entry, stat: '' } : entry] as const;
  });
  const doubting = { ...manifest, entries: new Map(entries) };
  return survey({ fs, dir, manifest: doubting, opens: false }).tampered;
}

function survey(asked: Pick<Surveying, 'fs' | 'dir' | 'manifest' | 'opens'>): Survey {
  const { fs, dir, manifest } = asked;
  const survey: Surveying = { ...asked, standing: new Map(), strays: [], tampered: [], closed: [] };
  const top = fs.lstatSync(diskPath(dir, ''), { throwIfNoEntry: false });
  if (top?.isDirectory()) lookInto(survey, '');
  else if (top !== undefined) survey.strays.push('');
  const told = new Set(survey.tampered.map(({ path }) => path));
  const isHidden = (path: string): boolean => survey.closed.some((each) => isWithin(each, path));
  for (const path of manifest?.entries.keys() ?? []) {
    if (!survey.standing.has(path) && !told.has(path) && !isHidden(path))
      survey.tampered.push({ path, how: 'removed' });
  }
  return { ...survey, tampered: survey.tampered.sort((a, b) => byCodeUnit(a.path, b.path)) };
}

/** Whether each of these is a directory still, so that no path leads through a link to elsewhere. */
export function directoriesStand(fs: FileSystem, dir: string, directories: Iterable<string>): boolean {
  const isDirectory = (path: string): boolean =>
    fs.lstatSync(diskPath(dir, path), { throwIfNoEntry: false })?.isDirectory() ?? false;
  if (!isDirectory('')) return false;
  for (const path of directories) if (!isDirectory(path)) return false;
  return true;
}

/** Whether nothing was touched and nothing is there beside; reads no content and changes nothing. */
export function isJustSo(fs: FileSystem, dir: string, { sections }: OpenManifest): boolean {
  const isSo = (parent: string): boolean => {
    const known = sections.get(parent)?.entries();
    const names = fs.readdirSync(diskPath(dir, parent), { encoding: 'latin1' });
    return (
      names.length === known?.size && names.every((name) => isLeft(inside(parent, name), known.get(name)))
    );
  };
  const isLeft = (path: string, known: ManifestEntry | undefined): boolean => {
    if (known === undefined) return false;
    const stats = fs.lstatSync(diskPath(dir, path), { bigint: true });
    if (known.kind !== 'dir') return statWord(stats) === known.stat;
    return stats.isDirectory() && (Number(stats.mode) & 0o7777) === known.mode && isSo(path);
  };
  const top = fs.lstatSync(diskPath(dir, ''), { throwIfNoEntry: false });
  const isOpen = top?.isDirectory() === true && (top.mode & 0o700) === 0o700;
  return isOpen && whereReadable(() => isSo('')) === true;
}

interface Surveying extends Survey {
  readonly fs: FileSystem;
  readonly dir: string;
  readonly manifest: Manifest | undefined;
  readonly standing: Map<string, ManifestEntry>;
  readonly strays: string[];
  readonly tampered: Tampering[];
  /** Whether closed directories are opened. */
  readonly opens: boolean;
  /** Those that are not. */
  readonly closed: string[];
}

function lookInto(survey: Surveying, parent: string): void {
  const { fs, dir } = survey;
  const full = diskPath(dir, parent);
  const { mode } = fs.lstatSync(full);
  if ((mode & 0o700) !== 0o700) {
    if (!survey.opens) return void survey.closed.push(parent);
    fs.chmodSync(full, (mode & 0o7777) | 0o700);
  }
  for (const name of fs.readdirSync(full, { encoding: 'latin1' })) {
    const path = inside(parent, name);
    const known = survey.manifest?.entries.get(path);
    const found = known === undefined ? undefined : standingAs(survey, path, known);
    if (found === undefined) survey.strays.push(path);
    else survey.standing.set(path, found);
    if (known === undefined) survey.tampered.push({ path, how: 'added' });
    else if (found === undefined || found.mode !== known.mode) survey.tampered.push({ path, how: 'changed' });
    if (found?.kind === 'dir') lookInto(survey, path);
  }
}

/** The entry with how it looks now; undefined where it is no longer what staging wrote. Something must be there. */
export function standingAs(
  { fs, dir }: { readonly fs: FileSystem; readonly dir: string },
  path: string,
  known: ManifestEntry,
): ManifestEntry | undefined {
  const full = diskPath(dir, path);
  const stats = fs.lstatSync(full);
  if (kindOf(stats) !== known.kind) return undefined;
  const mode = stats.mode & 0o7777;
  if (known.kind === 'dir') return { ...known, mode };
  const stat = statText(fs, full);
  if (stat === known.stat) return known;
  // What lstat tells of attributes is that something was changed.
  if (known.kind === 'file' && (mode !== known.mode || known.xattrs !== undefined)) return undefined;
  return contentId(fs, full, known.kind) === known.oid ? { ...known, stat } : undefined;
}

function kindOf(stats: Stats): ManifestEntry['kind'] | undefined {
  if (stats.isDirectory()) return 'dir';
  if (stats.isSymbolicLink()) return 'symlink';
  return stats.isFile() ? 'file' : undefined;
}

/** Undefined where it may not be read: then it is written anew. */
function contentId(fs: FileSystem, full: Buffer, kind: 'file' | 'symlink'): ObjectId | undefined {
  try {
    const content = kind === 'file' ? fs.readFileSync(full) : fs.readlinkSync(full, { encoding: 'buffer' });
    return objectId('blob', content);
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}
