import type { FileSystem } from '../ports/world.ts';
import type { CommitId } from '../terms/ids.ts';
import { jottedNotes } from '../terms/places.ts';
import { VarveError } from '../terms/varve-error.ts';
import { jottingNotes } from './jotted-notes.ts';
import { openNotes } from './notes.ts';
import { openObjectStore } from './object-store.ts';
import { openRefs } from './refs.ts';
import { AUTHOR } from './task-commits.ts';

/**
 * Whether a note tells of a commit, as one does of all that a task left: in its ref, or jotted down by a build that was
 * killed, or goes on. What is jotted is read first, since a build that ends puts it into the ref and then takes it away.
 */
export function isNoted(fs: FileSystem, gitDir: string, commit: CommitId): boolean {
  const notes = jottingNotes(
    openNotes(openObjectStore(fs, gitDir), openRefs(fs, gitDir), { author: AUTHOR, seconds: () => 0 }),
    fs,
    jottedNotes(gitDir),
  );
  try {
    return (['times', 'runs'] as const).some((kind) => notes.read(kind, commit) !== undefined);
  } catch (error) {
    // Of notes that cannot be read nobody can say what they tell; that they cannot is told by itself.
    if (error instanceof VarveError) return true;
    throw error;
  }
}
