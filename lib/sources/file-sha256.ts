import { createHash } from 'node:crypto';
import type { FileSystem } from '../ports/world.ts';
import { systemPath } from '../trees/raw-text.ts';
import type { FileMemo } from './source-context.ts';

const CHUNK = 1 << 20;

/** Computes the SHA-256 of a file's content in lower-case hex, reading it in pieces. */
export function fileSha256(fs: FileSystem, path: string): string {
  const sha256 = createHash('sha256');
  const buffer = Buffer.allocUnsafe(CHUNK);
  const fd = fs.openSync(systemPath(path), 'r');
  try {
    for (let count = CHUNK; count > 0;) {
      count = fs.readSync(fd, buffer, 0, CHUNK, null);
      sha256.update(buffer.subarray(0, count));
    }
  } finally {
    fs.closeSync(fd);
  }
  return sha256.digest('hex');
}

/** Computes the SHA-256 of a file, or takes it from the memo where the file has not been touched since. */
export function rememberedSha256(fs: FileSystem, path: string, memo: FileMemo | undefined): string {
  if (memo === undefined) return fileSha256(fs, path);
  const { size, mtimeMs, ctimeMs, ino } = fs.statSync(systemPath(path));
  const stat = `${size} ${mtimeMs} ${ctimeMs} ${ino}`;
  const known = memo.get(path);
  if (known?.stat === stat) return known.sha256;
  const sha256 = fileSha256(fs, path);
  memo.set(path, { stat, sha256 });
  return sha256;
}
