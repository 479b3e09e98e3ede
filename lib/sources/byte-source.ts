import type { FileSystem } from '../ports/world.ts';

/** Bytes to be read once, from front to end. */
export interface ByteSource {
  /** The next bytes, `max` at most, good until the next call; none at the end. */
  take(max: number): Buffer;
  close(): void;
}

const CHUNK = 4 << 20;

/** Reads what is in memory. */
export function bufferSource(bytes: Buffer): ByteSource {
  let at = 0;
  return {
    take: (max) => {
      const start = at;
      at = Math.min(bytes.length, start + max);
      return bytes.subarray(start, at);
    },
    close: () => {},
  };
}

/** Reads a file in large pieces. */
export function fileSource(fs: FileSystem, path: string | Buffer): ByteSource {
  const fd = fs.openSync(path, 'r');
  const buffer = Buffer.allocUnsafe(Math.min(CHUNK, Math.max(1, fs.fstatSync(fd).size)));
  let [start, end] = [0, 0];
  return {
    take: (max) => {
      if (start === end) [start, end] = [0, fs.readSync(fd, buffer, 0, buffer.length, null)];
      const from = start;
      start = Math.min(end, from + max);
      return buffer.subarray(from, start);
    },
    close: () => fs.closeSync(fd),
  };
}

/** The next `count` bytes; fewer only at the end. */
export function takeExactly(source: ByteSource, count: number): Buffer {
  const first = source.take(count);
  if (first.length === count || first.length === 0) return first;
  const pieces = [Buffer.from(first)];
  let missing = count - first.length;
  while (missing > 0) {
    const piece = source.take(missing);
    if (piece.length === 0) break;
    pieces.push(Buffer.from(piece));
    missing -= piece.length;
  }
  return Buffer.concat(pieces);
}

/** Hands the next `count` bytes to `write`, piece by piece; the answer is how many there were. */
export function pour(source: ByteSource, count: number, write: (bytes: Buffer) => void): number {
  let missing = count;
  while (missing > 0) {
    const piece = source.take(missing);
    if (piece.length === 0) break;
    write(piece);
    missing -= piece.length;
  }
  return count - missing;
}
