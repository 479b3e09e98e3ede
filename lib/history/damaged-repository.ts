import { VarveError } from '../terms/varve-error.ts';

/** The error for a repository that cannot be read: nothing is guessed, and nothing of it is deleted. */
export function damagedRepository(gitDir: string, what: string): VarveError {
  return new VarveError('usage', `${gitDir} is damaged: ${what}`, {
    hints: ['varve fsck   lists all that is damaged', putAway(gitDir)],
  });
}

/** The way out where a history cannot be used any more. */
export function putAway(gitDir: string): string {
  return `mv ${gitDir} ${gitDir}.damaged   puts it away: the next build begins a new one, and takes from the artifacts what they have`;
}
