/** Methods of Python's `str`, as far as expressions in recipes use them. */
import { formatBraces } from './python-format.ts';
import {
  BeyondFastPath,
  codePoints,
  iterate,
  list,
  PythonRaised,
  splitWords,
  typeName,
  type PythonValue,
} from './python-values.ts';

type Arguments = readonly PythonValue[];
type Method = (self: string, args: Arguments) => PythonValue;

/** Calls a method of a text. */
export function callStringMethod(self: string, name: string, args: Arguments): PythonValue {
  const method = methods.get(name);
  if (method === undefined) throw new BeyondFastPath(`str.${name}`);
  return method(self, args);
}

const methods: ReadonlyMap<string, Method> = new Map<string, Method>([
  ['split', (self, args) => list(split(self, args))],
  ['rsplit', (self, args) => list(splitFromRight(self, args))],
  [
    'splitlines',
    (self) =>
      list(
        self
          .replace(/\n$/, '')
          .split('\n')
          .filter((line) => self !== '' || line !== ''),
      ),
  ],
  ['join', (self, args) => joined(self, args[0] ?? null)],
  ['replace', (self, args) => replaced(self, args)],
  ['strip', (self, args) => stripped(self, args, { left: true, right: true })],
  ['lstrip', (self, args) => stripped(self, args, { left: true, right: false })],
  ['rstrip', (self, args) => stripped(self, args, { left: false, right: true })],
  ['startswith', (self, args) => options(args).some((option) => self.startsWith(option))],
  ['endswith', (self, args) => options(args).some((option) => self.endsWith(option))],
  ['upper', (self) => self.toUpperCase()],
  ['lower', (self) => self.toLowerCase()],
  ['capitalize', (self) => self.slice(0, 1).toUpperCase() + self.slice(1).toLowerCase()],
  ['find', (self, args) => self.indexOf(only(args))],
  ['rfind', (self, args) => self.lastIndexOf(only(args))],
  ['index', (self, args) => indexOf(self, only(args))],
  ['count', (self, args) => counted(self, only(args))],
  ['partition', (self, args) => partition(self, only(args), self.indexOf(only(args)))],
  ['rpartition', (self, args) => partitionFromRight(self, only(args))],
  ['isdigit', (self) => /^\d+$/.test(self)],
  ['zfill', (self, args) => zeroFilled(self, args[0])],
  ['format', (self, args) => formatBraces(self, args)],
  ['removeprefix', (self, args) => (self.startsWith(only(args)) ? self.slice(only(args).length) : self)],
  [
    'removesuffix',
    (self, args) => {
      const suffix = only(args);
      return suffix !== '' && self.endsWith(suffix) ? self.slice(0, -suffix.length) : self;
    },
  ],
]);

function text(value: PythonValue | undefined): string {
  if (typeof value === 'string') return value;
  throw new PythonRaised('TypeError', `must be str, not ${typeName(value ?? null)}`);
}

function only(args: Arguments): string {
  if (args.length !== 1) throw new BeyondFastPath('more arguments');
  return text(args[0]);
}

/** `startswith` and `endswith` take one text, or a tuple of them. */
function options(args: Arguments): readonly string[] {
  const [first] = args;
  if (args.length !== 1 || first === undefined) throw new BeyondFastPath('more arguments');
  return typeof first === 'string' ? [first] : iterate(first).map(text);
}

function limit(args: Arguments): number {
  const count = args[1] ?? -1;
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
  let rest = self.trimStart();
  while (rest !== '' && words.length < most) {
    const word = /^\S+/.exec(rest)?.[0] ?? '';
    words.push(word);
    rest = rest.slice(word.length).trimStart();
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
  const kept = parts.length - most;
  return [parts.slice(0, kept).join(text(separator)), ...parts.slice(kept)];
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
  if (args.length > 2) throw new BeyondFastPath('replace with a count');
  return self.replaceAll(from, () => to);
}

function stripped(
  self: string,
  args: Arguments,
  sides: { readonly left: boolean; readonly right: boolean },
): string {
  const chars = args[0] ?? null;
  const goes = (char: string): boolean => (chars === null ? /\s/.test(char) : text(chars).includes(char));
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
  if (typeof width !== 'number') throw new BeyondFastPath('an unusual width');
  const sign = /^[-+]/.exec(self)?.[0] ?? '';
  return sign + self.slice(sign.length).padStart(width - sign.length, '0');
}
