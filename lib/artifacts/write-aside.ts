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

/** Opens a file aside in `dir`, which is on the same disk as its later place. */
export function openAside(fs: FileSystem, dir: string): AsideFile {
  fs.mkdirSync(dir, { recursive: true });
  const aside = join(dir, randomBytes(12).toString('hex'));
  const fd = fs.openSync(aside, 'wx', 0o644);
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
