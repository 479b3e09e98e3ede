import type { History } from '../../history/history.ts';
import type { CommitId } from '../../terms/ids.ts';
import { unreadNotes } from '../../history/unread-notes.ts';
import { parseRun, parseRuns, type RunRecord } from '../../terms/run-record.ts';

/** The runs that made a commit, oldest first; none where it was made without running. */
export function runsOf(history: History, commit: CommitId): readonly RunRecord[] {
  return parseRuns(history.notes.read('runs', commit)?.toString('utf8') ?? '');
}

/** Warns where a line of what is told of its runs says something else. */
export function unreadRuns({ gitDir, notes }: History, commit: CommitId): readonly string[] {
  const lines = notes.read('runs', commit)?.toString('utf8').split('\n') ?? [''];
  const isRead = lines.at(-1) === '' && lines.slice(0, -1).every((line) => parseRun(line) !== undefined);
  return isRead ? [] : unreadNotes(gitDir, 'runs', [commit]);
}
