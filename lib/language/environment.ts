/** What the language needs of the outside. */
import type { Python } from '../ports/python.ts';
import type { SourceText } from '../ports/source-text.ts';
import type { Place } from '../terms/varve-error.ts';
import type { Definition } from './bookkeeping.ts';
import type { LibraryFunction } from './library-functions.ts';
import type { ParsedFile } from './parse-file.ts';
import type { ParsedExpression } from './python-syntax.ts';
import type { PythonReferences } from './scan-python.ts';

export interface Environment {
  readonly source: SourceText;
  /** Asked for only when an expression or a function is beyond the fast path. */
  readonly python: () => Python;
  /** Tells people something; what `bb.error` says is told like a warning, and is none. */
  readonly warn: (text: string, place?: Place, level?: 'warning' | 'error') => void;
  /** Python is to read all that it may ever have to, so that what is wrong with it is found now. */
  readonly eager?: boolean;
  /** What expressions may ask about the machine; left out: they go to Python. */
  readonly host?: Host;
}

export interface Host {
  /** As `uname -m` says: `x86_64`. */
  readonly machine: string;
  readonly cpus: number;
}

/** What was worked out once and holds for every recipe of one environment: texts do not change within it. */
export interface Memory {
  /** By absolute path. */
  readonly parsed: Map<string, ParsedFile>;
  /** Inline expressions, by text. */
  readonly expressions: Map<string, ParsedExpression>;
  readonly pythonReferences: Map<string, PythonReferences>;
  readonly shellCommands: Map<string, ReadonlySet<string>>;
  /** Functions of layers' Python modules, by absolute path and name. */
  readonly libraryModules: Map<string, ReadonlyMap<string, LibraryFunction>>;
  /** The `def` blocks that Python knows at the moment, by function name, and the list that they were taken from. */
  readonly defined: Map<string, string>;
  definitions: readonly Definition[] | undefined;
}

const memories = new WeakMap<Environment, Memory>();

/** Finds the memory of an environment. */
export function memoryOf(environment: Environment): Memory {
  const known = memories.get(environment);
  if (known !== undefined) return known;
  const memory: Memory = {
    parsed: new Map(),
    expressions: new Map(),
    pythonReferences: new Map(),
    shellCommands: new Map(),
    libraryModules: new Map(),
    defined: new Map(),
    definitions: undefined,
  };
  memories.set(environment, memory);
  return memory;
}
