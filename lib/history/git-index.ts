/**
 * Git's index file (DIRC): for git the staging area, for varve the cache of what was on disk when.
 * Versions 2 and 3 are read and written; anything else counts as no index.
 */
import { createHash } from 'node:crypto';
import { countEntries, type EncodedEntries } from './index-entries.ts';
import { type IndexEntry, nextEntry, readEntry } from './index-entry.ts';

/** Writes an index. */
export function encodeGitIndex(entries: EncodedEntries): Buffer {
  const { pieces } = entries;
  const header = Buffer.alloc(12);
  header.write('DIRC', 'latin1');
  header.writeUInt32BE(pieces.some(({ isExtended }) => isExtended) ? 3 : 2, 4);
  header.writeUInt32BE(countEntries(entries), 8);
  const parts = [header, ...pieces.map(({ bytes }) => bytes)];
  const checksum = createHash('sha1');
  for (const part of parts) checksum.update(part);
  return Buffer.concat([...parts, checksum.digest()]);
}

/** Reads an index; undefined where it is damaged or of a kind that only git knows. */
export function parseGitIndex(bytes: Buffer): readonly IndexEntry[] | undefined {
  if (bytes.length < 32 || bytes.toString('latin1', 0, 4) !== 'DIRC') return undefined;
  const version = bytes.readUInt32BE(4);
  if ((version !== 2 && version !== 3) || !isWhole(bytes)) return undefined;
  const entries: IndexEntry[] = [];
  let at = 12;
  for (let left = bytes.readUInt32BE(8); left > 0; left--) {
    const entry = readEntry(bytes, at);
    if (entry !== undefined) entries.push(entry);
    at = nextEntry(bytes, at);
  }
  return entries;
}

/** Git may leave the checksum out (all zeros). */
function isWhole(bytes: Buffer): boolean {
  const checksum = bytes.subarray(-20);
  return (
    checksum.every((byte) => byte === 0) ||
    createHash('sha1').update(bytes.subarray(0, -20)).digest().equals(checksum)
  );
}
