/** What the datastore knows of one name. Records are never changed, only replaced, so copies share them. */
import type { Value } from '../ports/python.ts';

/** A statement, or a line of Python, that had a part in a value. */
export interface Origin {
  readonly file: string;
  readonly line: number;
  /** Where errors say it stands, as in BitBake; left out: it is a statement of one line. */
  readonly lastLine?: number;
  /** `set`, `set?`, `set??`, `immediate`, `append`, `prepend`, `postdot`, `predot`, `:append`, `:append[arm]`, … */
  readonly operation: string;
  /** The text that it brought. */
  readonly detail: string;
  /** The flag that it is about; left out: the value. */
  readonly flag?: string;
}

/** The text of an `:append`, `:prepend` or `:remove`, and the overrides it hangs on (`''`: none). */
export interface Late {
  readonly text: string;
  readonly overrides: string;
}

export interface Variable {
  readonly content: Value | undefined;
  /** Of `??=`. */
  readonly weak: string | undefined;
  readonly append: readonly Late[];
  readonly prepend: readonly Late[];
  readonly remove: readonly Late[];
  readonly flags: ReadonlyMap<string, Value>;
  readonly weakFlags: ReadonlyMap<string, Value>;
  readonly origins: readonly Origin[];
}

/** Shared by all that have none. */
export const noFlags: ReadonlyMap<string, Value> = new Map();

/** A name of which nothing is known. */
export const unknownVariable: Variable = {
  content: undefined,
  weak: undefined,
  append: [],
  prepend: [],
  remove: [],
  flags: noFlags,
  weakFlags: noFlags,
  origins: [],
};

/** The value as a text. */
export function textOf(value: Value | undefined): string | undefined {
  return typeof value === 'object' ? value.text : value;
}

/** Tells whether anything but history is left of it. */
export function isEmpty(variable: Variable): boolean {
  return (
    variable.content === undefined &&
    variable.weak === undefined &&
    variable.flags.size === 0 &&
    variable.weakFlags.size === 0 &&
    variable.append.length === 0 &&
    variable.prepend.length === 0 &&
    variable.remove.length === 0
  );
}
