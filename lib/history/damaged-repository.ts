import { VarveError } from '../terms/varve-error.ts';

/** Something of a repository cannot be read, or is not there. */
export class DamagedRepository extends VarveError {}

/** The error for a repository that cannot be read: nothing is guessed, and nothing of it is deleted. */
export function damagedRepository(gitDir: string, what: string): DamagedRepository {
  return new DamagedRepository('usage', `${gitDir} is damaged: ${what}`, {
    hints: ['varve fsck   tells what is damaged, and the smallest way to mend it'],
  });
}

/** Reads of a repository; undefined where something of it cannot be read. */
export function ifWhole<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof DamagedRepository) return undefined;
    throw error;
  }
}

/** The way out where a history cannot be used any more. */
export function putAway(gitDir: string): string {
  return `mv ${gitDir} ${gitDir}.damaged   puts it away: the next build begins a new one, and takes from the artifacts what they have`;
}
