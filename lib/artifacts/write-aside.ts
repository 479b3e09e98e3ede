import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { FileSystem } from '../ports/world.ts';
import { writeWhole } from '../ports/write-whole.ts';
import { isDiskFull } from '../terms/is-disk-full.ts';
import { VarveError } from '../terms/varve-error.ts';

/** The directory of a store, which others may be writing in too, from this machine or another. */
export interface StorePlace {
  readonly fs: FileSystem;
  readonly dir: string;
}

/** A file that is written where nobody looks, and then put in its place whole. */
export interface AsideFile {
  write(bytes: Uint8Array): void;
  /** Puts it at `path`, over what stands there. */
  replace(path: string): void;
  /** Puts it at `path` unless something stands there; false then. */
  create(path: string): boolean;
}

/** Lends a file aside, on the same disk as its later place; what was not put in place is removed. */
export function withAside<T>(place: StorePlace, work: (file: AsideFile) => T): T {
  const file = openAside(place);
  try {
    return work(file);
  } finally {
    file.drop();
  }
}

/** The same for work that waits. */
export async function whileAside<T>(place: StorePlace, work: (file: AsideFile) => Promise<T>): Promise<T> {
  const file = openAside(place);
  try {
    return await work(file);
  } finally {
    file.drop();
  }
}

/** The code of a file system's error; undefined for any other. */
export function errorCode(error: unknown): string | undefined {
  return isSystemError(error) ? error.code : undefined;
}

/** What a system call was answered with; zlib's errors have a code too. */
function isSystemError(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && 'code' in error && /^E(?!RR_)[A-Z0-9]+$/.test(String(error.code));
}

/** After a day, what lies aside is what a crash left there: others that share the store are done by then. */
const FORGOTTEN = 24 * 3_600_000;

function openAside({ fs, dir: store }: StorePlace): AsideFile & { drop(): void } {
  const written = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw isSystemError(error) ? unwritable(store, error) : error;
    }
  };
  const dir = join(store, 'aside');
  const aside = join(dir, randomBytes(12).toString('hex'));
  const fd = written(() => {
    fs.mkdirSync(dir, { recursive: true });
    return fs.openSync(aside, 'wx', 0o644);
  });
  let open = true;
  const close = (): void => {
    if (open) fs.closeSync(fd);
    open = false;
  };
  const finish = (path: string): void => {
    // Content first, then the name: what a name leads to is complete even after a power cut.
    if (open) fs.fsyncSync(fd);
    close();
    fs.mkdirSync(dirname(path), { recursive: true });
  };
  written(() => removeForgotten(fs, dir, fs.fstatSync(fd).mtimeMs));
  return {
    write: (bytes) =>
      written(() => {
        writeWhole(fs, fd, bytes);
      }),
    replace: (path) =>
      written(() => {
        finish(path);
        // Only a file can be replaced; what else got there is damage.
        const there = fs.lstatSync(path, { throwIfNoEntry: false });
        if (there?.isDirectory()) fs.rmSync(path, { recursive: true });
        fs.renameSync(aside, path);
      }),
    create: (path) =>
      written(() => {
        finish(path);
        try {
          fs.linkSync(aside, path);
          return true;
        } catch (error) {
          if (errorCode(error) !== 'EEXIST') throw error;
          // A server of files may have done it and answer no when it is asked again.
          return fs.statSync(aside).nlink === 2;
        }
      }),
    drop() {
      close();
      fs.rmSync(aside, { force: true });
    },
  };
}

/** `now` is the file system's own clock, in milliseconds. */
function removeForgotten(fs: FileSystem, dir: string, now: number): void {
  for (const name of fs.readdirSync(dir).map(String)) {
    const there = fs.lstatSync(join(dir, name), { throwIfNoEntry: false });
    if (there !== undefined && now - there.mtimeMs > FORGOTTEN)
      fs.rmSync(join(dir, name), { recursive: true, force: true });
  }
}

function unwritable(dir: string, cause: unknown): VarveError {
  const why = cause instanceof Error ? cause.message : String(cause);
  const isFull = isDiskFull(cause);
  const hint = isFull
    ? 'Free some and build again: what is there stays.'
    : 'Make it writable, or set ARTIFACT_DIR in conf/local.conf to a directory that is.';
  return new VarveError(isFull ? 'disk' : 'usage', `the artifact store ${dir} cannot be written: ${why}`, {
    hints: [hint],
    cause,
  });
}
