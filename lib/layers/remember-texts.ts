import { isUtf8 } from 'node:buffer';
import type { SourceText } from '../ports/source-text.ts';
import type { FileSystem } from '../ports/world.ts';
import { byCodeUnit } from '../terms/ids.ts';
import { VarveError } from '../terms/varve-error.ts';

export interface RememberedTexts extends SourceText {
  /** The files that were read, in code-unit order. */
  seen(): readonly string[];
}

/** Reads metadata from the disk, each file and directory once. */
export function rememberTexts(fs: FileSystem): RememberedTexts {
  const texts = new Map<string, string | undefined>();
  const lists = new Map<string, readonly string[]>();
  return {
    read: (path) => remembered(texts, path, () => attempt(() => textIn(path, fs.readFileSync(path)))),
    exists: (path) => texts.get(path) !== undefined || fs.existsSync(path),
    list: (dir) =>
      remembered(lists, dir, () => attempt(() => fs.readdirSync(dir).toSorted(byCodeUnit)) ?? []),
    seen: () => [...texts].flatMap(([path, text]) => (text === undefined ? [] : [path])).toSorted(byCodeUnit),
  };
}

/** Replacing what is not UTF-8, as Node does, would build something else than what is written. */
function textIn(path: string, bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  const lines = bytes.toString('latin1').split('\n');
  const line = 1 + lines.findIndex((text) => !isUtf8(Buffer.from(text, 'latin1')));
  throw new VarveError('metadata', 'this is no UTF-8 text', {
    place: { file: path, line },
    hints: [`iconv -f latin1 -t utf-8 ${path}   if it is Latin-1`],
  });
}

function remembered<V>(known: Map<string, V>, key: string, make: () => V): V {
  const before = known.get(key);
  if (before !== undefined || known.has(key)) return before as V;
  const made = make();
  known.set(key, made);
  return made;
}

const absent: ReadonlySet<string | undefined> = new Set([
  'ENOENT',
  'ENOTDIR',
  'EISDIR',
  'ELOOP',
  'ENAMETOOLONG',
]);

/** A file that is not there is no file; one that may not be read is a problem to be told. */
function attempt<V>(read: () => V): V | undefined {
  try {
    return read();
  } catch (error) {
    if (absent.has((error as NodeJS.ErrnoException).code)) return undefined;
    throw error;
  }
}
