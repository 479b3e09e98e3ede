/** Variables and functions, with everything that BitBake's rules make of them. */
import type { Foreign, Value } from '../ports/python.ts';
import type { Bookkeeping } from './bookkeeping.ts';
import type { Environment } from './environment.ts';
import type { Spot } from './statements.ts';
import type { Origin } from './variable.ts';

export { createDatastore } from './create-datastore.ts';
export type { Origin } from './variable.ts';

/** An expanded text and what it refers to. */
export interface Expanded {
  /** Undefined: not set. */
  readonly value: string | undefined;
  /** Names in `${…}`, directly in the text, whether they are set or not. */
  readonly references: readonly string[];
  /** The Python in `${@…}`, references in it replaced. */
  readonly expressions: readonly string[];
  /** The `:remove` texts that took something out. */
  readonly removed: ReadonlySet<string>;
  /** What it is, where it is no text. */
  readonly foreign?: Foreign;
}

export interface Datastore {
  readonly environment: Environment;
  /** The value, expanded; undefined where it is not set. Throws where a reference goes in a circle or Python fails. */
  get(name: string): string | undefined;
  /** The value after overrides and `:append`/`:prepend`; not expanded, nothing removed. */
  getRaw(name: string): string | undefined;
  /** The value as Python has it. */
  value(name: string, how: { readonly expand: boolean }): Value | undefined;
  /** What was last assigned to the very name, no rule applied. */
  content(name: string): string | undefined;
  /** The text with every reference in it replaced. `where` is named in errors. */
  expand(text: string, where?: Spot): string;
  /** Sets as `d.setVar` does: what was appended late and what active overrides say is dropped. */
  set(name: string, value: Value, origin?: Origin): void;
  /** Sets as `NAME = "…"` does: appends and overrides stay. */
  assign(name: string, value: string, origin?: Origin): void;
  /** Sets as `NAME ??= "…"` does. */
  assignWeakly(name: string, value: string, origin?: Origin): void;
  delete(name: string, origin?: Origin): void;
  rename(from: string, to: string): void;
  /** A flag's value, expanded. */
  flag(name: string, flag: string): string | undefined;
  rawFlag(name: string, flag: string): string | undefined;
  /** The flag's value as Python has it. */
  flagValue(name: string, flag: string, how: { readonly expand: boolean }): Value | undefined;
  /** What was assigned to the flag, weak defaults aside. */
  flagContent(name: string, flag: string): string | undefined;
  setFlag(name: string, flag: string, value: Value, origin?: Origin): void;
  /** Has every value of the name go through an expression over `val`, as `d.setVarFilter` does. */
  setFilter(name: string, filter: string | undefined): void;
  setFlagWeakly(name: string, flag: string, value: string, origin?: Origin): void;
  deleteFlag(name: string, flag: string, origin?: Origin): void;
  /** The flags that metadata set, expanded; what the engine keeps in flags is left out. */
  flags(name: string): ReadonlyMap<string, string>;
  /** The names of these flags. */
  flagNames(name: string): readonly string[];
  /** The names of all flags. */
  allFlagNames(name: string): readonly string[];
  /** Tells whether the name has a value or a flag. */
  has(name: string): boolean;
  /** Every name that has a value or a flag. */
  names(): readonly string[];
  /** Names that hold `${` and are yet to be expanded, in code-unit order. */
  namesToExpand(): readonly string[];
  /** Names whose value tasks find in their environment, in code-unit order. */
  exported(): readonly string[];
  /** Every statement that had a part in the value, those of active overrides last. */
  origins(name: string): readonly Origin[];
  /** Weakest first. */
  overrides(): readonly string[];
  /** Tells whether the name stands with an override suffix somewhere. */
  hasOverrides(name: string): boolean;
  /** Tells whether any name anywhere has this override suffix. */
  knowsOverride(override: string): boolean;
  /** A copy that goes its own way; costs next to nothing. */
  copy(): Datastore;
  /** A copy as the task sees it while it runs: `task-compile` is an override, the weakest. */
  withTask(task: string): Datastore;
  /** The value, or the flag's value, together with what its text refers to. */
  trace(name: string, flag?: string): Expanded;
  /** A text, together with what it refers to. */
  traceText(text: string): Expanded;
  /** What holds for the recipe as a whole: its tasks, classes, functions to be run. */
  readonly book: Bookkeeping;
  note(change: Partial<Bookkeeping>): void;
  /** Grows with each write: what was worked out before may no longer hold. */
  generation(): number;
  /** A SHA-256 of all that it holds, but for the names in `without`. */
  fingerprint(without: ReadonlySet<string>): string;
}
