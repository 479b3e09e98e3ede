import { dirname } from 'node:path';
import type { FileSystem } from '../ports/world.ts';

/** A file to be put in place whole: readers see the older content or the newer, never a part. */
export interface Replacement {
  readonly path: string;
  /** Beside `path`, in the same directory or at least the same file system. */
  readonly temporary: string;
  readonly mode?: number;
  /** The content is on the disk before the name is. */
  readonly synced?: boolean;
}

/** Writes under the temporary name, then renames. What an interrupted run left there is overwritten. */
export function replaceFile(fs: FileSystem, file: Replacement, content: Uint8Array | string): void {
  const fd = openNew(fs, file);
  orRemove(fs, file.temporary, () => {
    try {
      fs.writeFileSync(fd, content);
      if (file.synced === true) fs.fsyncSync(fd);
    } finally {
      fs.closeSync(fd);
    }
    if (file.mode !== undefined) fs.chmodSync(file.temporary, file.mode);
    fs.renameSync(file.temporary, file.path);
  });
}

/** Each fails only where somebody else comes between two of its steps. */
const TRIES = 8;

/** Opens the temporary file, and its directory where that is not there: mostly both are as they should be. */
function openNew(fs: FileSystem, { temporary }: Replacement): number {
  for (let tries = 0; ; tries += 1) {
    try {
      return fs.openSync(temporary, 'wx', 0o644);
    } catch (error) {
      // Empty directories of refs are removed by who packs them, perhaps just now.
      if (tries === TRIES) throw error;
      if (hasCode(error, 'ENOENT')) fs.mkdirSync(dirname(temporary), { recursive: true });
      else if (hasCode(error, 'EEXIST')) fs.rmSync(temporary, { force: true });
      else throw error;
    }
  }
}

/** Does something with a temporary file, which is not left behind where that fails: a full disk would stay full. */
export function orRemove<T>(fs: FileSystem, temporary: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw error;
  }
}

/** Reads a text file; undefined where there is none. */
export function readIfThere(fs: FileSystem, path: string): string | undefined {
  return unlessAbsent(() => fs.readFileSync(path, 'utf8'));
}

/** Reads a file; undefined where there is none. */
export function readBytesIfThere(fs: FileSystem, path: string): Buffer | undefined {
  return unlessAbsent(() => fs.readFileSync(path));
}

function unlessAbsent<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/** Whether a file system call failed because nothing is there. */
export function isAbsent(error: unknown): boolean {
  return hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR');
}

/** Whether a file system call failed with this code. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
