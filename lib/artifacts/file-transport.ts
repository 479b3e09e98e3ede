import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FileSystem } from '../ports/world.ts';
import { VarveError } from '../terms/varve-error.ts';
import { Trouble, type Transport } from './transport.ts';
import { errorCode, withAside } from './write-aside.ts';

const PIECE = 1 << 20;

/** Reaches a mirror that is a directory: one that machines mount, or somebody else's ARTIFACT_DIR. */
export function fileTransport(fs: FileSystem, url: string): Transport {
  const dir = fileURLToPath(url);
  const size = (path: string): number | undefined => {
    const found = fs.statSync(join(dir, path), { throwIfNoEntry: false });
    if (found === undefined && !fs.existsSync(dir))
      throw new Trouble(`there is no directory ${dir}`, { final: true });
    return found?.isFile() === true ? found.size : undefined;
  };
  return {
    url,
    get: (path, sink) => attempt(() => size(path) !== undefined && read(fs, join(dir, path), sink)),
    size: (path) => attempt(() => size(path)),
    put: (path, content, how) =>
      attempt(() =>
        asMirror(() =>
          withAside({ fs, dir }, (file) => {
            for (const bytes of content.bytes()) file.write(bytes);
            if (how === 'create') return file.create(join(dir, path));
            file.replace(join(dir, path));
            return true;
          }),
        ),
      ),
  };
}

/** Writing aside tells what the file system refuses as of a store of one's own. */
function asMirror<T>(write: () => T): T {
  try {
    return write();
  } catch (error) {
    throw error instanceof VarveError ? error.cause : error;
  }
}

function read(fs: FileSystem, path: string, sink: (bytes: Uint8Array) => void): boolean {
  const fd = fs.openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(PIECE);
    for (let count = -1; count !== 0;) {
      count = fs.readSync(fd, buffer, 0, PIECE, null);
      sink(buffer.subarray(0, count));
    }
  } finally {
    fs.closeSync(fd);
  }
  return true;
}

/** What the file system refuses is the mirror's trouble. */
function attempt<T>(work: () => T): Promise<T> {
  return Promise.resolve().then(() => {
    try {
      return work();
    } catch (error) {
      if (errorCode(error) === undefined) throw error;
      throw new Trouble((error as Error).message, { final: true });
    }
  });
}
