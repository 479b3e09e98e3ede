import { isUtf8 } from 'node:buffer';

/**
 * Writes a raw name as git does in a patch: in quotes and with escapes of C where it would else be read otherwise, or could
 * not be shown. To GNU patch a name without quotes ends before its last blanks.
 */
export function quotedName(raw: string): string {
  const isText = isUtf8(Buffer.from(raw, 'latin1'));
  if (isText && !ODD.test(raw)) return raw;
  return `"${raw.replaceAll(isText ? ODD_CHARACTER : ODD_BYTE, escaped)}"`;
}

// oxlint-disable no-control-regex -- control characters are what is looked for
const ODD = /[\u0000-\u001f\u007f"\\]| $/;
const ODD_CHARACTER = /[\u0000-\u001f\u007f"\\]/g;
const ODD_BYTE = /[\u0000-\u001f\u007f-\u00ff"\\]/g;
// oxlint-enable no-control-regex

function escaped(character: string): string {
  return `\\${/["\\]/.test(character) ? character : (LETTERS.get(character) ?? octal(character))}`;
}

const octal = (character: string): string => character.charCodeAt(0).toString(8).padStart(3, '0');

const LETTERS = new Map([
  ['\u0007', 'a'],
  ['\b', 'b'],
  ['\f', 'f'],
  ['\n', 'n'],
  ['\r', 'r'],
  ['\t', 't'],
  ['\v', 'v'],
]);

/** Ends such a name in a line of a patch with a tab where it has a blank and no quotes: what follows one could be a date. */
export function endedName(quoted: string): string {
  return quoted.includes(' ') && !quoted.startsWith('"') ? `${quoted}\t` : quoted;
}

/** Writes such a name where two stand in a line: to GNU patch one without quotes ends at its first blank. */
export function enclosedName(quoted: string): string {
  return quoted.includes(' ') && !quoted.startsWith('"') ? `"${quoted}"` : quoted;
}

/** Reads a name that {@link quotedName}, git or GNU patch wrote; raw, if what is read is. */
export function unquotedName(said: string): string {
  if (!/^".*"$/.test(said)) return said;
  return said
    .slice(1, -1)
    .replaceAll(/\\([0-7]{3}|.)/g, (_, what: string) =>
      what.length === 3 ? String.fromCharCode(Number.parseInt(what, 8)) : (CHARACTERS.get(what) ?? what),
    );
}

const CHARACTERS = new Map([...LETTERS].map(([character, letter]) => [letter, character]));
