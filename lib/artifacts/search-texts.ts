import type { Entry } from '../ports/objects.ts';
import type { Watch } from './write-tar.ts';

/** A file that has one of the texts in it, or a link to such a place. */
export interface FoundText {
  readonly entry: Entry;
  /** The one that is found first, and where it begins. */
  readonly text: string;
  readonly at: number;
}

export interface TextSearch {
  readonly watch: Watch;
  /** In the order in which they passed by; one a file. */
  readonly found: readonly FoundText[];
}

const slash = Buffer.from('/');

/** Looks for texts in files that pass by in pieces; what is found is not looked through any further. */
export function searchTexts(texts: readonly string[]): TextSearch {
  const wanted = texts.map((text) => ({ text, bytes: Buffer.from(text) }));
  const overlap = Math.max(1, ...wanted.map(({ bytes }) => bytes.length)) - 1;
  const found: FoundText[] = [];
  const first = (bytes: Buffer): Omit<FoundText, 'entry'> | undefined =>
    wanted
      .map(({ text, bytes: needle }) => ({ text, at: bytes.indexOf(needle) }))
      .filter(({ at }) => at >= 0)
      .sort((a, b) => a.at - b.at)[0];
  const watch: Watch = (entry) => {
    let seen = 0;
    let tail = Buffer.alloc(0);
    let done = false;
    return (piece) => {
      if (done) return;
      const given = Buffer.from(piece.buffer, piece.byteOffset, piece.length);
      // A link may lead to the very directory that a text ends with.
      const bytes = entry.kind === 'symlink' ? Buffer.concat([given, slash]) : given;
      const joint = tail.length === 0 ? tail : Buffer.concat([tail, bytes.subarray(0, overlap)]);
      const start = seen - tail.length;
      const across = first(joint);
      const within = across === undefined ? first(bytes) : undefined;
      if (across !== undefined) found.push({ entry, text: across.text, at: start + across.at });
      else if (within !== undefined) found.push({ entry, text: within.text, at: seen + within.at });
      done = across !== undefined || within !== undefined;
      seen += bytes.length;
      tail = Buffer.concat([tail, bytes.subarray(-overlap)]).subarray(-overlap);
    };
  };
  return { watch, found };
}
