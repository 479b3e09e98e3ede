import type { SourceText } from '../ports/source-text.ts';
import type { FileSystem } from '../ports/world.ts';
import { byCodeUnit } from '../terms/ids.ts';

export interface RememberedTexts extends SourceText {
  /** The files that were read, in code-unit order. */
  seen(): readonly string[];
}

/** Reads metadata from the disk, each file and directory once. */
export function rememberTexts(fs: FileSystem): RememberedTexts {
  const texts = new Map<string, string | undefined>();
  const lists = new Map<string, readonly string[]>();
  return {
    read: (path) => remembered(texts, path, () => attempt(() => fs.readFileSync(path, 'utf8'))),
    exists: (path) => texts.get(path) !== undefined || fs.existsSync(path),
    list: (dir) =>
      remembered(lists, dir, () => attempt(() => fs.readdirSync(dir).toSorted(byCodeUnit)) ?? []),
    seen: () => [...texts].flatMap(([path, text]) => (text === undefined ? [] : [path])).toSorted(byCodeUnit),
  };
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
