/** Python's builtin functions, as far as expressions in recipes use them. */
import {
  BeyondFastPath,
  codePoints,
  compare,
  isSequence,
  isTrue,
  iterate,
  list,
  PythonRaised,
  repr,
  toSet,
  toText,
  typeName,
  type PythonValue,
} from './python-values.ts';

type Arguments = readonly PythonValue[];

const builtins: ReadonlyMap<string, (args: Arguments) => PythonValue> = new Map<
  string,
  (args: Arguments) => PythonValue
>([
  ['len', ([value = null]) => lengthOf(value)],
  ['int', (args) => toInteger(args)],
  ['str', ([value = '']) => toText(value)],
  ['repr', ([value = null]) => repr(value)],
  ['bool', ([value = false]) => isTrue(value)],
  ['list', ([value = list([])]) => list(iterate(value))],
  ['tuple', ([value = list([])]) => ({ kind: 'tuple', items: iterate(value) })],
  ['set', ([value = list([])]) => toSet(membersOf(value))],
  ['sorted', ([value = null]) => list([...membersOf(value)].sort(compare))],
  ['any', ([value = null]) => iterate(value).some(isTrue)],
  ['all', ([value = null]) => iterate(value).every(isTrue)],
  ['min', (args) => extreme(args, -1)],
  ['max', (args) => extreme(args, 1)],
]);

/** Names of Python's own that no variable of the metadata can stand for, beside those above. */
const others: ReadonlySet<string> = new Set(
  'abs aiter anext ascii bin breakpoint bytearray bytes callable chr classmethod compile complex copyright credits delattr dict dir divmod enumerate eval exec exit filter float format frozenset getattr globals hasattr hash help hex id input isinstance issubclass iter license locals map memoryview next object oct open ord pow print property quit range reversed round setattr slice staticmethod sum super type vars zip Ellipsis NotImplemented'.split(
    ' ',
  ),
);

/** Tells whether Python has a builtin of this name. */
export function isBuiltin(name: string): boolean {
  return builtins.has(name) || others.has(name) || /^[A-Z]\w*(?:Error|Exception|Warning)$/.test(name);
}

/** Calls a builtin. */
export function callBuiltin(name: string, args: Arguments): PythonValue {
  const builtin = builtins.get(name);
  if (builtin === undefined) throw new BeyondFastPath(name);
  return builtin(args);
}

/** The items of a collection whose order is put right, or does not matter. */
function membersOf(value: PythonValue): readonly PythonValue[] {
  return isSequence(value) ? value.items : iterate(value);
}

function lengthOf(value: PythonValue): number {
  if (typeof value === 'string') return codePoints(value).length;
  if (isSequence(value)) return value.items.length;
  throw new PythonRaised('TypeError', `object of type '${typeName(value)}' has no len()`);
}

function toInteger(args: Arguments): number {
  const [value = 0] = args;
  if (args.length > 1) throw new BeyondFastPath('int with a base');
  if (typeof value === 'number' || typeof value === 'boolean') return Number(value);
  if (typeof value !== 'string') {
    throw new PythonRaised(
      'TypeError',
      `int() argument must be a string, a bytes-like object or a real number, not '${typeName(value)}'`,
    );
  }
  const text = value.trim();
  if (!/^[-+]?\d+$/.test(text)) {
    throw new PythonRaised('ValueError', `invalid literal for int() with base 10: ${repr(value)}`);
  }
  const number = Number(text);
  if (!Number.isSafeInteger(number)) throw new BeyondFastPath('a large number');
  return number;
}

function extreme(args: Arguments, direction: 1 | -1): PythonValue {
  const items = args.length === 1 ? membersOf(args[0] ?? null) : args;
  const [first, ...rest] = items;
  if (first === undefined) throw new PythonRaised('ValueError', 'arg is an empty sequence');
  return rest.reduce((best, item) => (compare(item, best) * direction > 0 ? item : best), first);
}
