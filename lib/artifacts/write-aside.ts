import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { FileSystem } from '../ports/world.ts';

/** A file that is written where nobody looks, and then put in its place whole. */
export interface AsideFile {
  write(bytes: Uint8Array): void;
  /** Puts it at `path`, over what stands there. */
  replace(path: string): void;
  /** Puts it at `path` unless something stands there; false then. */
  create(path: string): boolean;
  /** Removes what has not been put in place; to be called in any case. */
  drop(): void;
}

/** After a day, what lies aside is what a crash left there: others that share the store are done by then. */
const FORGOTTEN = 24 * 3_600_000;

/** Opens a file aside in `dir`, which is on the same disk as its later place. */
export function openAside(fs: FileSystem, dir: string): AsideFile {
  fs.mkdirSync(dir, { recursive: true });
  const aside = join(dir, randomBytes(12).toString('hex'));
  const fd = fs.openSync(aside, 'wx', 0o644);
  removeForgotten(fs, dir, fs.fstatSync(fd).mtimeMs);
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
  return {
    write(bytes) {
      for (let at = 0; at < bytes.length;) at += fs.writeSync(fd, bytes, at, bytes.length - at);
    },
    replace(path) {
      finish(path);
      // Only a file can be replaced; what else got there is damage.
      const there = fs.lstatSync(path, { throwIfNoEntry: false });
      if (there?.isDirectory()) fs.rmSync(path, { recursive: true });
      fs.renameSync(aside, path);
    },
    create(path) {
      finish(path);
      try {
        fs.linkSync(aside, path);
        return true;
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
        throw error;
      }
    },
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
