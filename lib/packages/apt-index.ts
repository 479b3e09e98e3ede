import { createHash } from 'node:crypto';
import { withFields } from './deb-control.ts';

/** A package that a feed holds. */
export interface Offered {
  /** The package's control text. */
  readonly control: string;
  readonly file: string;
  readonly size: number;
  readonly sha256: string;
}

/** Writes what `Packages` says of one package: its control text, and how to get it. */
export function packageStanza({ control, file, size, sha256 }: Offered): string {
  return withFields(control, `Filename: ./${file}\nSize: ${size}\nSHA256: ${sha256}\n`);
}

/** Writes `Release`: which processors the feed is for, and what its index files are known by. */
export function releaseText(
  architectures: readonly string[],
  files: readonly (readonly [name: string, bytes: Buffer])[],
): string {
  const sums = files.map(
    ([name, bytes]) => ` ${createHash('sha256').update(bytes).digest('hex')} ${bytes.length} ${name}`,
  );
  return `${[
    // apt asks for a date, and takes a feed with a date before that of the last one for an old one: so it is always this.
    'Date: Wed, 01 Jan 2020 00:00:00 UTC',
    `Architectures: ${architectures.join(' ')}`,
    'SHA256:',
    ...sums,
  ].join('\n')}\n`;
}
