/** A real python3, for what the fast path of the language does not know. Started when first needed. */

/** The datastore as Python's `d` sees it. */
export interface PythonData {
  get(name: string, expand: boolean): string | undefined;
  /** Assigns as `d.setVar` does. */
  set(name: string, value: string | undefined): void;
  append(name: string, value: string, where: 'append' | 'prepend'): void;
  flag(name: string, flag: string, expand: boolean): string | undefined;
  setFlag(name: string, flag: string, value: string | undefined): void;
  flags(name: string): Readonly<Record<string, string>>;
  rename(from: string, to: string): void;
  expand(text: string): string;
  names(): readonly string[];
  /** A copy that goes its own way, as `d.createCopy` makes. */
  copy(): PythonData;
  /** Tells people what `bb.warn` and `bb.error` say while metadata is read. */
  warn(text: string): void;
}

/** A Python exception: Python's own type name and message, and the line within the text that was run. */
export interface PythonFailure {
  readonly type: string;
  readonly message: string;
  readonly line?: number;
}

export type PythonResult =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly failure: PythonFailure };

export interface Python {
  /** Evaluates an expression; the value is `str()` of the result. */
  evaluate(expression: string, data: PythonData): PythonResult;
  /** Makes the functions of a `def` block known to later calls. `text` is the whole block. */
  define(text: string, place: { readonly file: string; readonly line: number }): PythonResult;
  /** Runs statements (the body of a python function). */
  execute(
    body: string,
    data: PythonData,
    place: { readonly file: string; readonly line: number },
  ): PythonResult;
  /** Variables that Python text reads with literal names, functions it calls, as BitBake's AST walk finds them. */
  references(text: string): {
    readonly reads: readonly string[];
    readonly contains: Readonly<Record<string, readonly string[]>>;
    readonly calls: readonly string[];
  };
}
