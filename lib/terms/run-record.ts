/** Runs of a task as refs/notes/runs keeps them: a JSON line each, oldest first. What a commit may not hold. */
import type { Reason } from './verdict.ts';

export interface RunRecord {
  readonly build: number;
  readonly ok: boolean;
  /** Why it ran; older records do not tell. */
  readonly reason?: Reason;
  /** ISO 8601. */
  readonly start: string;
  readonly durationMs: number;
  /** The part of durationMs that went into the record. */
  readonly recordMs: number;
  readonly host: string;
  /** Key that what was made was signed with: `SHA256:…`. */
  readonly key?: string;
  readonly exitCode?: number;
  /** Paths of the log and the run script, as they were. */
  readonly log?: string;
  readonly script?: string;
}

/** Reads the runs of a note; lines of another form are passed over. */
export function parseRuns(note: string): readonly RunRecord[] {
  return note.split('\n').flatMap((line) => {
    try {
      const run = JSON.parse(line) as RunRecord;
      return typeof run.build === 'number' ? [run] : [];
    } catch {
      return [];
    }
  });
}
