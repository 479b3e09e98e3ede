/** Something in a record that is not as it must be. */
export interface Finding {
  /** The file or repository, absolute. */
  readonly place: string;
  /** Completes the sentence "place: …". */
  readonly what: string;
  /** What to do next. */
  readonly hints: readonly string[];
}
