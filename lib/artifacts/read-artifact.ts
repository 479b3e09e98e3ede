import { createHash } from 'node:crypto';
import type { AcEntry } from './ac-entry.ts';
import { Damage } from './damage.ts';
import { gunzipFrom } from './gzip-members.ts';
import { type Read, readTar } from './read-tar.ts';
import type { ArtifactStore } from './store.ts';
import type { TarHeader } from './tar-header.ts';

export interface Source {
  readonly store: ArtifactStore;
  readonly entry: AcEntry;
}

/** Whether an archive is what its entry says. */
export type Check = { readonly kind: 'whole' } | { readonly kind: 'damaged'; readonly why: string };

/** Reads an archive whole and compares it with its entry; what is damaged is taken out of the way. */
export function checkArtifact(source: Source): Check {
  const check = lookAtArtifact(source);
  if (check.kind === 'damaged') source.store.discard(source.entry, check.why);
  return check;
}

/** Reads an archive whole, as {@link checkArtifact} does, and leaves everything where it is. */
export function lookAtArtifact(source: Source): Check {
  try {
    readArtifact(source, () => {});
    return { kind: 'whole' };
  } catch (error) {
    if (!(error instanceof Damage)) throw error;
    return { kind: 'damaged', why: error.message };
  }
}

/**
 * Reads the members of an archive. What `visit` gets is proven only when this returns: the file's
 * SHA-256 and the artifact id are known at the end. Never unpacks more than the entry's `unpacked`.
 */
export function readArtifact(
  { store, entry }: Source,
  visit: (header: TarHeader, content: Read) => void,
): void {
  store.archives.read(entry.archive, (read) => {
    const file = hashing(read);
    const tar = hashing(gunzipFrom(file.read), entry.unpacked);
    readTar(tar.read, (header, content) => {
      if (header.size > entry.unpacked) throw tooMuch(entry.unpacked);
      visit(header, content);
    });
    if (file.digest() !== entry.archive.sha256)
      throw new Damage('its archive does not have the SHA-256 it is named by');
    if (tar.digest() !== entry.id) throw new Damage('its archive holds another artifact');
  });
}

/** Does `work`; a damage becomes a value, after what is damaged was taken out of the way. */
export function orDamaged<T>(
  { store, entry }: Source,
  work: () => T,
): T | { readonly kind: 'damaged'; readonly why: string } {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Damage)) throw error;
    store.discard(entry, error.message);
    return { kind: 'damaged', why: error.message };
  }
}

/** Passes bytes on and hashes them; more than `limit` is a damage. */
function hashing(read: Read, limit = Infinity): { readonly read: Read; digest(): string } {
  const hash = createHash('sha256');
  let total = 0;
  return {
    read(buffer) {
      const count = read(buffer);
      hash.update(buffer.subarray(0, count));
      total += count;
      if (total > limit) throw tooMuch(limit);
      return count;
    },
    digest: () => hash.digest('hex'),
  };
}

function tooMuch(limit: number): Damage {
  return new Damage(`it unpacks to more than the ${limit} bytes it should have`);
}
