import type { FileSystem } from '../ports/world.ts';
import type { Place } from '../terms/varve-error.ts';

/** The line that an error is about, as it stands in its file. Lines and columns count from 1. */
export interface Quoted {
  readonly text: string;
  readonly column: number;
}

/** Finds the line of a place; undefined where it names none, or its file cannot be read any more. */
export function quotePlace(
  { file, line, about }: Place,
  fs: Pick<FileSystem, 'readFileSync'>,
): Quoted | undefined {
  if (line === undefined) return undefined;
  const text = readLine(file, line, fs)?.trimEnd();
  if (text === undefined || text === '') return undefined;
  const at = about === undefined ? -1 : wholeWord(text, about);
  return { text, column: (at < 0 ? text.search(/\S/) : at) + 1 };
}

function readLine(file: string, line: number, fs: Pick<FileSystem, 'readFileSync'>): string | undefined {
  try {
    return fs.readFileSync(file, 'utf8').split(/\r\n?|\n/)[line - 1];
  } catch {
    // What is to be told is told without the line.
    return undefined;
  }
}

/** Finds a word where it stands by itself (`it` is not meant in `inherit`), else wherever it stands. */
function wholeWord(text: string, word: string): number {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const before = /\w/.test(text.charAt(at - 1)) && /^\w/.test(word);
    const after = /\w/.test(text.charAt(at + word.length)) && /\w$/.test(word);
    if (!before && !after) return at;
  }
  return text.indexOf(word);
}
