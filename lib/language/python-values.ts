/** Values of the Python that the fast path knows, and what Python's own operations make of them. */

export interface PythonSequence {
  readonly kind: 'list' | 'tuple' | 'set';
  readonly items: readonly PythonValue[];
}

/** None is null. Integers only: what could be a fraction is left to Python. */
export type PythonValue = null | boolean | number | string | PythonSequence;

/** The fast path does not know this: Python is to be asked. */
export class BeyondFastPath extends Error {
  override readonly name = 'BeyondFastPath';
}

/** A Python exception, worked out without Python. */
export class PythonRaised extends Error {
  override readonly name = 'PythonRaised';
  readonly type: string;
  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

/** Makes a list. */
export function list(items: readonly PythonValue[]): PythonSequence {
  return { kind: 'list', items };
}

/** Tells a list, tuple or set from everything else. */
export function isSequence(value: PythonValue): value is PythonSequence {
  return typeof value === 'object' && value !== null;
}

/** The characters of a text, as Python counts them. */
export function codePoints(text: string): readonly string[] {
  return Array.from(text);
}

/** One character of what Python takes for white space, which is not what a regular expression does here. */
export const whiteSpace = /[\t-\r\x1c- \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

const words = /[^\t-\r\x1c- \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/g;

/** Splits as `str.split()` does: at white space, nothing empty. */
export function splitWords(text: string | undefined): string[] {
  return text?.match(words) ?? [];
}

/** `bool(value)`. */
export function isTrue(value: PythonValue): boolean {
  if (isSequence(value)) return value.items.length > 0;
  return Boolean(value);
}

/** `str(value)`. */
export function toText(value: PythonValue): string {
  return typeof value === 'string' ? value : repr(value);
}

/** `repr(value)`. */
export function repr(value: PythonValue): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return quotedText(value);
  const inside = value.items.map(repr).join(', ');
  switch (value.kind) {
    case 'list':
      return `[${inside}]`;
    case 'tuple':
      return value.items.length === 1 ? `(${inside},)` : `(${inside})`;
    case 'set':
      // Python's order of a set is by hash.
      if (value.items.length > 1) throw new BeyondFastPath('order of a set');
      return value.items.length === 0 ? 'set()' : `{${inside}}`;
    default:
      return value.kind satisfies never;
  }
}

function quotedText(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let result = quote;
  for (const char of text) {
    if (char === '\\' || char === quote) result += `\\${char}`;
    else if (char === '\n') result += '\\n';
    else if (char === '\t') result += '\\t';
    else if (char === '\r') result += '\\r';
    else if (char < ' ' || char > '~') throw new BeyondFastPath('repr of an unusual character');
    else result += char;
  }
  return result + quote;
}

/** `a == b`. */
export function equals(a: PythonValue, b: PythonValue): boolean {
  if (isSequence(a) && isSequence(b)) {
    if (a.kind !== b.kind || a.items.length !== b.items.length) return false;
    if (a.kind === 'set') return a.items.every((item) => contains(b, item));
    return a.items.every((item, index) => equals(item, b.items[index] ?? null));
  }
  if (typeof a === 'boolean' && typeof b === 'number') return Number(a) === b;
  if (typeof a === 'number' && typeof b === 'boolean') return a === Number(b);
  return a === b;
}

/** `item in container`. */
export function contains(container: PythonValue, item: PythonValue): boolean {
  if (typeof container === 'string') {
    if (typeof item !== 'string') {
      throw new PythonRaised(
        'TypeError',
        `'in <string>' requires string as left operand, not ${typeName(item)}`,
      );
    }
    return container.includes(item);
  }
  if (!isSequence(container)) {
    throw new PythonRaised('TypeError', `argument of type '${typeName(container)}' is not iterable`);
  }
  return container.items.some((one) => equals(one, item));
}

/** Compares two texts or two numbers; texts by code point. */
export function compare(a: PythonValue, b: PythonValue): number {
  if (typeof a === 'string' && typeof b === 'string') return compareTexts(a, b);
  if (
    (typeof a === 'number' || typeof a === 'boolean') &&
    (typeof b === 'number' || typeof b === 'boolean')
  ) {
    return Number(a) - Number(b);
  }
  if (isSequence(a) || isSequence(b)) throw new BeyondFastPath('comparison of sequences');
  throw new PythonRaised(
    'TypeError',
    `'<' not supported between instances of '${typeName(a)}' and '${typeName(b)}'`,
  );
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  const left = codePoints(a);
  const right = codePoints(b);
  for (let index = 0; index < left.length && index < right.length; index++) {
    const difference = (left[index]?.codePointAt(0) ?? 0) - (right[index]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** `type(value).__name__`. */
export function typeName(value: PythonValue): string {
  if (value === null) return 'NoneType';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return 'int';
  return typeof value === 'string' ? 'str' : value.kind;
}

/** The items that a `for` goes through. */
export function iterate(value: PythonValue): readonly PythonValue[] {
  if (typeof value === 'string') return codePoints(value);
  if (isSequence(value)) {
    if (value.kind === 'set' && value.items.length > 1) throw new BeyondFastPath('order of a set');
    return value.items;
  }
  throw new PythonRaised('TypeError', `'${typeName(value)}' object is not iterable`);
}

/** Every item once, in no order that may be relied on. */
export function toSet(items: readonly PythonValue[]): PythonSequence {
  const kept: PythonValue[] = [];
  if (items.some((item) => isSequence(item) && item.kind !== 'tuple'))
    throw new BeyondFastPath('what cannot be in a set');
  for (const item of items) if (!kept.some((one) => equals(one, item))) kept.push(item);
  return { kind: 'set', items: kept };
}
