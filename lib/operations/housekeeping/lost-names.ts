/** What a history has lost the names of, and nobody could make anew: a person's edits, and what was noted on tasks. */
import { firstParents } from '../../history/first-parents.ts';
import { addLines } from '../../history/jotted-notes.ts';
import { listNotes, type NoteKind, notesKind } from '../../history/notes.ts';
import type { Reach } from '../../history/reach.ts';
import { AUTHOR, readTrailers } from '../../history/task-commits.ts';
import type { CommitId, ObjectId } from '../../terms/ids.ts';
import type { StatedHistory } from './history-reach.ts';

export interface LostNames {
  /** Commits that `edited@<n>` named, those that others stand on first. */
  readonly edits: readonly CommitId[];
  /** Commits of notes that `refs/notes/` led to. */
  readonly notes: readonly { readonly kind: NoteKind; readonly head: CommitId }[];
}

/** Finds them among the commits that nothing leads to: varve itself gives up neither. */
export function findLostNames({ history, stored, names }: StatedHistory, reach: Reach): LostNames {
  const { objects } = history;
  const ids = [...stored.loose, ...stored.packs.flatMap((pack) => pack.objects)].map(({ oid }) => oid);
  const commits = [...new Set(ids)]
    .filter((oid) => !reach.has(oid) && objects.type(oid) === 'commit')
    .map((id) => ({ id: id as CommitId, ...objects.readCommit(id as CommitId) }))
    .filter(({ author }) => author === AUTHOR);
  // Notes are not reached by their names, nor is what they were before.
  const known = new Set<ObjectId>([...names.values(), ...commits.flatMap((commit) => commit.parents)]);
  const depth = (id: CommitId): number => firstParents(objects, id).length;
  return {
    edits: commits
      .filter(({ id, message }) => isOfEdits(message) && history.holds(id))
      .map(({ id }) => id)
      .toSorted((a, b) => depth(a) - depth(b)),
    notes: commits.flatMap(({ id, message }) => {
      const kind = known.has(id) ? undefined : notesKind(message);
      return kind === undefined || !history.holds(id) ? [] : [{ kind, head: id }];
    }),
  };
}

/** A task that went on from edits says so, too. */
function isOfEdits(message: string): boolean {
  const trailers = readTrailers(message);
  return trailers.get('Edited') === 'yes' && !trailers.has('Task');
}

/** Tells lost notes again, on commits that stay: runs before those that are told by now, other things where nothing is told. */
export function tellAgain({ objects, notes }: StatedHistory['history'], lost: LostNames, reach: Reach): void {
  for (const { kind, head } of lost.notes) {
    const told = listNotes(objects, head, objects.has).flatMap(({ on, text }) => {
      const commit = on as CommitId;
      const now = notes.read(kind, commit);
      const isWanted = reach.has(on) && (now === undefined || kind === 'runs');
      const old = isWanted ? objects.readBlob(text) : undefined;
      return old === undefined ? [] : [[commit, now === undefined ? old : addLines(old, now)] as const];
    });
    notes.set(kind, new Map(told));
  }
}
