/** Raw file names (bytes as latin1 strings) in text files: octal escapes as in vis(3) and mtree(5). */

/** Writes a raw name so that it holds no blank, no control character and nothing beyond ASCII. */
export function encodeRaw(name: string): string {
  return name.replaceAll(
    // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
    /[\u0000-\u0020\\\u007f-\u00ff]/g,
    (byte) => `\\${byte.charCodeAt(0).toString(8).padStart(3, '0')}`,
  );
}

/** Reads what {@link encodeRaw} wrote. */
export function decodeRaw(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}

/** Turns a path in the program's own strings into one of raw bytes. */
export function rawPath(path: string): string {
  return Buffer.from(path, 'utf8').toString('latin1');
}

/** Shows a raw path to a person; bytes that are not UTF-8 become replacement characters. */
export function shownPath(raw: string): string {
  // Most names are ASCII, and need no decoder.
  return /[\x80-\xff]/.test(raw) ? Buffer.from(raw, 'latin1').toString('utf8') : raw;
}
