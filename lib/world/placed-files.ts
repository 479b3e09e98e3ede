import type { FileSystem } from '../ports/world.ts';

/**
 * Files whose errors name their place: what node says of a file that is open ("no space left on device, write")
 * does not tell which.
 */
export function placedFiles(fs: FileSystem): FileSystem {
  const paths = new Map<number, string>();
  const placed = <T>(file: unknown, call: () => T): T => {
    try {
      return call();
    } catch (error) {
      throw withPath(error, typeof file === 'number' ? paths.get(file) : String(file));
    }
  };
  return {
    ...fs,
    openSync: (path, flags, mode) => {
      const fd = fs.openSync(path, flags, mode);
      paths.set(fd, String(path));
      return fd;
    },
    closeSync: (fd) => {
      placed(fd, () => fs.closeSync(fd));
      paths.delete(fd);
    },
    writeSync: (fd: number, ...rest: readonly unknown[]) =>
      placed(fd, () => (fs.writeSync as (...all: readonly unknown[]) => number)(fd, ...rest)),
    readSync: (fd: number, ...rest: readonly unknown[]) =>
      placed(fd, () => (fs.readSync as (...all: readonly unknown[]) => number)(fd, ...rest)),
    fsyncSync: (fd) => placed(fd, () => fs.fsyncSync(fd)),
    writeFileSync: (file, data, options) => placed(file, () => fs.writeFileSync(file, data, options)),
    appendFileSync: (file, data, options) => placed(file, () => fs.appendFileSync(file, data, options)),
    readFileSync: ((file: never, options: never) =>
      placed(file, () => fs.readFileSync(file, options))) as FileSystem['readFileSync'],
  };
}

function withPath(error: unknown, path: string | undefined): unknown {
  const isPlaceless = error instanceof Error && 'syscall' in error && !('path' in error);
  if (!isPlaceless || path === undefined) return error;
  const { code, errno, syscall } = error as NodeJS.ErrnoException;
  return Object.assign(new Error(`${error.message} '${path}'`, { cause: error }), {
    code,
    errno,
    syscall,
    path,
  });
}
