/** Variables: with the statements that made them, or all in a form that a shell can read. */
import type { EnvironmentAnswer, StatementOf, VariableRow } from '../operations/read-environment.ts';
import { formatTable } from './format-table.ts';
import { nearPath } from './near-path.ts';
import type { View } from './view.ts';

/** Writes one variable with its history, or all variables. */
export function formatEnvironment(answer: EnvironmentAnswer, view: View): string {
  if (answer.kind === 'all') {
    const told = answer.variables.filter(({ value, error }) => value !== undefined || error !== undefined);
    const history = (row: VariableRow): string => (view.verbose ? formatHistory(row, view) : '');
    return told.map((row) => `${history(row)}${formatAssignment(row)}`).join('');
  }
  const { variable } = answer;
  const flags = Object.entries(variable.flags).map(
    ([flag, value]) => `# ${variable.name}[${flag}] = ${quote(value)}\n`,
  );
  const overrides = answer.overrides.length === 0 ? '' : `# overrides: ${answer.overrides.join(':')}\n`;
  return `${formatAssignment(variable)}${formatHistory(variable, view)}${flags.join('')}${overrides}`;
}

/** The answer as `--json` tells it. */
export function environmentDocument(answer: EnvironmentAnswer): object {
  const recipe = answer.of === undefined ? {} : { recipe: answer.of };
  if (answer.kind === 'variable') {
    const { name, value = null, flags, history } = answer.variable;
    return { schema: 1, ...recipe, name, value, flags, history, overrides: answer.overrides };
  }
  const values = answer.variables.map(({ name, value = null }) => [name, value]);
  return { schema: 1, ...recipe, variables: Object.fromEntries(values) };
}

function formatHistory({ history }: VariableRow, view: View): string {
  return formatTable(history.map((statement) => ['#', ...describe(statement, view)]));
}

function describe({ file, line, operation, detail, flag }: StatementOf, { world }: View): readonly string[] {
  const what = flag === undefined ? operation : `[${flag}] ${operation}`;
  return [`${nearPath(file, world.cwd)}:${line}`, what, oneLine(detail)];
}

/** `NAME="value"`, `export NAME="value"`, or a function. */
function formatAssignment({ name, kind, value, error, exported }: VariableRow): string {
  if (value === undefined) return comment(`${name} has no value${error === undefined ? '' : `: ${error}`}`);
  const body = value.replace(/\n$/, '');
  if (kind === 'python') return comment(`python ${name}() {\n${body}\n}`);
  const isName = /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
  const text = kind === 'shell' ? formatFunction(name, body) : `${name}=${quote(value)}`;
  if (!isName || (kind === 'shell' && reserved.has(name))) return comment(text);
  return `${exported ? 'export ' : ''}${text}\n`;
}

/** What a shell takes for its own where a function is defined. */
const reserved: ReadonlySet<string> = new Set(
  'case do done elif else esac fi for if in then until while break continue eval exec exit export readonly return set shift times trap unset'.split(
    ' ',
  ),
);

/** A shell wants at least one command in a body, which metadata need not have. */
function formatFunction(name: string, body: string): string {
  const hasCommand = /^\s*[^#\s]/m.test(body);
  return `${name}() {\n${hasCommand ? body : `${body}\n:`}\n}`;
}

/** What a shell cannot read is told as a comment. */
const comment = (text: string): string => `${text.replaceAll(/^/gm, '# ')}\n`;

function quote(value: string): string {
  return `"${value.replaceAll(/[\\"$`]/g, '\\$&')}"`;
}

function oneLine(text: string): string {
  const flat = text.replaceAll(/\s*\n\s*/g, ' ').trim();
  return flat.length > 100 ? `${flat.slice(0, 99)}…` : flat;
}
