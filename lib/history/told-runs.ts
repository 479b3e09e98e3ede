import type { CommitId } from '../terms/ids.ts';
import { parseRun, type RunRecord } from '../terms/run-record.ts';
import type { Notes } from './notes.ts';
import { unreadNotes } from './unread-notes.ts';

/** What the notes of a history tell of runs. */
export interface ToldRuns {
  /** The runs that made a commit, oldest first: none where it was made without running. What cannot be read is left out. */
  of(commit: CommitId): readonly RunRecord[];
  /** The same for who asks of many, as it is told by now. */
  ofMany(): ToldRuns['of'];
  /** Whether nothing is told of any commit, as where the notes were lost. */
  isSilent(): boolean;
  /** The warning that of what was asked for not all could be read; none where it could. */
  unread(): readonly string[];
}

/** Opens them. */
export function toldRuns(gitDir: string, notes: Pick<Notes, 'reader' | 'list'>): ToldRuns {
  const unread = new Set<CommitId>();
  const ofMany = (): ToldRuns['of'] => {
    const read = notes.reader('runs');
    return (commit) => {
      const note = read(commit)?.toString('utf8');
      if (note === undefined) return [];
      const lines = note.split('\n');
      const runs = lines.slice(0, -1).map(parseRun);
      if (lines.at(-1) !== '' || runs.length === 0 || runs.includes(undefined)) unread.add(commit);
      return runs.filter((run) => run !== undefined);
    };
  };
  return {
    of: (commit) => ofMany()(commit),
    ofMany,
    isSilent: () => notes.list('runs').size === 0,
    unread: () => unreadNotes(gitDir, 'runs', [...unread]),
  };
}
