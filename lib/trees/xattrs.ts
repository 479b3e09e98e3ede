/** Extended attributes as a tree's metadata has them: words `xattr.NAME=VALUE`, sorted, the value in base64. */
import { byCodeUnit } from '../terms/ids.ts';
import { decodeRaw, encodeRaw } from './raw-text.ts';

/** Values by name, both raw bytes as latin1 strings. */
export type Xattrs = ReadonlyMap<string, string>;

/** Whether an attribute is recorded: a file's own and its capabilities, not what one machine's policy says of it. */
export function isRecordedXattr(name: string): boolean {
  return /^user\..|^security\.capability$/s.test(name);
}

/** Writes attributes as the words of a line; undefined for none. */
export function formatXattrs(xattrs: Xattrs): string | undefined {
  const words = [...xattrs]
    .toSorted(([a], [b]) => byCodeUnit(a, b))
    .map(
      ([name, value]) =>
        `${PREFIX}${encodeRaw(name).replaceAll('=', '\\075')}=${Buffer.from(value, 'latin1').toString('base64')}`,
    );
  return words.length === 0 ? undefined : words.join(' ');
}

/** Reads what {@link formatXattrs} wrote. */
export function parseXattrs(words: string | undefined): Map<string, string> {
  return new Map(words === undefined ? [] : words.split(' ').flatMap((word) => parsedWord(word) ?? []));
}

/** Whether a word of a line is that of a recorded attribute. */
export function isXattrWord(word: string): boolean {
  return word.startsWith(PREFIX) && parsedWord(word) !== undefined;
}

const PREFIX = 'xattr.';

function parsedWord(word: string): [[string, string]] | undefined {
  const equals = word.indexOf('=');
  const name = decodeRaw(word.slice(PREFIX.length, equals));
  const value = word.slice(equals + 1);
  if (equals === -1 || !isRecordedXattr(name) || !/^[A-Za-z0-9+/]*={0,2}$/.test(value)) return undefined;
  return [[name, Buffer.from(value, 'base64').toString('latin1')]];
}
