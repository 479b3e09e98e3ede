/**
 * File names, which are bytes: raw (a character stands for each byte), as octal escapes of vis(3) and mtree(5) in text
 * files, and as text of the program's own, in which a lone surrogate stands for a byte that is no part of UTF-8 (U+DCFF
 * for 0xff, as in Python): no decoder makes one, so that such a name is told from any other.
 */
import { isUtf8 } from 'node:buffer';

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
  const raw = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');
  if (!STRAY.test(path)) return raw(path);
  return path
    .split(STRAY)
    .map((part) =>
      part.length === 1 && STRAY.test(part) ? String.fromCharCode(part.charCodeAt(0) & 0xff) : raw(part),
    )
    .join('');
}

/** Turns a raw path into one of the program's own strings; {@link rawPath} turns it back. */
export function ownPath(raw: string): string {
  if (isUtf8(Buffer.from(raw, 'latin1'))) return shownPath(raw);
  return raw.replaceAll(UTF8_OR_BYTE, (part) => {
    if (isUtf8(Buffer.from(part, 'latin1'))) return shownPath(part);
    return part.replaceAll(/[^]/g, (byte) => String.fromCharCode(0xdc00 + byte.charCodeAt(0)));
  });
}

/** What system calls get for a path in the program's own strings. */
export function systemPath(path: string): string | Buffer {
  return STRAY.test(path) ? Buffer.from(rawPath(path), 'latin1') : path;
}

/** Shows a raw path to a person; bytes that are not UTF-8 become replacement characters. */
export function shownPath(raw: string): string {
  // Most names are ASCII, and need no decoder.
  return /[\x80-\xff]/.test(raw) ? Buffer.from(raw, 'latin1').toString('utf8') : raw;
}

/** Captured, so that a text that is split at it keeps it. */
const STRAY = /([\udc80-\udcff])/u;

/** A character as UTF-8 has it, or a byte. */
const UTF8_OR_BYTE =
  /[\u00c2-\u00df][\u0080-\u00bf]|[\u00e0-\u00ef][\u0080-\u00bf]{2}|[\u00f0-\u00f4][\u0080-\u00bf]{3}|[^]/g;
