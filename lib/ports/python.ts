/** A real python3, for what the fast path of the language does not know. Started when first needed. */

/** A value of Python that is no text. */
export interface Foreign {
  /** What `str()` makes of it; undefined: it is None. */
  readonly text: string | undefined;
  /** Python text that makes it again. */
  readonly code: string;
}

export type Value = string | Foreign;

/** The datastore as Python's `d` sees it. */
export interface PythonData {
  get(name: string, expand: boolean): Value | undefined;
  /** Assigns as `d.setVar` does. `at`, here and below, is the line of Python that does it. */
  set(name: string, value: Value, at?: Frame): void;
  delete(name: string, at?: Frame): void;
  append(
    name: string,
    value: string,
    how: { readonly where: 'append' | 'prepend'; readonly at?: Frame },
  ): void;
  flag(name: string, flag: string, expand: boolean): Value | undefined;
  setFlag(name: string, flag: string, how: { readonly value: Value; readonly at?: Frame }): void;
  deleteFlag(name: string, flag: string, at?: Frame): void;
  flags(name: string): Readonly<Record<string, Value>>;
  hasOverrides(name: string): boolean;
  /** What `bb.event.fire` calls, in order. */
  handlers(): readonly Handler[];
  /** The shell functions that one of them needs to be called, with it, expanded. */
  shellFunctions(name: string): Readonly<Record<string, string>>;
  /** An expression over `val` that the value goes through; undefined: none. */
  setFilter(name: string, filter: string | undefined): void;
  rename(from: string, to: string): void;
  expand(text: string): string;
  names(): readonly string[];
  /** A copy that goes its own way, as `d.createCopy` makes. */
  copy(): PythonData;
  /** Tells people what `bb.warn` and `bb.error` say while metadata is read. */
  warn(text: string, level: 'warning' | 'error', at?: Frame): void;
}

/** A function that `addhandler` names. */
export interface Handler {
  readonly name: string;
  readonly body: string;
  /** Classes of events, `bb.event.RecipeParsed`; empty: all. */
  readonly events: readonly string[];
  readonly file: string;
  readonly line: number;
}

/** A line of a recipe's or class's Python. */
export interface Frame {
  readonly file: string;
  readonly line: number;
}

/** A Python exception: Python's own type name and message, and the way to where it was raised, the innermost place last. */
export interface PythonFailure {
  readonly type: string;
  readonly message: string;
  readonly frames: readonly Frame[];
}

export type PythonResult =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly failure: PythonFailure };

/** An event of `bb.event`, and what its class takes. */
export interface Event {
  /** `RecipeParsed`. */
  readonly name: string;
  readonly args: readonly (string | readonly string[])[];
}

/** A function, or another text, of a recipe. */
export interface PythonText {
  readonly name: string;
  readonly text: string;
  readonly file: string;
  readonly line: number;
}

export interface Python {
  /** Evaluates an expression; the value is `str()` of the result. */
  evaluate(expression: string, data: PythonData): PythonResult;
  /** Makes the functions of a `def` block known to later calls. The text is the whole block. */
  define(block: PythonText): PythonResult;
  /** Runs the body of a function; the line is that of its head. */
  execute(body: PythonText, data: PythonData): PythonResult;
  /** Calls the handlers that listen to an event. */
  fire(event: Event, data: PythonData): PythonResult;
}
