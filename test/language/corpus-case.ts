/** One case of the conformance corpus: read as fixtures/corpus/README.md says, answered in the same shape. */
import { createDatastore, type Datastore } from '../../lib/language/datastore.ts';
import type { Environment } from '../../lib/language/environment.ts';
import { inheritConfigured, readConfiguration } from '../../lib/language/read-configuration.ts';
import { readRecipe } from '../../lib/language/read-recipe.ts';
import { signatureText, taskReferences } from '../../lib/language/signature-text.ts';
import { VarveError } from '../../lib/terms/varve-error.ts';
import { environmentOf, type TestEnvironment } from './memory-source.ts';

export interface CorpusCase {
  readonly id: string;
  readonly about: string;
  readonly files: Readonly<Record<string, string>>;
  readonly parse: string;
  readonly appends?: readonly string[];
  readonly variant?: string;
  readonly expect: Expected | null;
  readonly expectError: { readonly file?: string; readonly line?: number } | null;
}

export interface Expected {
  readonly vars?: Readonly<Record<string, string | null>>;
  readonly flags?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly funcs?: Readonly<
    Record<string, { readonly body: string; readonly python?: boolean; readonly fakeroot?: boolean }>
  >;
  readonly raw?: Readonly<Record<string, string>>;
  readonly tasks?: Readonly<Record<string, { readonly deps: readonly string[] }>>;
  readonly taskOrder?: readonly string[];
  readonly inherited?: readonly string[];
  readonly handlers?: readonly string[];
  readonly variants?: readonly string[];
  readonly skipped?: string;
  readonly expandErrors?: Readonly<Record<string, string>>;
  readonly sig?: Readonly<Record<string, unknown>>;
  readonly sigValues?: Readonly<Record<string, string>>;
  readonly warnings?: number;
}

/** Reads a case from `top`, where its files are, and answers what it expects to be told, each in the same place. */
export function answer(one: CorpusCase, top: string, python: Environment['python']): unknown {
  const files = Object.fromEntries(Object.entries(one.files).map(([path, text]) => [`${top}/${path}`, text]));
  const environment = environmentOf(files, python);
  try {
    const read = readCase(one, top, environment);
    return one.expect === null ? read : describeResult({ ...read, top }, one.expect, environment);
  } catch (error) {
    if (!(error instanceof VarveError) || one.expectError === null) throw error;
    const { file, line } = error.place ?? {};
    return {
      ...(one.expectError.file === undefined || file === undefined
        ? {}
        : { file: file.replace(`${top}/`, '') }),
      ...(one.expectError.line === undefined ? {} : { line }),
    };
  }
}

/** What the case says must be answered. */
export function expected(one: CorpusCase): unknown {
  if (one.expect !== null) return one.expect;
  const { file, line } = one.expectError ?? {};
  return { ...(file === undefined ? {} : { file }), ...(line === undefined ? {} : { line }) };
}

interface Read {
  readonly data: Datastore;
  readonly tasks?: readonly { readonly name: string; readonly deps: readonly string[] }[];
  readonly inherited?: readonly string[];
  readonly variants?: readonly string[];
  readonly skipped?: string;
}

function readCase(one: CorpusCase, top: string, environment: Environment): Read {
  const data = createDatastore(environment);
  data.set('BBPATH', top);
  data.set('TOPDIR', top);
  const isRecipe = one.parse.endsWith('.bb');
  if (one.files['conf/bitbake.conf'] !== undefined && one.parse !== 'conf/bitbake.conf') {
    readConfiguration(data, `${top}/conf/bitbake.conf`, environment);
  }
  if (!isRecipe) {
    readConfiguration(data, `${top}/${one.parse}`, environment);
    return { data };
  }
  inheritConfigured(data, environment);
  return readRecipe(
    {
      file: `${top}/${one.parse}`,
      appends: (one.appends ?? []).map((append) => `${top}/${append}`),
      base: data,
      ...(one.variant === undefined ? {} : { variant: one.variant }),
    },
    environment,
  );
}

/** Never listed unless asked for: the harness that made the corpus sets them, or BitBake does in every recipe. */
const unlisted = new Set(['BBPATH', 'TOPDIR', 'FILE', 'DEPENDS']);

function describeResult(
  read: Read & { readonly top: string },
  wanted: Expected,
  environment: TestEnvironment,
): unknown {
  const { data, top } = read;
  const marked = (text: string): string => text.replaceAll(top, '@TOP@');
  const variables = data
    .names()
    .filter(
      (name) =>
        !name.includes(':') &&
        !unlisted.has(name) &&
        !isFunction(data, name) &&
        data.getRaw(name) !== undefined,
    )
    .filter((name) => wanted.expandErrors?.[name] === undefined);
  const functions = data.names().filter((name) => !name.includes(':') && isFunction(data, name));
  const result: Record<keyof Expected, unknown> = {
    vars: valuesOf([...variables, ...keys(wanted.vars)], (name) => marks(data.get(name), marked)),
    flags: valuesOf(
      data
        .names()
        .filter(
          (name) =>
            data.flagNames(name).length > 0 && (!name.includes(':') || wanted.flags?.[name] !== undefined),
        ),
      (name) => valuesOf(data.flagNames(name), (flag) => data.flag(name, flag)),
    ),
    funcs: valuesOf(functions, (name) => describeFunction(data, name, marked)),
    raw: valuesOf(keys(wanted.raw), (name) => marks(data.getRaw(name), marked)),
    tasks: Object.fromEntries((read.tasks ?? []).map(({ name, deps }) => [name, { deps }])),
    taskOrder: (read.tasks ?? []).map(({ name }) => name),
    inherited: (read.inherited ?? []).map(marked),
    handlers: data.book.handlers,
    variants: read.variants,
    skipped: read.skipped,
    expandErrors: valuesOf(keys(wanted.expandErrors), (name) =>
      fails(data, name) ? 'ExpansionError' : 'no error',
    ),
    sig: valuesOf(keys(wanted.sig), (task) => taskReferences(data, task)),
    sigValues: valuesOf(keys(wanted.sigValues), (name) => marks(signatureText(data, name) ?? null, marked)),
    warnings: environment.warnings.length,
  };
  const always: readonly (keyof Expected)[] = ['warnings', 'flags', 'funcs', 'tasks', 'inherited'];
  const shown = Object.entries(result).filter(
    ([key, value]) =>
      wanted[key as keyof Expected] !== undefined ||
      (always.includes(key as keyof Expected) && !isNothing(value)),
  );
  return Object.fromEntries(shown);
}

function isNothing(value: unknown): boolean {
  return value === 0 || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
}

function isFunction(data: Datastore, name: string): boolean {
  return (data.rawFlag(name, 'func') ?? '') !== '';
}

function describeFunction(data: Datastore, name: string, marked: (text: string) => string): unknown {
  const python = data.rawFlag(name, 'python') !== undefined;
  return {
    body: marked((python ? data.getRaw(name) : data.get(name)) ?? ''),
    ...(python ? { python } : {}),
    ...(data.rawFlag(name, 'fakeroot') === undefined ? {} : { fakeroot: true }),
  };
}

function fails(data: Datastore, name: string): boolean {
  try {
    data.get(name);
    return false;
  } catch (error) {
    if (error instanceof VarveError) return true;
    throw error;
  }
}

function marks(text: string | null | undefined, marked: (text: string) => string): string | null {
  return text === null || text === undefined ? null : marked(text);
}

function keys(record: Readonly<Record<string, unknown>> | undefined): readonly string[] {
  return Object.keys(record ?? {});
}

function valuesOf<T>(names: readonly string[], read: (name: string) => T): Readonly<Record<string, T>> {
  return Object.fromEntries(names.map((name) => [name, read(name)]));
}
