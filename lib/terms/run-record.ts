/** Runs of a task as refs/notes/runs keeps them: a JSON line each, oldest first. What a commit may not hold. */
import type { TaskId } from './ids.ts';
import type { Reason } from './verdict.ts';

export interface RunRecord {
  readonly build: number;
  readonly task: TaskId;
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

/** Writes a run as a line of a note. */
export function formatRun(run: RunRecord): string {
  return `${JSON.stringify(run)}\n`;
}

/** Reads a line that {@link formatRun} wrote, now or in an older version; undefined for another. */
export function parseRun(line: string): RunRecord | undefined {
  try {
    const run: unknown = JSON.parse(line);
    return isRun(run) ? run : undefined;
  } catch {
    return undefined;
  }
}

function isRun(run: unknown): run is RunRecord {
  if (typeof run !== 'object' || run === null) return false;
  const { build, durationMs, recordMs, task, start, host, ok } = run as RunRecord;
  return (
    typeof build === 'number' &&
    typeof durationMs === 'number' &&
    typeof recordMs === 'number' &&
    typeof task === 'string' &&
    typeof start === 'string' &&
    typeof host === 'string' &&
    typeof ok === 'boolean' &&
    !Number.isNaN(Date.parse(start))
  );
}
