import type { History } from '../../history/history.ts';
import type { CommitId } from '../../terms/ids.ts';
import { parseRuns, type RunRecord } from '../../terms/run-record.ts';

/** The runs that made a commit, oldest first; none where it was made without running. */
export function runsOf(history: History, commit: CommitId): readonly RunRecord[] {
  return parseRuns(history.notes.read('runs', commit)?.toString('utf8') ?? '');
}
