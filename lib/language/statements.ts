/** What a metadata file says, line by line, before anything of it takes effect. */

/** Where a statement stands. */
export interface Spot {
  readonly file: string;
  /** Its first line, counted from 1. */
  readonly line: number;
  /** Its last line: the one that errors name, as in BitBake. */
  readonly lastLine: number;
}

export type Operator = '=' | ':=' | '?=' | '??=' | '+=' | '=+' | '.=' | '=.';

export interface Assignment extends Spot {
  readonly kind: 'assign';
  readonly name: string;
  readonly flag?: string;
  readonly operator: Operator;
  readonly value: string;
  readonly exported: boolean;
}

export interface FunctionStatement extends Spot {
  readonly kind: 'function';
  /** Undefined: an anonymous Python function. */
  readonly name?: string;
  readonly body: string;
  readonly python: boolean;
  readonly fakeroot: boolean;
}

export interface DefStatement extends Spot {
  readonly kind: 'def';
  readonly name: string;
  /** From `def` to the last line before the next statement. */
  readonly text: string;
}

export interface AddTaskStatement extends Spot {
  readonly kind: 'addtask';
  /** Words as written, not yet expanded. */
  readonly tasks: string;
  readonly before: string;
  readonly after: string;
}

export interface IncludeStatement extends Spot {
  readonly kind: 'include';
  /** `require` fails where the file is missing; `include_all` reads it from everywhere in BBPATH. */
  readonly how: 'include' | 'require' | 'include_all';
  readonly what: string;
}

export type Statement =
  | Assignment
  | FunctionStatement
  | DefStatement
  | AddTaskStatement
  | IncludeStatement
  | (Spot & { readonly kind: 'export' | 'unset'; readonly name: string })
  | (Spot & { readonly kind: 'unset-flag'; readonly name: string; readonly flag: string })
  | (Spot & { readonly kind: 'inherit' | 'inherit-defer'; readonly classes: string })
  | (Spot & { readonly kind: 'deltask'; readonly tasks: string })
  | (Spot & { readonly kind: 'addhandler'; readonly functions: string })
  | (Spot & {
      readonly kind: 'export-functions';
      readonly functions: string;
      readonly className: string;
    })
  | (Spot & { readonly kind: 'addpylib'; readonly directory: string; readonly namespace: string })
  | (Spot & { readonly kind: 'addfragments' });
