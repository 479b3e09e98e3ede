/** Reads Python expressions, as far as the fast path knows them. */
import type { BinaryOperator, Comparison, Comprehension, Expression } from './python-expression.ts';
import { pythonTokens, type PythonToken } from './python-tokens.ts';
import { BeyondFastPath } from './python-values.ts';

export type ParsedExpression =
  | { readonly kind: 'expression'; readonly expression: Expression }
  /** Its text ends inside a string. */
  | { readonly kind: 'unterminated' }
  /** More than the fast path knows, or no Python at all. */
  | { readonly kind: 'beyond' };

/** Reads an expression, as far as the fast path goes. */
export function parseExpression(text: string): ParsedExpression {
  const tokens = pythonTokens(text);
  // Outside of brackets a line ends the expression; who writes several lines may ask Python.
  if (text.includes('\n'))
    return { kind: tokens.at(-1)?.text === 'unterminated' ? 'unterminated' : 'beyond' };
  const last = tokens.at(-1);
  if (last?.kind === 'broken') return { kind: last.text === 'unterminated' ? 'unterminated' : 'beyond' };
  const reader: Reader = { tokens, at: 0 };
  try {
    const expression = tupleOrOne(reader);
    return reader.at === tokens.length ? { kind: 'expression', expression } : { kind: 'beyond' };
  } catch (error) {
    if (error instanceof BeyondFastPath) return { kind: 'beyond' };
    throw error;
  }
}

interface Reader {
  readonly tokens: readonly PythonToken[];
  at: number;
}

const keywords: ReadonlySet<string> = new Set(
  'and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield'.split(
    ' ',
  ),
);

function next(reader: Reader): string {
  const token = reader.tokens[reader.at];
  return token === undefined || token.kind === 'string' ? '' : token.text;
}

function take(reader: Reader, text: string): boolean {
  if (next(reader) !== text) return false;
  reader.at++;
  return true;
}

function expect(reader: Reader, text: string): void {
  if (!take(reader, text)) throw new BeyondFastPath(`no ${text}`);
}

function tupleOrOne(reader: Reader): Expression {
  const first = choice(reader);
  if (next(reader) !== ',') return first;
  const items = [first];
  while (take(reader, ',')) {
    if (reader.at === reader.tokens.length || next(reader) === ')') break;
    items.push(choice(reader));
  }
  return { kind: 'sequence', of: 'tuple', items };
}

function choice(reader: Reader): Expression {
  const yes = logic(reader, 'or');
  if (!take(reader, 'if')) return yes;
  const condition = logic(reader, 'or');
  expect(reader, 'else');
  return { kind: 'choice', condition, yes, no: choice(reader) };
}

function logic(reader: Reader, operator: 'and' | 'or'): Expression {
  const operand = operator === 'or' ? () => logic(reader, 'and') : () => negation(reader);
  let left = operand();
  while (take(reader, operator)) left = { kind: 'logic', operator, left, right: operand() };
  return left;
}

function negation(reader: Reader): Expression {
  if (take(reader, 'not')) return { kind: 'unary', operator: 'not', operand: negation(reader) };
  return comparison(reader);
}

function comparison(reader: Reader): Expression {
  const first = binary(reader, 0);
  const rest: { readonly operator: Comparison; readonly operand: Expression }[] = [];
  for (;;) {
    const operator = comparisonOperator(reader);
    if (operator === undefined) break;
    rest.push({ operator, operand: binary(reader, 0) });
  }
  return rest.length === 0 ? first : { kind: 'compare', first, rest };
}

function comparisonOperator(reader: Reader): Comparison | undefined {
  for (const operator of ['==', '!=', '<', '<=', '>', '>=', 'in'] as const)
    if (take(reader, operator)) return operator;
  if (take(reader, 'is')) return take(reader, 'not') ? 'is not' : 'is';
  if (next(reader) !== 'not') return undefined;
  reader.at++;
  expect(reader, 'in');
  return 'not in';
}

/** Weakest first. */
const levels: readonly (readonly BinaryOperator[])[] = [['|'], ['&'], ['+', '-'], ['*', '//', '%']];

function binary(reader: Reader, level: number): Expression {
  const operators = levels[level];
  if (operators === undefined) return unary(reader);
  let left = binary(reader, level + 1);
  for (;;) {
    const operator = operators.find((one) => take(reader, one));
    if (operator === undefined) return left;
    left = { kind: 'binary', operator, left, right: binary(reader, level + 1) };
  }
}

function unary(reader: Reader): Expression {
  for (const operator of ['-', '+'] as const) {
    if (take(reader, operator)) return { kind: 'unary', operator, operand: unary(reader) };
  }
  const base = primary(reader);
  return take(reader, '**') ? { kind: 'binary', operator: '**', left: base, right: unary(reader) } : base;
}

function primary(reader: Reader): Expression {
  let value = atom(reader);
  for (;;) {
    if (take(reader, '.')) value = { kind: 'attribute', object: value, name: takeName(reader) };
    else if (take(reader, '(')) value = call(reader, value);
    else if (take(reader, '[')) value = subscript(reader, value);
    else return value;
  }
}

function takeName(reader: Reader): string {
  const token = reader.tokens[reader.at];
  if (token?.kind !== 'name' || keywords.has(token.text)) throw new BeyondFastPath('no name');
  reader.at++;
  return token.text;
}

function atom(reader: Reader): Expression {
  const token = reader.tokens[reader.at];
  if (token === undefined) throw new BeyondFastPath('end of text');
  if (token.kind === 'string') return { kind: 'constant', value: adjacentStrings(reader) };
  if (token.kind === 'number') return { kind: 'constant', value: integer(reader, token.text) };
  if (take(reader, '(')) return parenthesised(reader);
  if (take(reader, '[')) return bracketed(reader, { close: ']', of: 'list' });
  if (take(reader, '{')) return bracketed(reader, { close: '}', of: 'set' });
  if (take(reader, 'None')) return { kind: 'constant', value: null };
  if (take(reader, 'True')) return { kind: 'constant', value: true };
  if (take(reader, 'False')) return { kind: 'constant', value: false };
  return { kind: 'name', name: takeName(reader) };
}

function adjacentStrings(reader: Reader): string {
  let value = '';
  for (let token = reader.tokens[reader.at]; token?.kind === 'string'; token = reader.tokens[reader.at]) {
    if (!token.plain) throw new BeyondFastPath('a formatted string');
    value += token.text;
    reader.at++;
  }
  return value;
}

function integer(reader: Reader, text: string): number {
  reader.at++;
  const value = Number(text);
  const known = /^(?:0|[1-9]\d*|0[xob][\da-f]+)$/i.test(text) && Number.isSafeInteger(value);
  if (!known) throw new BeyondFastPath('an unusual number');
  return value;
}

function parenthesised(reader: Reader): Expression {
  if (take(reader, ')')) return { kind: 'sequence', of: 'tuple', items: [] };
  const first = tupleOrOne(reader);
  const inside = next(reader) === 'for' ? comprehension(reader, { element: first, of: 'list' }) : first;
  // A generator that is not handed to a function prints differently from a list.
  if (inside !== first) throw new BeyondFastPath('a generator');
  expect(reader, ')');
  return inside;
}

function bracketed(
  reader: Reader,
  { close, of }: { readonly close: ']' | '}'; readonly of: 'list' | 'set' },
): Expression {
  const items: Expression[] = [];
  while (!take(reader, close)) {
    items.push(choice(reader));
    const [first] = items;
    if (first !== undefined && items.length === 1 && next(reader) === 'for') {
      const all = comprehension(reader, { element: first, of });
      expect(reader, close);
      return all;
    }
    if (next(reader) !== close) expect(reader, ',');
  }
  // `{}` is a dictionary.
  if (of === 'set' && items.length === 0) throw new BeyondFastPath('a dictionary');
  return { kind: 'sequence', of, items };
}

function comprehension(
  reader: Reader,
  { element, of }: { readonly element: Expression; readonly of: Comprehension['of'] },
): Comprehension {
  expect(reader, 'for');
  const targets = [takeName(reader)];
  while (take(reader, ',')) targets.push(takeName(reader));
  expect(reader, 'in');
  const source = logic(reader, 'or');
  const conditions: Expression[] = [];
  while (take(reader, 'if')) conditions.push(logic(reader, 'or'));
  if (next(reader) === 'for') throw new BeyondFastPath('a nested comprehension');
  return { kind: 'comprehension', of, element, targets, source, conditions };
}

function call(reader: Reader, callee: Expression): Expression {
  const args: Expression[] = [];
  const keywords = new Map<string, Expression>();
  while (!take(reader, ')')) {
    const name = reader.tokens[reader.at + 1]?.text === '=' ? takeName(reader) : undefined;
    if (name !== undefined) {
      expect(reader, '=');
      if (keywords.has(name)) throw new BeyondFastPath('an argument twice');
      keywords.set(name, choice(reader));
    } else {
      if (keywords.size > 0) throw new BeyondFastPath('an argument after a named one');
      const value = choice(reader);
      const isGenerator = next(reader) === 'for';
      args.push(isGenerator ? comprehension(reader, { element: value, of: 'generator' }) : value);
      if (isGenerator && (args.length > 1 || next(reader) !== ')')) throw new BeyondFastPath('a generator');
    }
    if (next(reader) !== ')') expect(reader, ',');
  }
  return { kind: 'call', callee, args, keywords };
}

function subscript(reader: Reader, object: Expression): Expression {
  const parts: (Expression | undefined)[] = [];
  let part: Expression | undefined;
  let colons = 0;
  while (!take(reader, ']')) {
    if (take(reader, ':')) {
      parts.push(part);
      part = undefined;
      colons++;
    } else if (part === undefined) part = choice(reader);
    else throw new BeyondFastPath('an unusual index');
  }
  parts.push(part);
  if (colons === 0 && part !== undefined) return { kind: 'index', object, index: part };
  if (colons === 0 || colons > 2) throw new BeyondFastPath('an unusual index');
  return { kind: 'slice', object, parts };
}
