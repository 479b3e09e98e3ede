import { isDiskFull } from '../terms/is-disk-full.ts';
import { VarveError } from '../terms/varve-error.ts';

interface Refusal {
  readonly what: string;
  readonly hint: string;
}

const closed = 'Mend its owner or mode, or choose another place.';
const inTheWay = 'Move it away, or choose another place.';

/** What the system says when a disk is full or a place is closed: a person's to mend, not a fault in varve. */
const refusals: Readonly<Record<string, Refusal>> = {
  EACCES: { what: 'permission denied', hint: closed },
  EPERM: { what: 'not permitted', hint: closed },
  EROFS: { what: 'the file system is read-only', hint: 'Choose another place: varve init DIR' },
  ENOSPC: {
    what: 'no space left on the device',
    hint: 'Free some and build again; what is recorded stays: varve gc --dry-run and varve history size say what there is.',
  },
  EDQUOT: { what: 'the quota is used up', hint: 'Free some and build again: what is recorded stays.' },
  EFBIG: { what: 'the file is too large for its file system', hint: 'Choose another place.' },
  EIO: {
    what: 'the disk cannot be read or written there',
    hint: 'Look what the system says of the disk: dmesg',
  },
  ENOTDIR: { what: 'something on the way to it is not a directory', hint: inTheWay },
  EISDIR: { what: 'a directory stands where a file belongs', hint: inTheWay },
  EEXIST: { what: 'something else stands in its place', hint: inTheWay },
  ENOTEMPTY: { what: 'it is not empty, though nobody else should write there', hint: inTheWay },
  ELOOP: { what: 'its symbolic links lead in a circle', hint: inTheWay },
  EXDEV: {
    what: 'it would have to move to another file system',
    hint: 'Keep what belongs together on one file system.',
  },
  EBUSY: { what: 'something holds it, such as a mount', hint: 'Unmount it, or choose another place.' },
  ETXTBSY: { what: 'it is a program that runs just now', hint: 'End that program and build again.' },
  ENAMETOOLONG: {
    what: 'its path or name is too long for the file system',
    hint: 'A build directory with a shorter path leaves more room: varve init DIR',
  },
  ENOENT: {
    what: 'it is gone, or what it stands in',
    hint: 'If something removed it while varve ran, type the command again; if nothing did, please report this.',
  },
  EMFILE: { what: 'too many open files', hint: 'Raise the limit: ulimit -n' },
  ENFILE: { what: 'too many open files on this machine', hint: 'End what holds them, or raise fs.file-max.' },
};

/** Turns what the system refused into an error that names the place; every other error stays what it is. */
export function explainSystemError(error: unknown): unknown {
  const { code, path, syscall } = error as NodeJS.ErrnoException;
  const refusal = error instanceof Error && code !== undefined ? refusals[code] : undefined;
  if (refusal === undefined || error instanceof VarveError) return error;
  const place = path === undefined ? (syscall ?? 'a system call') : String(path);
  return new VarveError(isDiskFull(error) ? 'disk' : 'usage', `${place}: ${refusal.what}`, {
    hints: [refusal.hint],
    cause: error,
  });
}
