import { isUtf8 } from 'node:buffer';
import type { SourceText } from '../ports/source-text.ts';
import type { FileSystem } from '../ports/world.ts';
import { byCodeUnit } from '../terms/ids.ts';
import { VarveError } from '../terms/varve-error.ts';
import { attempt } from './attempt.ts';
import { createTextMemo, type TextMemo } from './text-memo.ts';

export interface RememberedTexts extends SourceText {
  /** The files that were read, in code-unit order. */
  seen(): readonly string[];
  /** The SHA-256 of a file; undefined: there is no such file. It cannot be read as another one afterwards. */
  sha256(path: string): string | undefined;
}

/** Reads metadata from the disk, each file and directory once. */
export function rememberTexts(fs: FileSystem, memo: TextMemo = createTextMemo(fs)): RememberedTexts {
  const texts = new Map<string, string | undefined>();
  const sums = new Map<string, string | undefined>();
  const lists = new Map<string, readonly string[]>();
  const found = new Map<string, boolean>();
  const readNow = (path: string): string | undefined => {
    const read = memo.read(path);
    if (sums.has(path) && sums.get(path) !== read?.sha256) throw changed(path);
    sums.set(path, read?.sha256);
    return typeof read?.content === 'object' ? textIn(path, read.content) : read?.content;
  };
  return {
    read: (path) => remembered(texts, path, readNow),
    exists: (path) => texts.get(path) !== undefined || remembered(found, path, () => fs.existsSync(path)),
    list: (dir) =>
      remembered(lists, dir, () => attempt(() => fs.readdirSync(dir).toSorted(byCodeUnit)) ?? []),
    seen: () => [...texts].flatMap(([path, text]) => (text === undefined ? [] : [path])).toSorted(byCodeUnit),
    sha256: (path) => remembered(sums, path, () => memo.sha256(path)),
  };
}

function remembered<V>(known: Map<string, V>, key: string, make: (key: string) => V): V {
  const before = known.get(key);
  if (before !== undefined || known.has(key)) return before as V;
  const made = make(key);
  known.set(key, made);
  return made;
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

function changed(path: string): VarveError {
  return new VarveError('metadata', 'this file was changed while varve was reading', {
    place: { file: path },
    hints: ['The same command again reads it as it is now.'],
  });
}
