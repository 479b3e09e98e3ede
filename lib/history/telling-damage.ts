import type { ObjectId } from '../terms/ids.ts';
import { Damage } from './damage.ts';
import { damagedRepository } from './damaged-repository.ts';

/** Looks at an object of a repository; whatever its bytes make of the attempt is told as damage, with the place. */
export function tellingDamage<T>(gitDir: string, oid: ObjectId, look: () => T): T {
  try {
    return look();
  } catch (error) {
    if (!isDamage(error)) throw error;
    throw damagedRepository(gitDir, `object ${oid.slice(0, 12)}: ${error.message}`);
  }
}

/** What the system says of a file that was named by an index or a directory, and cannot be read as one. */
const UNREADABLE: ReadonlySet<string> = new Set(['ENOENT', 'EISDIR', 'EIO']);

/** Bytes that are not what they should be end in zlib's errors, or in sizes and places that no buffer has. */
function isDamage(error: unknown): error is Error {
  if (error instanceof Damage || error instanceof RangeError) return true;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return code.startsWith('Z_') || UNREADABLE.has(code);
}
