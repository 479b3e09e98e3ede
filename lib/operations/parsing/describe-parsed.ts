import type { Datastore } from '../../language/datastore.ts';
import { RecipeSkipped } from '../../language/recipe-skipped.ts';
import { signatureText, taskReferences } from '../../language/signature-text.ts';
import { byCodeUnit } from '../../terms/ids.ts';
import { VarveError } from '../../terms/varve-error.ts';

/** A metadata file as it was read: fixtures/corpus/README.md calls it `expect`. What there is none of is left out. */
export interface Parsed {
  readonly variants?: readonly string[];
  readonly skipped?: string;
  readonly inherited?: readonly string[];
  readonly vars: Readonly<Record<string, string | null>>;
  /** BitBake's name of what is wrong, by the variable that cannot be expanded. */
  readonly expandErrors?: Readonly<Record<string, string>>;
  readonly flags?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly funcs?: Readonly<Record<string, ParsedFunction>>;
  readonly raw?: Readonly<Record<string, string | null>>;
  readonly handlers?: readonly string[];
  readonly tasks?: Readonly<Record<string, { readonly deps: readonly string[] }>>;
  readonly taskOrder?: readonly string[];
  readonly sig?: Readonly<
    Record<string, { readonly direct: readonly string[]; readonly all: readonly string[] }>
  >;
  readonly sigValues?: Readonly<Record<string, string | null>>;
  readonly warnings?: number;
}

export interface ParsedFunction {
  /** Of a shell function expanded, of a Python function as written. */
  readonly body: string;
  readonly python?: true;
  readonly fakeroot?: true;
}

/** What was read. */
export interface ReadFile {
  readonly data: Datastore;
  /** Left out: the file is no recipe, and nothing of it is finalised. */
  readonly recipe?: {
    readonly tasks: readonly { readonly name: string; readonly deps: readonly string[] }[];
    readonly inherited: readonly string[];
    readonly variants: readonly string[];
    readonly skipped?: string;
  };
  readonly warnings: number;
  /** The text of every file that took part. */
  readonly texts: readonly string[];
}

/** What is to be told beside what is always told. */
export interface Wishes {
  /** Further names: those with a `:` in them, and those that are not set. */
  readonly want: readonly string[];
  /** Names whose unexpanded value is wanted. */
  readonly raw: readonly string[];
  /** The names in the signature of each task. */
  readonly sig: boolean;
  /** Names whose text in a signature is wanted. */
  readonly sigValues: readonly string[];
}

/** Describes a datastore after a file was read into it. Why a value cannot be expanded is a warning. */
export function describeParsed(read: ReadFile, wishes: Wishes): Parsed {
  const { data, recipe, warnings } = read;
  const names = [...data.names()].sort(byCodeUnit);
  const listed = names.filter((name) => !name.includes(':'));
  const functions = listed.filter((name) => isFunction(data, name));
  const variables = [
    ...listed.filter((name) => !functions.includes(name) && isShown(read, name)),
    ...wishes.want,
  ].sort(byCodeUnit);
  const expander = expanderOf(data);
  return {
    ...(recipe === undefined ? {} : { variants: recipe.variants }),
    ...(recipe?.skipped === undefined ? {} : { skipped: recipe.skipped }),
    ...unlessEmpty('inherited', recipe?.inherited ?? []),
    vars: recordOf(variables, (name) => expander.attempt(name, () => data.get(name) ?? null)),
    ...unlessEmpty(
      'funcs',
      recordOf(functions, (name) => describeFunction(data, name, expander)),
    ),
    ...unlessEmpty(
      'flags',
      recordOf(
        names.filter((name) => !name.includes(':') || wishes.want.includes(name)),
        (name) => flagsOf(data, name, expander),
      ),
    ),
    ...unlessEmpty('expandErrors', Object.fromEntries(expander.failures)),
    ...unlessEmpty(
      'raw',
      recordOf(wishes.raw, (name) => data.getRaw(name) ?? null),
    ),
    ...unlessEmpty('handlers', data.book.handlers),
    ...tasksOf(read, wishes),
    ...unlessEmpty(
      'sigValues',
      recordOf(wishes.sigValues, (name) => signatureText(data, name) ?? null),
    ),
    ...(warnings === 0 ? {} : { warnings }),
  };
}

function tasksOf({ data, recipe }: ReadFile, { sig }: Wishes): Pick<Parsed, 'tasks' | 'taskOrder' | 'sig'> {
  const tasks = recipe?.tasks ?? [];
  if (tasks.length === 0) return {};
  return {
    tasks: Object.fromEntries(tasks.map(({ name, deps }) => [name, { deps }])),
    taskOrder: tasks.map(({ name }) => name),
    ...(sig
      ? {
          sig: recordOf(
            tasks.map(({ name }) => name),
            (task) => taskReferences(data, task),
          ),
        }
      : {}),
  };
}

/** Where the reading stands, not what was read. */
const unlisted: ReadonlySet<string> = new Set(['BBPATH', 'TOPDIR', 'FILE']);

/** DEPENDS is set in every recipe, even where nothing speaks of it. */
function isShown({ data, texts }: ReadFile, name: string): boolean {
  if (unlisted.has(name) || !hasValue(data, name)) return false;
  return name !== 'DEPENDS' || texts.some((text) => text.includes(name));
}

/** One that cannot be worked out is one all the same. */
function hasValue(data: Datastore, name: string): boolean {
  try {
    return data.getRaw(name) !== undefined;
  } catch (error) {
    if (error instanceof VarveError) return true;
    throw error;
  }
}

function isFunction(data: Datastore, name: string): boolean {
  return isSet(data, name, 'func');
}

function isSet(data: Datastore, name: string, flag: string): boolean {
  return (data.rawFlag(name, flag) ?? '') !== '';
}

/** Reads what may fail to be expanded: BitBake's name of the failure is kept, the reason said. */
interface Expander {
  /** By the variable, or `NAME[flag]`. */
  readonly failures: ReadonlyMap<string, string>;
  /** Undefined where it fails. */
  attempt<T>(name: string, read: () => T): T | undefined;
}

function expanderOf({ environment }: Datastore): Expander {
  const failures = new Map<string, string>();
  return {
    failures,
    attempt(name, read) {
      try {
        return read();
      } catch (error) {
        if (error instanceof RecipeSkipped) failures.set(name, 'SkipRecipe');
        else if (error instanceof VarveError) failures.set(name, 'ExpansionError');
        else throw error;
        environment.warn(error.message, error instanceof VarveError ? error.place : undefined);
        return undefined;
      }
    },
  };
}

function describeFunction(data: Datastore, name: string, { attempt }: Expander): ParsedFunction | undefined {
  const python = isSet(data, name, 'python');
  const body = attempt(name, () => (python ? data.getRaw(name) : data.get(name)) ?? '');
  if (body === undefined) return undefined;
  return {
    body,
    ...(python ? { python } : {}),
    ...(isSet(data, name, 'fakeroot') ? { fakeroot: true } : {}),
  };
}

function flagsOf(
  data: Datastore,
  name: string,
  { attempt }: Expander,
): Readonly<Record<string, string>> | undefined {
  // BitBake leaves an empty list of dependencies in every task.
  const told = data.flagNames(name).filter((flag) => flag !== 'depends' || data.rawFlag(name, flag) !== '');
  const flags = recordOf(told, (flag) => attempt(`${name}[${flag}]`, () => data.flag(name, flag)));
  return Object.keys(flags).length === 0 ? undefined : flags;
}

/** What is undefined is left out. */
function recordOf<T>(
  names: readonly string[],
  read: (name: string) => T | undefined,
): Readonly<Record<string, T>> {
  const entries = names.map((name) => [name, read(name)] as const);
  return Object.fromEntries(entries.filter((entry): entry is readonly [string, T] => entry[1] !== undefined));
}

function unlessEmpty<Key extends string, T extends object>(
  key: Key,
  value: T,
): { readonly [key in Key]?: T } {
  return (Object.keys(value).length === 0 ? {} : { [key]: value }) as { readonly [key in Key]?: T };
}
