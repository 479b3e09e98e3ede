/** File names, which may be any bytes, for people and for JSON. */
import { quotedName } from '../trees/quoted-name.ts';
import { shownPath } from '../trees/raw-text.ts';

/** Writes a raw path (bytes as latin1) for people: quoted where it holds what would mislead a reader. */
export function showPath(raw: string): string {
  return shownPath(quotedName(raw));
}

/** The path as JSON has it: `pathBase64` holds the bytes where they are not UTF-8. */
export function pathFields(raw: string): { readonly path: string; readonly pathBase64?: string } {
  const bytes = Buffer.from(raw, 'latin1');
  const path = bytes.toString('utf8');
  return Buffer.from(path, 'utf8').equals(bytes) ? { path } : { path, pathBase64: bytes.toString('base64') };
}
