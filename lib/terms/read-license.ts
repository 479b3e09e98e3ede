/** What LICENSE says: names that all hold (`&`, `AND`), or of which one is enough (`|`, `OR`). */
export type License =
  | {
      readonly kind: 'name';
      readonly name: string;
      /** What follows `WITH`. */
      readonly exception?: string;
    }
  | { readonly kind: 'all' | 'any'; readonly of: readonly License[] };

/** Reads it. Names with nothing between them all hold, and so do all names of a text that is no expression. */
export function readLicense(text: string): License {
  const words = text.match(/[()&|]|[^\s()&|]+/g) ?? [];
  const read = readAny(words, 0);
  if (read?.end === words.length) return read.license;
  return { kind: 'all', of: words.filter(isName).map((name) => ({ kind: 'name', name })) };
}

/** Lists the names that are refused; none where what has to hold is not. `isRefused` is asked of one name. */
export function refusedNames(
  license: License,
  isRefused: (name: string, exception: string | undefined) => boolean,
): readonly string[] {
  switch (license.kind) {
    case 'name': {
      const { name, exception } = license;
      if (!isRefused(name, exception)) return [];
      return [exception === undefined ? name : `${name} WITH ${exception}`];
    }
    case 'all':
      return license.of.flatMap((one) => refusedNames(one, isRefused));
    case 'any': {
      const each = license.of.map((one) => refusedNames(one, isRefused));
      return each.some((names) => names.length === 0) ? [] : each.flat();
    }
    default:
      return license satisfies never;
  }
}

interface Part {
  readonly license: License;
  /** The word behind it. */
  readonly end: number;
}

type Words = readonly string[];

const isName = (word: string | undefined): boolean =>
  word !== undefined && !/^(?:[()&|]|AND|OR|WITH)$/.test(word);
const isOr = (word: string | undefined): boolean => word === '|' || word === 'OR';
const isAnd = (word: string | undefined): boolean => word === '&' || word === 'AND';

function readAny(words: Words, start: number): Part | undefined {
  const of: License[] = [];
  for (let at = start; ;) {
    const part = readAll(words, at);
    if (part === undefined) return undefined;
    of.push(part.license);
    if (!isOr(words[part.end])) return joined('any', of, part.end);
    at = part.end + 1;
  }
}

function readAll(words: Words, start: number): Part | undefined {
  const of: License[] = [];
  for (let at = start; ;) {
    const part = readOne(words, at);
    if (part === undefined) return undefined;
    of.push(part.license);
    const next = words[part.end];
    if (!isAnd(next) && !isName(next) && next !== '(') return joined('all', of, part.end);
    at = isAnd(next) ? part.end + 1 : part.end;
  }
}

function readOne(words: Words, at: number): Part | undefined {
  const name = words[at];
  if (name === '(') {
    const inner = readAny(words, at + 1);
    return inner !== undefined && words[inner.end] === ')' ? { ...inner, end: inner.end + 1 } : undefined;
  }
  if (name === undefined || !isName(name)) return undefined;
  if (words[at + 1] !== 'WITH') return { license: { kind: 'name', name }, end: at + 1 };
  const exception = words[at + 2];
  if (exception === undefined || !isName(exception)) return undefined;
  return { license: { kind: 'name', name, exception }, end: at + 3 };
}

function joined(kind: 'all' | 'any', of: readonly License[], end: number): Part {
  const [first] = of;
  return { license: of.length === 1 && first !== undefined ? first : { kind, of }, end };
}
