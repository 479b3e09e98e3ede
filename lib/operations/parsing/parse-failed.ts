import { VarveError } from '../../terms/varve-error.ts';

/** Metadata that cannot be read, and how far the reading had come. */
export class ParseFailed extends VarveError {
  readonly phase: 'config' | 'parse';
  /** Files below it are told relative to it. */
  readonly top: string;

  constructor(
    error: VarveError,
    { phase, top }: { readonly phase: ParseFailed['phase']; readonly top: string },
  ) {
    super(error.fault, error.message, {
      hints: error.hints,
      cause: error,
      ...(error.place === undefined ? {} : { place: error.place }),
    });
    this.phase = phase;
    this.top = top;
  }
}
