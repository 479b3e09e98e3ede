import { VarveError } from '../terms/varve-error.ts';
import { pythonTokens } from './python-tokens.ts';

const closes: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/**
 * Refuses Python that ends inside a string, a bracket or before its block, so that this is known before anything runs.
 * `line` is its first.
 */
export function checkPython(
  text: string,
  { file, line }: { readonly file: string; readonly line: number },
): void {
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
  throw mismatch('its last block is empty', { file, line: line + text.trimEnd().split('\n').length - 1 });
}

function mismatch(what: string, place: { readonly file: string; readonly line: number }): VarveError {
  return new VarveError('metadata', `this Python cannot be read: ${what}`, { place });
}
