import type { ObjectId } from '../terms/ids.ts';
import { Damage } from './damage.ts';
import { damagedRepository } from './damaged-repository.ts';

/** Looks at an object of a repository; whatever its bytes make of the attempt is told as damage, with the place. */
export function tellingDamage<T>(gitDir: string, oid: ObjectId, look: () => T): T {
  try {
    return look();
  } catch (error) {
    throw asDamage(gitDir, oid, error);
  }
}

/** What to throw for an error that came of reading an object: one that tells of the damage, if it was that. */
export function asDamage(gitDir: string, oid: ObjectId, error: unknown): unknown {
  return isDamage(error) ? damagedRepository(gitDir, `object ${oid.slice(0, 12)}: ${error.message}`) : error;
}

/** What the system says of a file that was named by an index or a directory, and cannot be read as one. */
const UNREADABLE: ReadonlySet<string> = new Set(['ENOENT', 'EISDIR', 'EIO']);

/** Bytes that are not what they should be end in zlib's errors, or in sizes and places that no buffer has. */
export function isDamage(error: unknown): error is Error {
  if (error instanceof Damage || error instanceof RangeError) return true;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return code.startsWith('Z_') || UNREADABLE.has(code);
}
