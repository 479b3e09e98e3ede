import type { FileSystem } from '../ports/world.ts';
import { writeWhole } from '../ports/write-whole.ts';
import { parentOf } from '../trees/tree-metadata.ts';

/** How a file or directory is to look. */
export interface Looks {
  /** Permission bits; others are dropped, as nothing that is unpacked may run as another user. */
  readonly mode: number;
  /** Seconds since the epoch. */
  readonly mtime: number;
}

/**
 * Writes files below one directory and nowhere else, whatever the names and the links that are written say. Names are
 * bytes as latin1 characters, relative to the directory. A later file of a name replaces the earlier.
 */
export interface TreeWriter {
  directory(name: string, looks: Looks): void;
  file(name: string, looks: Looks, fill: (write: (bytes: Buffer) => void) => void): void;
  symlink(name: string, target: string, mtime: number): void;
  /** `target` is the name of what has been written before. */
  hardlink(name: string, target: string): void;
  /** Gives directories their modes and times. */
  finish(): void;
}

export interface TreeWriterOptions {
  readonly fs: FileSystem;
  /** Directory to stay in; it is made where it is missing. */
  readonly root: string;
  /** Directory below root that names are relative to. */
  readonly prefix?: string;
  /** So many leading directories are taken off each name; what then has no name is left out. */
  readonly strip?: number;
  /** Makes the error for an entry that must not be written. */
  readonly refuse: (name: string, why: string) => Error;
}

/** Makes a writer below a directory. Of a file the umask 022 is taken off, whatever the caller's. */
export function createTreeWriter(options: TreeWriterOptions): TreeWriter {
  const { fs, root } = options;
  fs.mkdirSync(root, { recursive: true });
  const place = (name: string): string | undefined => placeOf(options, name);
  const pathOf = createPaths(root);
  const directories = createDirectories(options, pathOf);
  const create = createMaker(options, { pathOf, directories });
  return {
    directory: (name, looks) => {
      const at = place(name);
      if (at === undefined) return;
      directories.ensure(at, name);
      directories.looks.set(at, looks);
    },
    file: (name, looks, fill) => {
      const at = place(name);
      if (at !== undefined) create(name, at, (path) => writeFile(fs, path, { looks, fill }));
    },
    symlink: (name, target, mtime) => {
      const at = place(name);
      if (at === undefined) return;
      create(name, at, (path) =>
        fs.symlinkSync(isPlain(target) ? target : Buffer.from(target, 'latin1'), path),
      );
      fs.lutimesSync(pathOf(at), mtime, mtime);
    },
    hardlink: (name, target) => {
      const [at, from] = [place(name), place(target)];
      if (at === undefined || from === at) return;
      if (from === undefined || !directories.holds(from))
        throw options.refuse(name, `it is a hard link to ${target}, which is not there`);
      create(name, at, (path) => fs.linkSync(pathOf(from), path));
    },
    finish: () => directories.finish(),
  };
}

interface Ground {
  readonly pathOf: (at: string) => string | Buffer;
  readonly directories: Directories;
}

type Maker = (name: string, at: string, make: (path: string | Buffer) => void) => void;

/** How files and links are made: in a real directory, in the place of what has their name. */
function createMaker({ fs, refuse }: TreeWriterOptions, { pathOf, directories }: Ground): Maker {
  return (name, at, make) => {
    if (at === '') throw refuse(name, 'it has no name');
    directories.ensureParent(at, name);
    const path = pathOf(at);
    try {
      make(path);
    } catch (error) {
      if (!isExists(error)) throw error;
      if (fs.lstatSync(path).isDirectory()) throw refuse(name, 'a directory of that name is there');
      fs.unlinkSync(path);
      make(path);
    }
  };
}

interface NewFile {
  readonly looks: Looks;
  readonly fill: (write: (bytes: Buffer) => void) => void;
}

function writeFile(fs: FileSystem, path: string | Buffer, { looks, fill }: NewFile): void {
  // Readable by its owner in any case: what cannot be read cannot be recorded.
  const mode = (looks.mode & 0o755) | 0o400;
  const fd = fs.openSync(path, 'wx', mode);
  try {
    fill((bytes) => writeWhole(fs, fd, bytes));
    fs.futimesSync(fd, looks.mtime, looks.mtime);
  } finally {
    fs.closeSync(fd);
  }
  fs.chmodSync(path, mode);
}

/** Where a name of the source belongs below root; undefined where stripping leaves nothing of it. */
function placeOf({ prefix = '', strip = 0, refuse }: TreeWriterOptions, name: string): string | undefined {
  if (name.startsWith('/')) throw refuse(name, 'its name is absolute');
  if (name.includes('\0')) throw refuse(name, 'its name holds a null byte');
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..') || prefix.split('/').includes('..'))
    throw refuse(name, 'it leads out of the directory');
  const kept = parts.slice(strip);
  if (kept.length === 0 && strip > 0) return undefined;
  return [...prefix.split('/').filter((part) => part !== '' && part !== '.'), ...kept].join('/');
}

interface Directories {
  readonly looks: Map<string, Looks>;
  /** Makes the directory, or makes sure that it is a real one. */
  ensure(at: string, name: string): void;
  ensureParent(at: string, name: string): void;
  /** Tells whether something that is no directory stands there, reached through real directories only. */
  holds(at: string): boolean;
  finish(): void;
}

function createDirectories(
  { fs, refuse }: TreeWriterOptions,
  pathOf: (at: string) => string | Buffer,
): Directories {
  // Known to be real: nothing that the writer does can turn a directory into something else.
  const known = new Set<string>(['']);
  const looks = new Map<string, Looks>();
  const ensure = (at: string, name: string): void => {
    if (known.has(at)) return;
    ensure(parentOf(at), name);
    const stat = fs.lstatSync(pathOf(at), { throwIfNoEntry: false });
    if (stat === undefined) {
      fs.mkdirSync(pathOf(at), 0o755);
      fs.chmodSync(pathOf(at), 0o755);
    } else if (!stat.isDirectory())
      throw refuse(name, `${at} is ${stat.isSymbolicLink() ? 'a symbolic link' : 'no directory'}`);
    known.add(at);
  };
  const holds = (at: string): boolean => {
    for (let dir = parentOf(at); !known.has(dir); dir = parentOf(dir)) {
      if (fs.lstatSync(pathOf(dir), { throwIfNoEntry: false })?.isDirectory() !== true) return false;
    }
    return fs.lstatSync(pathOf(at), { throwIfNoEntry: false })?.isDirectory() === false;
  };
  const finish = (): void => {
    for (const [at, { mode, mtime }] of looks) {
      if (at === '') continue;
      fs.chmodSync(pathOf(at), (mode & 0o755) | 0o700);
      fs.utimesSync(pathOf(at), mtime, mtime);
    }
  };
  return { looks, ensure, ensureParent: (at, name) => ensure(parentOf(at), name), holds, finish };
}

/** Paths below root; a Buffer where the name is not plain ASCII, so that any bytes stay what they are. */
function createPaths(root: string): (at: string) => string | Buffer {
  const rootBytes = Buffer.from(`${root}/`);
  return (at) => (isPlain(at) ? `${root}/${at}` : Buffer.concat([rootBytes, Buffer.from(at, 'latin1')]));
}

function isPlain(name: string): boolean {
  // eslint-disable-next-line no-control-regex
  return /^[\x00-\x7f]*$/.test(name);
}

function isExists(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST';
}
