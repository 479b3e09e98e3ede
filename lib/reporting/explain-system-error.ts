import { VarveError } from '../terms/varve-error.ts';

/** What the system says when a disk is full or a place is closed: a person's to mend, not a fault in varve. */
const refusals: Readonly<Record<string, { readonly what: string; readonly hint: string }>> = {
  EACCES: { what: 'permission denied', hint: 'Mend its owner or mode, or choose another place.' },
  EPERM: { what: 'not permitted', hint: 'Mend its owner or mode, or choose another place.' },
  EROFS: { what: 'the file system is read-only', hint: 'Choose another place: varve init DIR' },
  ENOSPC: {
    what: 'no space left on the device',
    hint: 'Free some and build again: what is recorded stays; varve clean RECIPE removes a WORKDIR.',
  },
  EDQUOT: { what: 'the quota is used up', hint: 'Free some and build again: what is recorded stays.' },
  ENOTDIR: {
    what: 'something on the way to it is not a directory',
    hint: 'Move it away, or choose another place.',
  },
  EMFILE: { what: 'too many open files', hint: 'Raise the limit: ulimit -n' },
};

/** Turns what the system refused into an error that names the place; every other error stays what it is. */
export function explainSystemError(error: unknown): unknown {
  const { code, path, syscall } = error as NodeJS.ErrnoException;
  const refusal = error instanceof Error && code !== undefined ? refusals[code] : undefined;
  if (refusal === undefined || error instanceof VarveError) return error;
  const place = path === undefined ? (syscall ?? 'a system call') : String(path);
  return new VarveError('usage', `${place}: ${refusal.what}`, { hints: [refusal.hint], cause: error });
}
