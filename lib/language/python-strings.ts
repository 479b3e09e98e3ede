/** Methods of Python's `str`, as far as expressions in recipes use them. */
import { formatBraces } from './python-format.ts';
import {
  BeyondFastPath,
  codePoints,
  isSequence,
  iterate,
  list,
  PythonRaised,
  splitWords,
  typeName,
  whiteSpace,
  type PythonValue,
} from './python-values.ts';

type Arguments = readonly PythonValue[];

interface Method {
  /** How many arguments at least and at most. Other numbers are Python's affair. */
  readonly takes: readonly [number, number];
  readonly call: (self: string, args: Arguments) => PythonValue;
}

/** Calls a method of a text. */
export function callStringMethod(self: string, name: string, args: Arguments): PythonValue {
  const method = methods.get(name);
  if (method === undefined || args.length < method.takes[0] || args.length > method.takes[1])
    throw new BeyondFastPath(`str.${name}`);
  return method.call(self, args);
}

const taking = (least: number, most: number, call: Method['call']): Method => ({
  takes: [least, most],
  call,
});

const methods: ReadonlyMap<string, Method> = new Map<string, Method>([
  ['split', taking(0, 2, (self, args) => list(split(self, args)))],
  ['rsplit', taking(0, 2, (self, args) => list(splitFromRight(self, args)))],
  ['splitlines', taking(0, 0, (self) => list(linesOf(self)))],
  ['join', taking(1, 1, (self, args) => joined(self, args[0] ?? null))],
  ['replace', taking(2, 2, (self, args) => replaced(self, args))],
  ['strip', taking(0, 1, (self, args) => stripped(self, args, { left: true, right: true }))],
  ['lstrip', taking(0, 1, (self, args) => stripped(self, args, { left: true, right: false }))],
  ['rstrip', taking(0, 1, (self, args) => stripped(self, args, { left: false, right: true }))],
  ['startswith', taking(1, 1, (self, args) => options(args).some((option) => self.startsWith(option)))],
  ['endswith', taking(1, 1, (self, args) => options(args).some((option) => self.endsWith(option)))],
  ['upper', taking(0, 0, (self) => ascii(self).toUpperCase())],
  ['lower', taking(0, 0, (self) => ascii(self).toLowerCase())],
  ['capitalize', taking(0, 0, (self) => ascii(self).slice(0, 1).toUpperCase() + self.slice(1).toLowerCase())],
  ['find', taking(1, 1, (self, args) => even(self).indexOf(text(args[0])))],
  ['rfind', taking(1, 1, (self, args) => even(self).lastIndexOf(text(args[0])))],
  ['index', taking(1, 1, (self, args) => indexOf(even(self), text(args[0])))],
  ['count', taking(1, 1, (self, args) => counted(self, text(args[0])))],
  ['partition', taking(1, 1, (self, args) => partition(self, text(args[0]), self.indexOf(text(args[0]))))],
  ['rpartition', taking(1, 1, (self, args) => partitionFromRight(self, text(args[0])))],
  ['isdigit', taking(0, 0, (self) => /^\d+$/.test(ascii(self)))],
  ['zfill', taking(1, 1, (self, args) => zeroFilled(even(self), args[0]))],
  ['format', taking(0, 99, (self, args) => formatBraces(self, args))],
  [
    'removeprefix',
    taking(1, 1, (self, args) => (self.startsWith(text(args[0])) ? self.slice(text(args[0]).length) : self)),
  ],
  ['removesuffix', taking(1, 1, (self, args) => withoutSuffix(self, text(args[0])))],
]);

function text(value: PythonValue | undefined): string {
  if (typeof value === 'string') return value;
  throw new BeyondFastPath(`a text is expected, not ${typeName(value ?? null)}`);
}

/** A text whose characters have no rules of their own. */
function ascii(value: string): string {
  if (/^[\0-\x7f]*$/.test(value)) return value;
  throw new BeyondFastPath('an unusual character');
}

/** A text of which every character is one unit, so that positions are the same here and in Python. */
function even(value: string): string {
  if (/[\ud800-\udfff]/.test(value)) throw new BeyondFastPath('an unusual character');
  return value;
}

/** `startswith` and `endswith` take one text, or a tuple of them. */
function options([first = null]: Arguments): readonly string[] {
  if (isSequence(first) && first.kind === 'tuple') return first.items.map(text);
  return [text(first)];
}

function limit(args: Arguments): number {
  if (args.length < 2) return Number.POSITIVE_INFINITY;
  const [, count] = args;
  if (typeof count !== 'number') throw new BeyondFastPath('an unusual limit');
  return count < 0 ? Number.POSITIVE_INFINITY : count;
}

function split(self: string, args: Arguments): readonly string[] {
  const separator = args[0] ?? null;
  const most = limit(args);
  if (separator === null)
    return most === Number.POSITIVE_INFINITY ? splitWords(self) : splitAtSpace(self, most);
  const parts = splitAt(self, text(separator));
  if (parts.length - 1 <= most) return parts;
  return [...parts.slice(0, most), parts.slice(most).join(text(separator))];
}

function splitAt(self: string, separator: string): string[] {
  if (separator === '') throw new PythonRaised('ValueError', 'empty separator');
  return self.split(separator);
}

function splitAtSpace(self: string, most: number): readonly string[] {
  const words: string[] = [];
  const left = { left: true, right: false };
  let rest = stripped(self, [], left);
  while (rest !== '' && words.length < most) {
    let end = 0;
    while (end < rest.length && !whiteSpace.test(rest.charAt(end))) end++;
    words.push(rest.slice(0, end));
    rest = stripped(rest.slice(end), [], left);
  }
  return rest === '' ? words : [...words, rest];
}

function splitFromRight(self: string, args: Arguments): readonly string[] {
  const separator = args[0] ?? null;
  const most = limit(args);
  if (separator === null) {
    if (most === Number.POSITIVE_INFINITY) return splitWords(self);
    throw new BeyondFastPath('rsplit at white space');
  }
  const parts = splitAt(self, text(separator));
  if (parts.length - 1 <= most) return parts;
  // From the right it matters where a separator that overlaps itself is found.
  if (text(separator).length > 1) throw new BeyondFastPath('rsplit at a long separator');
  const kept = parts.length - most;
  return [parts.slice(0, kept).join(text(separator)), ...parts.slice(kept)];
}

/** Python knows more ends of lines than one. */
function linesOf(self: string): readonly string[] {
  if (/[\r\v\f\x1c-\x1e\x85\u2028\u2029]/.test(self)) throw new BeyondFastPath('an unusual end of line');
  return self === '' ? [] : self.replace(/\n$/, '').split('\n');
}

function joined(self: string, items: PythonValue): string {
  return iterate(items)
    .map((item, index) => {
      if (typeof item === 'string') return item;
      throw new PythonRaised(
        'TypeError',
        `sequence item ${index}: expected str instance, ${typeName(item)} found`,
      );
    })
    .join(self);
}

function replaced(self: string, args: Arguments): string {
  const [from, to] = [text(args[0]), text(args[1])];
  if (from === '') throw new BeyondFastPath('replacing nothing');
  return self.replaceAll(from, () => to);
}

function stripped(
  self: string,
  args: Arguments,
  sides: { readonly left: boolean; readonly right: boolean },
): string {
  const chars = args[0] ?? null;
  const set = chars === null ? undefined : even(text(chars));
  const goes = (char: string): boolean => (set === undefined ? whiteSpace.test(char) : set.includes(char));
  let start = 0;
  let end = self.length;
  while (sides.left && start < end && goes(self.charAt(start))) start++;
  while (sides.right && end > start && goes(self.charAt(end - 1))) end--;
  return self.slice(start, end);
}

function indexOf(self: string, what: string): number {
  const at = self.indexOf(what);
  if (at < 0) throw new PythonRaised('ValueError', 'substring not found');
  return at;
}

function counted(self: string, what: string): number {
  return what === '' ? codePoints(self).length + 1 : self.split(what).length - 1;
}

function partition(self: string, separator: string, at: number): PythonValue {
  if (separator === '') throw new PythonRaised('ValueError', 'empty separator');
  const items = at < 0 ? [self, '', ''] : [self.slice(0, at), separator, self.slice(at + separator.length)];
  return { kind: 'tuple', items };
}

function partitionFromRight(self: string, separator: string): PythonValue {
  const at = self.lastIndexOf(separator);
  return at < 0 ? { kind: 'tuple', items: ['', '', self] } : partition(self, separator, at);
}

function zeroFilled(self: string, width: PythonValue | undefined): string {
  if (typeof width !== 'number' || width > 10_000) throw new BeyondFastPath('an unusual width');
  const sign = /^[-+]/.exec(self)?.[0] ?? '';
  return sign + self.slice(sign.length).padStart(width - sign.length, '0');
}

function withoutSuffix(self: string, suffix: string): string {
  return suffix !== '' && self.endsWith(suffix) ? self.slice(0, -suffix.length) : self;
}
