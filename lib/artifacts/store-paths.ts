/** The paths of a store, which a mirror has below its root too. */
import type { Archive } from './ac-entry.ts';

/** All entries are below it. */
export const entriesPath = 'ac';

/** Where an entry is: by its signature, or another key that it stands under. */
export function entryPath(key: string): string {
  return `${entriesPath}/${key.slice(0, 2)}/${key}`;
}

/** Where a mirror keeps who made something else of the same inputs than what stands there. */
export function disputePath(signature: string): string {
  return `${entryPath(signature)}.other`;
}

/** Where an archive is: by the SHA-256 of the file. */
export function archivePath({ sha256 }: Pick<Archive, 'sha256'>): string {
  return `cas/${sha256.slice(0, 2)}/${sha256}`;
}

/** What was revoked, a line each. */
export const revocationsPath = 'revocations';
