/** One file of many named pieces: the tar and gzip of the artifacts, which any tar reads. */
import { basename, dirname, join } from 'node:path';
import type { BlobContent } from '../ports/objects.ts';
import type { FileSystem } from '../ports/world.ts';
import { writeWhole } from '../ports/write-whole.ts';
import { Damage } from './damage.ts';
import { gunzipFrom, gzipTo } from './gzip-members.ts';
import { readTar, type Read } from './read-tar.ts';
import { BLOCK, encodeHeader, padding } from './tar-header.ts';

export type Put = (name: string, content: BlobContent) => void;

/** A member that is read: what its content is must be asked for before the next comes. */
export interface Member {
  readonly name: string;
  readonly size: number;
  readonly read: Read;
}

/** Where a file that a person named is written before it is whole: no name that they are likely to use. */
export const asideOf = (path: string): string => join(dirname(path), `.${basename(path)}.new`);

/** Writes a file with what `fill` puts in, in that order; the same pieces make the same bytes. */
export function writeMembers(fs: FileSystem, path: string, fill: (put: Put) => void): void {
  const aside = asideOf(path);
  fs.rmSync(aside, { force: true });
  const fd = fs.openSync(aside, 'wx', 0o644);
  try {
    const gzip = gzipTo((bytes) => writeWhole(fs, fd, bytes));
    fill((name, content) => {
      gzip.write(encodeHeader(headerOf(name, content.size)));
      for (const piece of content.pieces()) gzip.write(piece);
      gzip.write(Buffer.alloc(padding(content.size)));
    });
    gzip.write(Buffer.alloc(2 * BLOCK));
    gzip.end();
    fs.fsyncSync(fd);
    fs.renameSync(aside, path);
  } finally {
    fs.closeSync(fd);
    fs.rmSync(aside, { force: true });
  }
}

function headerOf(path: string, size: number): Parameters<typeof encodeHeader>[0] {
  return { path, kind: 'file', mode: 0o644, uid: 0, gid: 0, size, mtime: 0, link: '' };
}

/** Reads what {@link writeMembers} wrote; answers why a file is not such a one. What was visited is proven by nobody. */
export function readMembers(
  fs: FileSystem,
  path: string,
  visit: (member: Member) => void,
): string | undefined {
  const fd = fs.openSync(path, 'r');
  try {
    if (!isCompressed(fs, fd)) return 'it is not compressed, as what is exported is';
    readTar(
      gunzipFrom((buffer) => fs.readSync(fd, buffer, 0, buffer.length, null)),
      (header, read) => {
        if (header.kind !== 'file') throw new Damage(`it holds a ${header.kind}`);
        visit({ name: header.path, size: header.size, read });
      },
    );
    return undefined;
  } catch (error) {
    if (error instanceof Damage) return error.message;
    throw error;
  } finally {
    fs.closeSync(fd);
  }
}

/** Whether a file may be an export: all are compressed. */
export function mayBeMembers(fs: FileSystem, path: string): boolean {
  const fd = fs.openSync(path, 'r');
  try {
    return isCompressed(fs, fd);
  } finally {
    fs.closeSync(fd);
  }
}

function isCompressed(fs: FileSystem, fd: number): boolean {
  const start = Buffer.alloc(2);
  fs.readSync(fd, start, 0, start.length, 0);
  return start.equals(Buffer.from([0x1f, 0x8b]));
}
