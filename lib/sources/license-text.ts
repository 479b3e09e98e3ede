import { resolve } from 'node:path';
import type { FileSystem } from '../ports/world.ts';
import type { LicenseFile } from './parse-license-files.ts';

/** Where the text is that an entry of LIC_FILES_CHKSUM means; undefined: it refers to what nothing sets. */
export function licensePath(s: string, { path }: LicenseFile): string | undefined {
  return path.includes('${') ? undefined : resolve(s, path);
}

/** Reads it: the lines from beginline to endline, both included. */
export function licenseText(fs: FileSystem, path: string, { beginline, endline }: LicenseFile): Buffer {
  const bytes = fs.readFileSync(path);
  if (beginline === undefined && endline === undefined) return bytes;
  const lines = bytes.toString('latin1').split(/(?<=\n)/);
  return Buffer.from(lines.slice((beginline ?? 1) - 1, endline).join(''), 'latin1');
}
