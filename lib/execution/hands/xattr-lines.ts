/** What is asked of python/attributes.py, a line each, and what it answers. Paths, names and values are raw; it has all in base64. */
import { formatXattrs, isRecordedXattr, parseXattrs } from '../../trees/xattrs.ts';

/** Attributes as `formatXattrs` writes them. */
export type WordsByPath = ReadonlyMap<string, string>;

/** Asks what these files of a directory have. */
export function readingLine(dir: string, paths: readonly string[]): string {
  return ['read', encodedDir(dir), ...paths.map(encoded)].join(' ');
}

/** Asks what a directory and all below it have. */
export function readingAllLine(dir: string): string {
  return `read-all ${encodedDir(dir)}`;
}

/** Gives files of a directory just these, and asks what they have then. */
export function writingLine(dir: string, wanted: WordsByPath): string {
  return `write ${encodedDir(dir)} ${formatTold(wanted)}`;
}

/** Writes what an answer would be. */
export function formatTold(xattrs: WordsByPath): string {
  const files = [...xattrs].map(([path, words]) => {
    const attributes = [...parseXattrs(words)].map(([name, value]) => `${encoded(name)}:${encoded(value)}`);
    return [encoded(path), ...attributes].join(',');
  });
  return files.join(' ');
}

/** What an answer tells of a file: its attributes that are recorded, and the names of the others. */
export interface Told {
  readonly path: string;
  readonly words: string | undefined;
  readonly others: readonly string[];
}

export function parseTold(answer: string): readonly Told[] {
  return answer
    .split(' ')
    .filter((file) => file !== '')
    .map((file) => {
      const [path = '', ...attributes] = file.split(',');
      const pairs = attributes.map(attributeOf);
      return {
        path: decoded(path),
        words: formatXattrs(new Map(pairs.filter(([name]) => isRecordedXattr(name)))),
        others: pairs.flatMap(([name]) => (isRecordedXattr(name) ? [] : [name])),
      };
    });
}

function attributeOf(attribute: string): readonly [name: string, value: string] {
  const [name = '', value = ''] = attribute.split(':').map(decoded);
  return [name, name === 'security.capability' ? ofAnyUser(value) : value];
}

/** One that was set in a user's own namespace ends in the id of that user, which is not the file's. */
function ofAnyUser(capability: string): string {
  return capability.length === 24 && capability[3] === '\x03'
    ? `${capability.slice(0, 3)}\x02${capability.slice(4, 20)}`
    : capability;
}

/** What of the answers is recorded. */
export function recordedIn(answer: string): WordsByPath {
  return new Map(
    parseTold(answer).flatMap(({ path, words }) => (words === undefined ? [] : [[path, words]])),
  );
}

function encodedDir(dir: string): string {
  return Buffer.from(dir, 'utf8').toString('base64');
}

function encoded(raw: string): string {
  return Buffer.from(raw, 'latin1').toString('base64');
}

function decoded(word: string): string {
  return Buffer.from(word, 'base64').toString('latin1');
}
