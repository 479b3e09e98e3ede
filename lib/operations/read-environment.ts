import type { Datastore, Origin } from '../language/datastore.ts';
import { loadMetadata, type Metadata } from '../layers/load-metadata.ts';
import type { World } from '../ports/world.ts';
import { closest } from '../terms/closest.ts';
import { byCodeUnit } from '../terms/ids.ts';
import { VarveError } from '../terms/varve-error.ts';
import { warnThrough, type Say } from '../terms/say.ts';

export interface EnvironmentRequest {
  readonly buildDir: string;
  /** Left out: the configuration. */
  readonly recipe?: string;
  readonly variable?: string;
}

export interface StatementOf {
  readonly file: string;
  readonly line: number;
  readonly operation: string;
  readonly detail: string;
  /** The flag that it is about; left out: the value. */
  readonly flag?: string;
}

/** One variable or function. */
export interface VariableRow {
  readonly name: string;
  readonly kind: 'variable' | 'shell' | 'python';
  /** Undefined where it cannot be expanded, or only flags are set. */
  readonly value: string | undefined;
  /** Why it cannot be expanded. */
  readonly error?: string;
  readonly flags: Readonly<Record<string, string>>;
  /** Tasks find it in their environment. */
  readonly exported: boolean;
  readonly history: readonly StatementOf[];
}

export type EnvironmentAnswer =
  | {
      readonly kind: 'variable';
      readonly of?: string;
      readonly variable: VariableRow;
      readonly overrides: readonly string[];
    }
  | { readonly kind: 'all'; readonly of?: string; readonly variables: readonly VariableRow[] };

/** Reads one variable, or all, of a recipe or of the configuration. */
export function readEnvironment(world: World, request: EnvironmentRequest, say: Say): EnvironmentAnswer {
  const metadata = loadMetadata(world, {
    buildDir: request.buildDir,
    python: world.python,
    warn: warnThrough(say),
  });
  const { of, data, variable } = whatIsMeant(metadata, request);
  const about = of === undefined ? {} : { of };
  if (variable !== undefined) {
    return {
      kind: 'variable',
      ...about,
      variable: knownVariable(data, variable, of),
      overrides: data.overrides(),
    };
  }
  const names = [...data.names()].sort(byCodeUnit);
  return { kind: 'all', ...about, variables: names.map((name) => readOrTell(data, name)) };
}

/** `varve env MACHINE` means the variable of the configuration where no recipe has that name. */
function whatIsMeant(
  metadata: Metadata,
  { recipe, variable }: EnvironmentRequest,
): { of?: string; data: Datastore; variable?: string } {
  const named = variable === undefined ? {} : { variable };
  if (recipe === undefined) return { data: metadata.config, ...named };
  const isVariable =
    variable === undefined &&
    /^[A-Z][A-Z0-9_]*$/.test(recipe) &&
    metadata.config.getRaw(recipe) !== undefined;
  if (isVariable) return { data: metadata.config, variable: recipe };
  const loaded = metadata.recipe(recipe);
  return { of: loaded.name, data: loaded.data, ...named };
}

function knownVariable(data: Datastore, name: string, of: string | undefined): VariableRow {
  const row = readVariable(data, name);
  if (row.value !== undefined || row.history.length > 0 || Object.keys(row.flags).length > 0) return row;
  const near = closest(name, data.names());
  throw new VarveError('usage', `${of ?? 'the configuration'} has no variable ${name}`, {
    hints: near === undefined ? [] : [`did you mean "${near}"?`],
  });
}

/** One value among many that cannot be expanded is told in its place. */
function readOrTell(data: Datastore, name: string): VariableRow {
  try {
    return readVariable(data, name);
  } catch (error) {
    if (!(error instanceof VarveError)) throw error;
    return {
      name,
      kind: 'variable',
      value: undefined,
      error: error.message,
      flags: {},
      exported: false,
      history: [],
    };
  }
}

function readVariable(data: Datastore, name: string): VariableRow {
  const isFunction = data.rawFlag(name, 'func') !== undefined;
  const isPython = isFunction && data.rawFlag(name, 'python') !== undefined;
  return {
    name,
    kind: isPython ? 'python' : isFunction ? 'shell' : 'variable',
    // The body of a python function is not expanded, only run.
    value: isPython ? data.getRaw(name) : data.get(name),
    flags: Object.fromEntries(data.flags(name)),
    exported: data.exported().includes(name),
    history: data.origins(name).map(statementOf),
  };
}

function statementOf({ file, line, operation, detail, flag }: Origin): StatementOf {
  return { file, line, operation, detail, ...(flag === undefined ? {} : { flag }) };
}
