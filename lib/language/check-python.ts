import type { PythonText } from '../ports/python.ts';
import { VarveError } from '../terms/varve-error.ts';
import { tryDefinition } from './ask-python.ts';
import type { Datastore } from './datastore.ts';
import { pythonTokens } from './python-tokens.ts';
import type { DefStatement, FunctionStatement } from './statements.ts';

/** What was found right once: a statement is carried out for each recipe that reads it. */
const checked = new WeakSet<DefStatement | FunctionStatement>();

/**
 * Refuses a `def` block, or an anonymous function, that cannot be read, as BitBake does when it comes to it; other
 * functions are read when they run. What is wrong on the face of it is found here, the rest by Python where the
 * environment is eager.
 */
export function checkPython(data: Datastore, statement: DefStatement | FunctionStatement): void {
  if (checked.has(statement)) return;
  const { file, line } = statement;
  const block: PythonText =
    statement.kind === 'def'
      ? { name: statement.name, text: statement.text, file, line }
      : { name: 'anonymous', text: `def anonymous(d):\n${statement.body}`, file, line };
  // Python first: of several things that are wrong it may name another.
  if (data.environment.eager === true) tryDefinition(data, block);
  checkForm(block);
  checked.add(statement);
}

const closes: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

function checkForm({ text, file, line }: PythonText): void {
  const open: { readonly text: string; readonly line: number }[] = [];
  const tokens = pythonTokens(text);
  for (const token of tokens) {
    const at = { file, line: line + token.line - 1 };
    if (token.kind === 'broken') {
      if (token.text === 'unterminated') throw mismatch('a string is not closed on its line', at);
      // What only a newer Python can read is for Python to judge.
      return;
    }
    if (token.kind !== 'operator') continue;
    if ('([{'.includes(token.text)) open.push(token);
    const opener = closes[token.text];
    if (opener === undefined) continue;
    const last = open.pop();
    if (last?.text !== opener) throw mismatch(`"${token.text}" closes nothing`, at);
  }
  const [left] = open.slice(-1);
  if (left !== undefined) {
    throw mismatch(`"${left.text}" is never closed`, { file, line: line + left.line - 1 });
  }
  const end = tokens.at(-1);
  if (end?.kind !== 'operator' || end.text !== ':') return;
  const lines = text.replace(/\n$/, '').split('\n').length;
  throw mismatch('its last block is empty', { file, line: line + lines - 1 });
}

function mismatch(what: string, place: { readonly file: string; readonly line: number }): VarveError {
  return new VarveError('metadata', `this Python cannot be read: ${what}`, { place });
}
