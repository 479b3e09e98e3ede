import { hash } from 'node:crypto';
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
  /** A text, or bytes where they may be none. Undefined: there is no such file. */
  read(path: string): { readonly content: string | Buffer; readonly sha256: string } | undefined;
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
  // What was seen is from before the content is read: what changes meanwhile has another stat afterwards.
  const readAs = (path: string, seen: Look | undefined): ReturnType<TextMemo['read']> => {
    const content = seen && contentOf(fs, path);
    if (seen === undefined || content === undefined) return undefined;
    const sha256 = hash('sha256', content, 'hex');
    known.set(path, { ...seen, sha256 });
    return { content, sha256 };
  };
  return {
    trust(proofs) {
      for (const proof of proofs)
        if (!known.has(proof.path)) known.set(proof.path, { ...proof, touched: longAgo });
    },
    read: (path) => readAs(path, look(fs, path)),
    sha256(path) {
      const seen = look(fs, path);
      const before = known.get(path);
      if (before !== undefined && before.stat === seen?.stat) return before.sha256;
      learnt = true;
      return readAs(path, seen)?.sha256;
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
function look(fs: FileSystem, path: string): Look | undefined {
  const stat = attempt(() => fs.statSync(path, { bigint: true, throwIfNoEntry: false }));
  if (stat === undefined) return undefined;
  const { dev, ino, size, mtimeNs, ctimeNs } = stat;
  return { stat: `${dev} ${ino} ${size} ${mtimeNs} ${ctimeNs}`, touched: lastTouched(stat) };
}

/** UTF-8 Node reads in a call instead of four. */
function contentOf(fs: FileSystem, path: string): string | Buffer | undefined {
  return attempt(() => {
    const text = fs.readFileSync(path, 'utf8');
    return text.includes('\ufffd') ? fs.readFileSync(path) : text;
  });
}
