/** The walls around a task, as a table of mounts: everything is closed but a few directories. */
import type { Instead } from '../ports/task-runner.ts';
import { existsSync, readFileSync, realpathSync } from 'node:fs';

/** What /proc/self/mountinfo tells of one mount. */
export interface Mount {
  readonly path: string;
  /** Its own flags, `ro` and `rw` left out: a closed mount must keep them. */
  readonly flags: readonly string[];
  readonly readOnly: boolean;
  readonly type: string;
}

export interface Walls {
  /** Directories that stay writable: the WORKDIR and what else the task may write. */
  readonly writable: readonly string[];
  /** Directories that are closed even below a writable place such as /tmp, there with all that lies beside them. */
  readonly readOnly: readonly string[];
  /** Files that lie over others. */
  readonly instead?: readonly Instead[];
}

/** Where any program may write; what is left there is nobody's result. */
const scratch = ['/tmp', '/var/tmp'];
/** Not files, or not ours to bind: the kernel's own views, and mounts that belong to one user's session. */
const kernelPlaces = ['/proc', '/sys', '/dev'];
const sessionTypes = /^(autofs|fuse\.(portal|gvfsd-fuse))$/;

/** Reads the mounts of this process, in the order in which they lie over one another. */
export function readMounts(): readonly Mount[] {
  const mounts = new Map<string, Mount>();
  for (const line of readFileSync('/proc/self/mountinfo', 'utf8').split('\n')) {
    const [, , , , path, options, ...rest] = line.split(' ');
    if (path === undefined || options === undefined) continue;
    const words = options.split(',');
    const flags = words.filter((word) => word !== 'ro' && word !== 'rw');
    const type = rest[rest.indexOf('-') + 1] ?? '';
    mounts.delete(unescape(path));
    mounts.set(unescape(path), { path: unescape(path), flags, readOnly: words.includes('ro'), type });
  }
  return [...mounts.values()];
}

/**
 * Writes the table for `mount --all`, a line a mount; later lines lie over earlier ones. Every target leads through
 * /proc/self/root, because that command passes over `/` and over what it finds mounted already.
 */
export function mountTable(mounts: readonly Mount[], walls: Walls): string {
  const writable = realPaths(walls.writable);
  const readOnly = realPaths(walls.readOnly);
  const anyones = realPaths(scratch).filter((path) => path !== '/');
  const open = [...anyones, ...writable];
  const isClosed = (mount: Mount): boolean =>
    !mount.readOnly &&
    mount.path !== '/' &&
    !sessionTypes.test(mount.type) &&
    !isWithin(mount.path, [...kernelPlaces, ...open]) &&
    existsSync(mount.path);
  const kept = new Set(readOnly.map((path) => (isWithin(path, writable) ? path : outermost(path, anyones))));
  const closed = [...mounts.filter(isClosed).map((mount) => mount.path), ...[...kept].toSorted()];
  const over = (file: string, of: string, options: readonly string[] = ['bind', 'ro']): string =>
    `${escape(file)} /proc/self/root${escape(of)} none ${[...options, ...flagsAt(file, mounts)].join(',')} 0 0\n`;
  const line = (path: string, options: readonly string[]): string => over(path, path, options);
  return [
    // Bound first: a directory above them that is closed later carries them along, still open.
    ...open.map((path) => line(path, ['rbind'])),
    ...closed.map((path) => line(path, ['rbind', 'ro'])),
    ...(walls.instead ?? []).map(({ file, of }) => over(realpathSync(file), of)),
    line('/', ['remount', 'bind', 'ro']),
  ].join('');
}

/** Below one of the directories the name that lies in it directly; elsewhere the path itself. */
function outermost(path: string, directories: readonly string[]): string {
  const above = directories.find((directory) => path !== directory && isWithin(path, [directory]));
  return above === undefined ? path : path.slice(0, `${path}/`.indexOf('/', above.length + 1));
}

function realPaths(paths: readonly string[]): string[] {
  return paths.filter((path) => existsSync(path)).map((path) => realpathSync.native(path));
}

function flagsAt(path: string, mounts: readonly Mount[]): readonly string[] {
  const around = mounts.filter((mount) => isWithin(path, [mount.path]));
  return around.reduce((inner, mount) => (mount.path.length >= inner.path.length ? mount : inner), nowhere)
    .flags;
}

const nowhere: Mount = { path: '', flags: [], readOnly: false, type: '' };

function isWithin(path: string, directories: readonly string[]): boolean {
  return directories.some((directory) => directory === '/' || `${path}/`.startsWith(`${directory}/`));
}

/** mountinfo and mount's table write white space and backslashes alike: as octal numbers. */
function escape(path: string): string {
  return path.replace(/[\s\\#]/g, (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`);
}

function unescape(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 8)));
}
