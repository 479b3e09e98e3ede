/** Reads recipes, appends, classes and their include files, line by line. */
import { VarveError } from '../terms/varve-error.ts';
import type { Environment } from './environment.ts';
import { confusing } from './parse-configuration.ts';
import { parseCommonLine } from './parse-line.ts';
import { parseTaskLine } from './parse-task-line.ts';
import type { Statement } from './statements.ts';
import { linesOf } from './text-lines.ts';

export interface RecipeText {
  readonly file: string;
  /** Of a class: its name. */
  readonly className: string;
  readonly warn: Environment['warn'];
}

interface OpenFunction {
  readonly name: string | undefined;
  readonly python: boolean;
  readonly fakeroot: boolean;
  readonly line: number;
}

interface Reading extends RecipeText {
  readonly statements: Statement[];
  /** Lines so far of a statement that goes on. */
  readonly started: string[];
  startedAt: number;
  /** The shell or Python function that is open, up to `}`. */
  open: OpenFunction | undefined;
  /** The `def` that is open, up to a line that is not indented. */
  def: { readonly name: string; readonly line: number } | undefined;
  body: string[];
}

const functionStart =
  /^(?<kinds>(?:(?:python(?=\s|\()|fakeroot(?=\s))\s*)*)(?<name>[\p{L}\p{N}_.\-+{}$:]+)?\s*\(\s*\)\s*\{$/u;

/** Reads a text; throws where a line is no statement or a function is left open. */
export function parseRecipe(text: string, source: RecipeText): readonly Statement[] {
  const reading: Reading = {
    ...source,
    statements: [],
    started: [],
    startedAt: 0,
    open: undefined,
    def: undefined,
    body: [],
  };
  const lines = linesOf(text);
  for (const [index, line] of lines.entries()) feed(reading, line, index + 1);
  if (reading.def !== undefined) closeDef(reading, lines.length);
  finish(reading, lines.length + 1);
  return reading.statements;
}

function finish(reading: Reading, line: number): void {
  const { file, started, open, body } = reading;
  if (started.length > 0) {
    throw new VarveError('metadata', 'the last statement goes on, but the file ends', {
      place: { file, line },
    });
  }
  if (open === undefined) return;
  const place = body.length > 0 ? { file, line } : { file, line: open.line };
  throw new VarveError('metadata', `the function ${open.name ?? ''} of line ${open.line} is never closed`, {
    place,
    hints: ['a "}" alone at the start of a line closes it'],
  });
}

function feed(reading: Reading, text: string, line: number): void {
  const inPython = reading.def !== undefined || reading.open?.python === true;
  if (inPython && /^ *\t/.test(text)) {
    reading.warn('Python is indented with spaces in recipes, but here are tabs', {
      file: reading.file,
      line,
    });
  }
  if (reading.open !== undefined) {
    if (text === '}') closeFunction(reading, reading.open, line);
    else reading.body.push(text);
    return;
  }
  if (reading.def !== undefined) {
    if (/^(?:\s|#|$)/.test(text)) {
      reading.body.push(text);
      return;
    }
    closeDef(reading, line - 1);
  }
  join(reading, text, line);
}

/** Joins what continuations tear apart, then reads the whole. */
function join(reading: Reading, text: string, line: number): void {
  const { file, started } = reading;
  const [first] = started;
  if (first !== undefined) {
    if (first === '') throw nothingBefore(file, reading.startedAt);
    if (text.startsWith('#') && !first.startsWith('#')) throw commentInside(file, line);
    if (first.startsWith('#') && !text.startsWith('#')) throw confusing(file, line - started.length);
  } else reading.startedAt = line;
  if (text.endsWith('\\')) {
    started.push(text.slice(0, -1));
    return;
  }
  const whole = started.join('') + text;
  started.length = 0;
  if (whole !== '' && !whole.startsWith('#')) readWhole(reading, whole, line);
}

function nothingBefore(file: string, line: number): VarveError {
  return new VarveError('metadata', 'a backslash stands alone on its line', { place: { file, line } });
}

function commentInside(file: string, line: number): VarveError {
  return new VarveError('metadata', 'a comment stands in the middle of a statement that goes on', {
    place: { file, line },
    hints: ['put the comment before the statement'],
  });
}

function readWhole(reading: Reading, text: string, line: number): void {
  const start = text.endsWith('{') ? functionStart.exec(text)?.groups : undefined;
  if (start !== undefined) {
    const { name, kinds = '' } = start;
    const anonymous = name === undefined || name === '__anonymous';
    reading.open = {
      name: anonymous ? undefined : name,
      python: anonymous || kinds.includes('python'),
      fakeroot: kinds.includes('fakeroot'),
      line,
    };
    return;
  }
  const def = /^def\s+([\p{L}\p{N}_]+).*:/u.exec(text)?.[1];
  if (def !== undefined) {
    reading.def = { name: def, line };
    reading.body = [text];
    return;
  }
  const spot = { file: reading.file, line: reading.startedAt, lastLine: line };
  reading.statements.push(
    parseTaskLine(text, spot, reading.className) ??
      parseCommonLine(text, spot, { grammar: 'recipe', warn: reading.warn }),
  );
}

function closeFunction(
  reading: Reading,
  { name, python, fakeroot, line }: OpenFunction,
  lastLine: number,
): void {
  const body = reading.body.map((text) => `${text}\n`).join('');
  const { file } = reading;
  reading.statements.push({
    kind: 'function',
    file,
    line,
    lastLine,
    ...(name === undefined ? {} : { name }),
    body,
    python,
    fakeroot,
  });
  reading.open = undefined;
  reading.body = [];
}

function closeDef(reading: Reading, lastLine: number): void {
  if (reading.def === undefined) return;
  const { name, line } = reading.def;
  const { file } = reading;
  const text = reading.body.join('\n');
  reading.statements.push({ kind: 'def', file, line, lastLine, name, text });
  reading.def = undefined;
  reading.body = [];
}
