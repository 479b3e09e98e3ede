/** Where it is to be mended: decides the exit code, and whether a stack is shown. `disk`: there is no room left. */
export type Fault = 'usage' | 'metadata' | 'task' | 'disk' | 'internal';

/** How the reader came to a file: a line included it, inherited it, or called a function in it; a recipe needed it. */
export interface Step {
  readonly how: 'included' | 'inherited' | 'called' | 'needed';
  readonly file: string;
  readonly line?: number;
}

/** Where in the metadata (or another text) a problem stands. Lines count from 1. */
export interface Place {
  readonly file: string;
  readonly line?: number;
  /** The part of the line that is wrong, as it stands there; left out: the line as a whole. */
  readonly about?: string;
  /** How the reader came to this file, innermost first. */
  readonly via?: readonly Step[];
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
