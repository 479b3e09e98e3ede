import type { HttpBody } from '../http/http-request.ts';

/** Files below one root, by path: all that a mirror is. Each call is one try; what it cannot tell is a {@link Trouble}. */
export interface Transport {
  /** The root, as people may read it: without a password. */
  readonly url: string;
  /** Hands over the bytes of a file as they come; false: there is none. */
  get(path: string, sink: (bytes: Uint8Array) => void): Promise<boolean>;
  /** Bytes of a file, NaN where a server does not tell; undefined: there is none. */
  size(path: string): Promise<number | undefined>;
  /** Puts a file in its place whole; `create` leaves alone what stands there, and answers false. */
  put(path: string, content: HttpBody, how: 'create' | 'replace'): Promise<boolean>;
}

/** A mirror did not do what was asked of it. Never leaves this folder: it becomes a value or a VarveError there. */
export class Trouble extends Error {
  /** Its message completes the sentence "the mirror https://… cannot be used: …". */
  override readonly name = 'Trouble';
  /** Another try would be answered alike. */
  readonly final: boolean;
  /** What is refused: whatever is asked in this way, or whoever asks; undefined where it is something else. */
  readonly refuses: 'method' | 'asker' | undefined;

  constructor(message: string, how: { readonly final: boolean; readonly refuses?: Trouble['refuses'] }) {
    super(message);
    this.final = how.final;
    this.refuses = how.refuses;
  }
}
