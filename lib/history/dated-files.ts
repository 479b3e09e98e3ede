import type { BigIntStats } from 'node:fs';
import type { BlobContent } from '../ports/objects.ts';
import type { FileSystem } from '../ports/world.ts';
import { isAbsent } from './replace-file.ts';
import { utimesArgument } from './times.ts';
import { writeContent } from './write-content.ts';

export interface NewFile {
  readonly content: BlobContent;
  readonly mode: number;
  /** Undefined: it stays that of its making. */
  readonly time: bigint | undefined;
}

/** Writes a file that is not there yet; answers how it looks then. Calls on its path would cost twice as much. */
export function writeNewFile(fs: FileSystem, path: Buffer, { content, mode, time }: NewFile): BigIntStats {
  // Mostly the umask leaves all of that.
  const fd = fs.openSync(path, 'wx', (mode & 0o777) | 0o600);
  const stat = (): BigIntStats => fs.fstatSync(fd, { bigint: true });
  try {
    writeContent(fs, fd, content);
    const made =
      time === undefined ? stat() : setExactly(time, { set: (to) => fs.futimesSync(fd, to, to), stat });
    if (Number(made.mode & 0o7777n) === mode) return made;
    fs.chmodSync(path, mode);
    return stat();
  } finally {
    fs.closeSync(fd);
  }
}

/** Sets the time of what may be a link, or a fifo that could not be made. */
export function setTimeOf(fs: FileSystem, path: Buffer, time: bigint): void {
  try {
    setExactly(time, {
      set: (to) => fs.lutimesSync(path, to, to),
      stat: () => fs.lstatSync(path, { bigint: true }),
    });
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
}

interface Timed {
  set(time: number | string): void;
  stat(): BigIntStats;
}

/** Sets a time, never a later one; answers how it looks then. */
function setExactly(time: bigint, { set, stat }: Timed): BigIntStats {
  set(utimesArgument(time));
  const done = stat();
  if (done.mtimeNs <= time) return done;
  // A runtime that passes fractions of microseconds on could have set it a trifle late.
  set(utimesArgument(time - 1000n));
  return stat();
}
