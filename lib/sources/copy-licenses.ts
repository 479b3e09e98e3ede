import { basename, join } from 'node:path';
import type { FileSystem } from '../ports/world.ts';
import { licensePath, licenseText } from './license-text.ts';
import { parseLicenseFiles } from './parse-license-files.ts';

export interface LicenseCopy {
  readonly fs: FileSystem;
  readonly s: string;
  /** LIC_FILES_CHKSUM. */
  readonly licenseFiles: string;
  readonly to: string;
}

/**
 * Writes the texts that LIC_FILES_CHKSUM means into a directory, under their last names: `COPYING`, and where another text has
 * that name already `COPYING.1`. They were compared with their checksums before.
 */
export function copyLicenses({ fs, s, licenseFiles, to }: LicenseCopy): void {
  const written = new Map<string, Buffer>();
  for (const file of parseLicenseFiles(licenseFiles)) {
    const path = licensePath(s, file);
    if (path === undefined) continue;
    const text = licenseText(fs, path, file);
    const isFree = (name: string): boolean => written.get(name)?.equals(text) ?? true;
    let name = basename(path);
    for (let n = 1; !isFree(name); n += 1) name = `${basename(path)}.${n}`;
    written.set(name, text);
  }
  for (const [name, text] of written) fs.writeFileSync(join(to, name), text);
}
