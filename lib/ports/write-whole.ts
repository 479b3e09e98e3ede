import type { FileSystem } from './world.ts';

/**
 * Writes all of some bytes, where the file stands or at a position: of one call the kernel may take a part only, and does
 * so on a disk that is about to be full.
 */
export function writeWhole(fs: FileSystem, fd: number, bytes: Uint8Array, position?: number): void {
  for (let done = 0; done < bytes.length;) {
    const at = position === undefined ? null : position + done;
    done += fs.writeSync(fd, bytes, done, bytes.length - done, at);
  }
}
