import type { FileSystem } from '../ports/world.ts';
import { rawPath } from '../trees/raw-text.ts';
import { inside, parentOf } from '../trees/tree-metadata.ts';
import { hasCode } from './replace-file.ts';

/** R_OK of access(2). */
const READABLE = 4;

/**
 * A directory tree that is to be read whole, though some of it may be closed to its own owner
 * (mode 0000, 4111): what refuses is opened for a moment and closed again.
 */
export interface DirectoryAccess {
  /** Names in a directory (raw, relative path; '' is the top), unsorted. */
  list(dir: string): readonly string[];
  /** Does something with the full path of what may lie in a closed directory. */
  reach<T>(path: string, work: (full: Buffer) => T): T;
  /** Does something with a file that may itself be closed to reading; tells whether it was opened for that. */
  read<T>(path: string, work: (full: Buffer) => T): { readonly result: T; readonly opened: boolean };
  /** Does something while these files are open to reading, whatever their modes. */
  whileOpen<T>(files: readonly string[], work: () => T): T;
  /** Closes again what was opened. */
  restore(): void;
}

/** Gives access to everything below `top`. */
export function accessDirectory(fs: FileSystem, top: string): DirectoryAccess {
  const root = rawPath(top);
  const full = (path: string): Buffer => fullPath(root, path);
  const doors = closedDoors(fs, full);
  const reach = <T>(path: string, work: (full: Buffer) => T): T =>
    retry(
      () => work(full(path)),
      () => doors.open(parentOf(path), 0o700),
    );
  return {
    reach,
    list: (dir) =>
      retry(
        () => fs.readdirSync(full(dir), { encoding: 'latin1' }),
        () => doors.open(dir, 0o700),
      ),
    read: (path, work) => {
      try {
        return { result: reach(path, work), opened: false };
      } catch (error) {
        if (!hasCode(error, 'EACCES')) throw error;
      }
      doors.open(path, 0o400);
      try {
        return { result: work(full(path)), opened: true };
      } finally {
        doors.close(path);
      }
    },
    whileOpen: (files, work) => {
      const closed = files.filter((path) => isClosed(fs, full(path)));
      for (const path of closed) doors.open(path, 0o400);
      try {
        return work();
      } finally {
        for (const path of closed) doors.close(path);
      }
    },
    restore: () => doors.closeAll(),
  };
}

function isClosed(fs: FileSystem, path: Buffer): boolean {
  try {
    fs.accessSync(path, READABLE);
    return false;
  } catch (error) {
    if (hasCode(error, 'EACCES')) return true;
    throw error;
  }
}

interface Doors {
  open(path: string, bits: number): void;
  close(path: string): void;
  closeAll(): void;
}

/** Opens what is closed to its owner, and remembers how it was. */
function closedDoors(fs: FileSystem, full: (path: string) => Buffer): Doors {
  const opened = new Map<string, number>();
  const close = (path: string): void => {
    const mode = opened.get(path);
    if (mode !== undefined) fs.chmodSync(full(path), mode);
    opened.delete(path);
  };
  return {
    close,
    open: (path, bits) => {
      const mode = fs.lstatSync(full(path)).mode & 0o7777;
      opened.set(path, opened.get(path) ?? mode);
      fs.chmodSync(full(path), mode | bits);
    },
    closeAll: () => {
      for (const path of [...opened.keys()].toReversed()) close(path);
    },
  };
}

/** The path that system calls get: bytes, since names need not be UTF-8. */
export function fullPath(root: string, path: string): Buffer {
  return Buffer.from(inside(root, path), 'latin1');
}

function retry<T>(work: () => T, open: () => void): T {
  try {
    return work();
  } catch (error) {
    if (!hasCode(error, 'EACCES')) throw error;
  }
  open();
  return work();
}
