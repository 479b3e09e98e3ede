/** Who can mend it: decides the exit code, and whether a stack is shown. */
export type Fault = 'usage' | 'metadata' | 'task' | 'internal';

/** Where in the metadata (or another text) a problem stands. Lines and columns count from 1. */
export interface Place {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  /** The line itself, shown under the message with a caret at `column`. */
  readonly text?: string;
  /** How the reader came to this file: `require`, `inherit` and `include` lines, innermost first. */
  readonly via?: readonly string[];
}

export interface ErrorDetails {
  readonly place?: Place;
  /** What to do next, a sentence or a runnable command each, shown as `hint:` lines. */
  readonly hints?: readonly string[];
  readonly cause?: unknown;
}

/** A problem that stops the command. Any other exception is a fault in varve and shows its stack. */
export class VarveError extends Error {
  override readonly name: string = 'VarveError';
  readonly fault: Fault;
  readonly place: Place | undefined;
  readonly hints: readonly string[];

  constructor(fault: Fault, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.fault = fault;
    this.place = details.place;
    this.hints = details.hints ?? [];
  }
}
