import { andMore } from '../terms/and-more.ts';
import type { CommitId } from '../terms/ids.ts';
import { refs } from '../terms/places.ts';
import type { NoteKind } from './notes.ts';

/** The warning that notes on commits cannot be read, or not all of them; none where there are none. */
export function unreadNotes(
  gitDir: string,
  kind: Exclude<NoteKind, 'logs'>,
  commits: readonly CommitId[],
): readonly string[] {
  const [first, ...others] = commits;
  if (first === undefined) return [];
  const note = `${gitDir}: ${refs.notes(kind)} on commit ${first.slice(0, 12)}${andMore(others.length)}`;
  return [`${note} cannot be read: ${MISSING[kind]}; varve fsck says what is wrong with it`];
}

const MISSING = {
  runs: 'when, where and why the task ran is not told',
  times: 'files may have the present time, and make may do it all again',
} as const;
