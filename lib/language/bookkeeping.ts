/** What the statements of a recipe add up to beside variables. */
import type { Handler } from '../ports/python.ts';
import type { AddTaskStatement, FunctionStatement, Spot } from './statements.ts';
import type { Origin } from './variable.ts';

export interface DeferredInherit {
  readonly classes: string;
  readonly spot: Spot;
}

export interface Definition extends Spot {
  readonly name: string;
  readonly text: string;
}

export interface RenamedVariable {
  /** As metadata wrote it, overrides left out. */
  readonly old: string;
  /** The new name, or a sentence about it. */
  readonly now: string;
  readonly origin?: Origin;
}

/** A layer's own Python package, as `addpylib` names it. */
export interface Library {
  /** Absolute. */
  readonly directory: string;
  readonly namespace: string;
}

export interface Bookkeeping {
  /** In addtask order, not expanded. */
  readonly tasks: readonly string[];
  /** The `addtask` of recipes and their appends, not of classes, in order. */
  readonly ownAdditions: readonly AddTaskStatement[];
  /** What these say of functions in the names of tasks, in order. */
  readonly ownTaskFunctions: readonly FunctionStatement[];
  /** Class files, absolute, in the order read. */
  readonly inherited: readonly string[];
  readonly deferred: readonly DeferredInherit[];
  /** Names under which anonymous functions are kept, in order. */
  readonly anonymous: readonly string[];
  /** Event handlers, in order. */
  readonly handlers: readonly string[];
  /** Those that are in force, as they stood when that began. */
  readonly registered: readonly Handler[];
  /** `def` blocks in order; the last of a name holds. */
  readonly definitions: readonly Definition[];
  /** Writes to variables that have another name now. */
  readonly renamed: readonly RenamedVariable[];
  /** In the order in which they are looked into. */
  readonly libraries: readonly Library[];
  /** Where `inherit` looks first: classes-global or classes-recipe. */
  readonly classKind: 'global' | 'recipe';
}

/** Before anything is read. */
export const emptyBook: Bookkeeping = {
  tasks: [],
  ownAdditions: [],
  ownTaskFunctions: [],
  inherited: [],
  deferred: [],
  anonymous: [],
  handlers: [],
  registered: [],
  definitions: [],
  renamed: [],
  libraries: [],
  classKind: 'global',
};
