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

interface Builtin {
  /** How many arguments at least and at most. Other numbers are Python's affair. */
  readonly takes: readonly [number, number];
  /** Whether it goes through what it is given, so that a generator may stand there. */
  readonly iterates: boolean;
  readonly call: (args: Arguments) => PythonValue;
}

const of = (least: number, most: number, call: Builtin['call']): Builtin => ({
  takes: [least, most],
  iterates: false,
  call,
});
const over = (least: number, most: number, call: Builtin['call']): Builtin => ({
  takes: [least, most],
  iterates: true,
  call,
});

const builtins: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  ['len', of(1, 1, ([value = null]) => lengthOf(value))],
  ['int', of(0, 1, ([value = 0]) => toInteger(value))],
  ['str', of(0, 1, ([value = '']) => toText(value))],
  ['repr', of(1, 1, ([value = null]) => repr(value))],
  ['bool', of(0, 1, ([value = false]) => isTrue(value))],
  ['list', over(0, 1, ([value = list([])]) => list(iterate(value)))],
  ['tuple', over(0, 1, ([value = list([])]) => ({ kind: 'tuple', items: iterate(value) }))],
  ['set', over(0, 1, ([value = list([])]) => toSet(membersOf(value)))],
  ['sorted', over(1, 1, ([value = null]) => list([...membersOf(value)].sort(compare)))],
  ['any', over(1, 1, ([value = null]) => iterate(value).some(isTrue))],
  ['all', over(1, 1, ([value = null]) => iterate(value).every(isTrue))],
  ['min', over(1, 99, (args) => extreme(args, -1))],
  ['max', over(1, 99, (args) => extreme(args, 1))],
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

/** Tells whether a builtin may be given a generator. */
export function iteratesOver(name: string): boolean {
  return builtins.get(name)?.iterates === true;
}

/** Calls a builtin. */
export function callBuiltin(name: string, args: Arguments): PythonValue {
  const builtin = builtins.get(name);
  if (builtin === undefined || args.length < builtin.takes[0] || args.length > builtin.takes[1])
    throw new BeyondFastPath(name);
  return builtin.call(args);
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

function toInteger(value: PythonValue): number {
  if (typeof value === 'number' || typeof value === 'boolean') return Number(value);
  if (typeof value !== 'string') {
    throw new PythonRaised(
      'TypeError',
      `int() argument must be a string, a bytes-like object or a real number, not '${typeName(value)}'`,
    );
  }
  const text = value.trim();
  if (!/^[-+]?\d{1,15}$/.test(text)) throw new BeyondFastPath('an unusual number');
  return Number(text);
}

function extreme(args: Arguments, direction: 1 | -1): PythonValue {
  const items = args.length === 1 ? membersOf(args[0] ?? null) : args;
  const [first, ...rest] = items;
  if (first === undefined) throw new PythonRaised('ValueError', 'arg is an empty sequence');
  return rest.reduce((best, item) => (compare(item, best) * direction > 0 ? item : best), first);
}
