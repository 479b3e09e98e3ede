/** Variables: with the statements that made them, or all in a form that a shell can read. */
import type { EnvironmentAnswer, StatementOf, VariableRow } from '../operations/read-environment.ts';
import { formatTable } from './format-table.ts';
import { nearPath } from './near-path.ts';
import type { View } from './view.ts';

/** Writes one variable with its history, or all variables. */
export function formatEnvironment(answer: EnvironmentAnswer, view: View): string {
  if (answer.kind === 'all') {
    const told = answer.variables.filter(({ value, error }) => value !== undefined || error !== undefined);
    return told.map((row) => formatAssignment(row)).join('');
  }
  const { variable } = answer;
  const history = formatTable(variable.history.map((statement) => ['#', ...describe(statement, view)]));
  const flags = Object.entries(variable.flags).map(
    ([flag, value]) => `# ${variable.name}[${flag}] = ${quote(value)}\n`,
  );
  const overrides = answer.overrides.length === 0 ? '' : `# overrides: ${answer.overrides.join(':')}\n`;
  return `${formatAssignment(variable)}${history}${flags.join('')}${view.verbose ? overrides : ''}`;
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

function describe(statement: StatementOf, { world }: View): readonly string[] {
  return [
    `${nearPath(statement.file, world.cwd)}:${statement.line}`,
    statement.operation,
    oneLine(statement.detail),
  ];
}

/** `NAME="value"`, `export NAME="value"`, or a function. */
function formatAssignment({ name, kind, value, error, flags }: VariableRow): string {
  if (value === undefined) return comment(`${name} has no value${error === undefined ? '' : `: ${error}`}`);
  const body = value.replace(/\n$/, '');
  if (kind === 'python') return comment(`python ${name}() {\n${body}\n}`);
  if (kind === 'shell') return `${name}() {\n${body}\n}\n`;
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return comment(`${name}=${quote(value)}`);
  const exported = flags['export'] !== undefined && flags['export'] !== '0' ? 'export ' : '';
  return `${exported}${name}=${quote(value)}\n`;
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
