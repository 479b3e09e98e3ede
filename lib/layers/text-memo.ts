import { hash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import type { FileSystem } from '../ports/world.ts';
import { lastTouched } from '../terms/last-touched.ts';
import { attempt } from './attempt.ts';

/** What a file's stat proves about its content. */
export interface Proof {
  readonly path: string;
  readonly stat: string;
  readonly sha256: string;
}

/** Checksums of files; what an earlier run found out is true of a file whose stat is still the same. */
export interface TextMemo {
  /** Takes over what an earlier run proved. */
  trust(proofs: readonly Proof[]): void;
  /** Undefined: there is no such file. */
  read(path: string): { readonly bytes: Buffer; readonly sha256: string } | undefined;
  /** Reads the file only where nothing proves what it holds. */
  sha256(path: string): string | undefined;
  /**
   * What later runs may go by. A file that was touched at or after `bound` (nanoseconds since the epoch) may have been
   * written again within the same tick of the clock, unseen: nothing is proved of it.
   */
  proofs(bound: bigint): readonly Proof[];
  /** Whether a file had to be read for its checksum, since nothing was proved of it. */
  learnt(): boolean;
}

interface Known extends Pick<Proof, 'stat' | 'sha256'> {
  /** See {@link lastTouched}. */
  readonly touched: bigint;
}

/** Makes a memo that knows nothing yet. */
export function createTextMemo(fs: FileSystem): TextMemo {
  const known = new Map<string, Known>();
  let learnt = false;
  const read: TextMemo['read'] = (path) => {
    const file = readWhole(fs, path);
    if (file === undefined) return undefined;
    const sha256 = hash('sha256', file.bytes, 'hex');
    known.set(path, { stat: file.stat, touched: file.touched, sha256 });
    return { bytes: file.bytes, sha256 };
  };
  return {
    trust(proofs) {
      for (const proof of proofs)
        if (!known.has(proof.path)) known.set(proof.path, { ...proof, touched: longAgo });
    },
    read,
    sha256(path) {
      // From before the content is read: what changes meanwhile has another stat afterwards.
      const stat = attempt(() => fs.statSync(path, { bigint: true, throwIfNoEntry: false }));
      const seen = stat && look(stat);
      const before = known.get(path);
      if (before !== undefined && before.stat === seen?.stat) return before.sha256;
      learnt = true;
      const sha256 = seen && sumOfText(fs, path);
      if (seen === undefined || sha256 === undefined) return read(path)?.sha256;
      known.set(path, { ...seen, sha256 });
      return sha256;
    },
    proofs: (bound) =>
      [...known].flatMap(([path, { stat, sha256, touched }]) =>
        touched < bound ? [{ path, stat, sha256 }] : [],
      ),
    learnt: () => learnt,
  };
}

const longAgo = -1n;
interface Look {
  readonly stat: string;
  readonly touched: bigint;
}

/** The change time is there because a file may be replaced by one of the same size and modification time. */
function look(stat: BigIntStats): Look {
  const { dev, ino, size, mtimeNs, ctimeNs } = stat;
  return { stat: `${dev} ${ino} ${size} ${mtimeNs} ${ctimeNs}`, touched: lastTouched(stat) };
}

/** The checksum of a file that is UTF-8, which Node reads in a call instead of four; undefined where that does not show. */
function sumOfText(fs: FileSystem, path: string): string | undefined {
  const text = attempt(() => fs.readFileSync(path, 'utf8'));
  return text === undefined || text.includes('\ufffd') ? undefined : hash('sha256', text, 'hex');
}

/** The stat is from before the content was read. */
function readWhole(fs: FileSystem, path: string): (Look & { readonly bytes: Buffer }) | undefined {
  const file = attempt(() => fs.openSync(path, 'r'));
  if (file === undefined) return undefined;
  try {
    const seen = look(fs.fstatSync(file, { bigint: true }));
    const bytes = attempt(() => fs.readFileSync(file));
    return bytes === undefined ? undefined : { ...seen, bytes };
  } finally {
    fs.closeSync(file);
  }
}
