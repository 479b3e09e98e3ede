/** The walls around a task, as mounts: everything is closed but a few directories. */
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

/** One call of mount(2): its flags by their names in mountinfo, and what lies where. */
export interface WallMount {
  readonly flags: readonly string[];
  readonly source: string;
  readonly target: string;
}

/** Lists the mounts that close a task in; later ones lie over earlier ones. */
export function wallMounts(mounts: readonly Mount[], walls: Walls): readonly WallMount[] {
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
  const bind = (source: string, target: string): WallMount => ({ flags: ['bind', 'rec'], source, target });
  const close = (target: string, source = target): WallMount => ({
    flags: ['remount', 'bind', 'ro', ...flagsAt(source, mounts)],
    source: 'none',
    target,
  });
  return [
    // Bound first: a directory above them that is closed later carries them along, still open.
    ...open.map((path) => bind(path, path)),
    ...closed.flatMap((path) => [bind(path, path), close(path)]),
    ...(walls.instead ?? []).flatMap(({ file, of }) => [bind(realpathSync(file), of), close(of, file)]),
    close('/'),
  ];
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

/** mountinfo writes white space and backslashes as octal numbers. */
function unescape(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 8)));
}
