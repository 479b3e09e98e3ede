/** Python's operators on the values that the fast path knows. */
import type { BinaryOperator, Comparison } from './python-expression.ts';
import { formatPercent } from './python-format.ts';
import {
  BeyondFastPath,
  compare,
  contains,
  equals,
  isSequence,
  isTrue,
  PythonRaised,
  toSet,
  typeName,
  type PythonSequence,
  type PythonValue,
} from './python-values.ts';

/** `not value`, `-value`, `+value`. */
export function applyUnary(operator: 'not' | '-' | '+', value: PythonValue): PythonValue {
  if (operator === 'not') return !isTrue(value);
  if (typeof value !== 'number') throw new BeyondFastPath(`${operator} of ${typeName(value)}`);
  return operator === '-' ? 0 - value : value;
}

/** `left operator right`. */
export function applyBinary(operator: BinaryOperator, left: PythonValue, right: PythonValue): PythonValue {
  if (typeof left === 'number' && typeof right === 'number') return calculated(operator, left, right);
  if (operator === '%' && typeof left === 'string') return formatPercent(left, right);
  if (typeof left === 'boolean' || typeof right === 'boolean') throw new BeyondFastPath('a truth value');
  if (operator === '+') return added(left, right);
  if (operator === '*') {
    if (typeof right === 'number') return repeated(left, right);
    if (typeof left === 'number') return repeated(right, left);
  }
  if (isSequence(left) && isSequence(right) && left.kind === 'set' && right.kind === 'set') {
    return combined(operator, left, right);
  }
  throw new BeyondFastPath(`${typeName(left)} ${operator} ${typeName(right)}`);
}

function calculated(operator: BinaryOperator, a: number, b: number): number {
  if ((operator === '//' || operator === '%') && b === 0) {
    throw new PythonRaised('ZeroDivisionError', 'integer division or modulo by zero');
  }
  if (operator === '&' || operator === '|' || (operator === '**' && b < 0))
    throw new BeyondFastPath(operator);
  if (Math.abs(a) > largest || Math.abs(b) > largest) throw new BeyondFastPath('a large number');
  const results = {
    '+': a + b,
    '-': a - b,
    '*': a * b,
    '//': Math.floor(a / b),
    '%': a - b * Math.floor(a / b),
    '**': power(a, b),
  };
  // Python has no negative zero among its integers.
  return results[operator] + 0;
}

/** What is below is exact in every operation. */
const largest = 2 ** 26;

function power(a: number, b: number): number {
  const result = a ** b;
  if (Math.abs(result) > largest) throw new BeyondFastPath('a large number');
  return result;
}

function added(left: PythonValue, right: PythonValue): PythonValue {
  if (typeof left === 'string' && typeof right === 'string') return left + right;
  if (isSequence(left) && isSequence(right) && left.kind === right.kind && left.kind !== 'set') {
    return { kind: left.kind, items: [...left.items, ...right.items] };
  }
  if (typeof left === 'string') {
    throw new PythonRaised('TypeError', `can only concatenate str (not "${typeName(right)}") to str`);
  }
  throw new PythonRaised(
    'TypeError',
    `unsupported operand type(s) for +: '${typeName(left)}' and '${typeName(right)}'`,
  );
}

function repeated(value: PythonValue, times: number): PythonValue {
  const length = typeof value === 'string' ? value.length : isSequence(value) ? value.items.length : 1;
  if (times > 10_000 || length * times > 100_000) throw new BeyondFastPath('many repetitions');
  if (typeof value === 'string') return value.repeat(Math.max(0, times));
  if (!isSequence(value) || value.kind === 'set') throw new BeyondFastPath(`${typeName(value)} * int`);
  return { kind: value.kind, items: Array.from({ length: Math.max(0, times) }, () => value.items).flat() };
}

function combined(operator: BinaryOperator, left: PythonSequence, right: PythonSequence): PythonValue {
  if (operator === '&') return { kind: 'set', items: left.items.filter((item) => contains(right, item)) };
  if (operator === '-') return { kind: 'set', items: left.items.filter((item) => !contains(right, item)) };
  if (operator === '|') return toSet([...left.items, ...right.items]);
  throw new BeyondFastPath(`set ${operator} set`);
}

/** Tells whether a comparison holds. */
export function holds(operator: Comparison, left: PythonValue, right: PythonValue): boolean {
  switch (operator) {
    case '==':
      return equals(left, right);
    case '!=':
      return !equals(left, right);
    case 'in':
      return contains(right, left);
    case 'not in':
      return !contains(right, left);
    case 'is':
    case 'is not':
      // Whether two equal texts are one object is Python's own affair.
      if (right !== null && typeof right !== 'boolean') throw new BeyondFastPath('identity');
      return (left === right) === (operator === 'is');
    case '<':
      return compare(left, right) < 0;
    case '<=':
      return compare(left, right) <= 0;
    case '>':
      return compare(left, right) > 0;
    case '>=':
      return compare(left, right) >= 0;
    default:
      return operator satisfies never;
  }
}
