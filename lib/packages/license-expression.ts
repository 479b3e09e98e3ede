/** What LICENSE says, as SPDX says it. */
import { spdxLicenses } from './spdx-licenses.ts';

/** Reads OpenEmbedded's form, names joined by `&` and `|`. A name that is on no list of SPDX is one of the document's own. */
export function licenseExpression(license: string): string {
  const words = license.match(/[()&|]|[^\s()&|]+/g) ?? [];
  const parts = words.map((word) => OPERATORS.get(word) ?? licenseId(word));
  // Names with nothing between them all hold.
  const joined = parts.flatMap((part, at) =>
    endsName(words[at - 1]) && beginsName(words[at]) ? ['AND', part] : [part],
  );
  const text = joined.join(' ').replaceAll('( ', '(').replaceAll(' )', ')');
  return isWellFormed(words) ? text : 'NOASSERTION';
}

/** The names in an expression that are the document's own, and what they stand for. */
export function ownLicenses(license: string): ReadonlyMap<string, string> {
  const names = license.match(/[^\s()&|]+/g) ?? [];
  return new Map(names.filter((name) => !spdxLicenses.has(name)).map((name) => [licenseId(name), name]));
}

const OPERATORS: ReadonlyMap<string, string> = new Map([
  ['&', 'AND'],
  ['|', 'OR'],
  ['(', '('],
  [')', ')'],
]);

function licenseId(name: string): string {
  return spdxLicenses.has(name) ? name : `LicenseRef-${name.replaceAll(/[^a-zA-Z0-9.-]/g, '-')}`;
}

const isName = (word: string | undefined): boolean => word !== undefined && !OPERATORS.has(word);
const beginsName = (word: string | undefined): boolean => isName(word) || word === '(';
const endsName = (word: string | undefined): boolean => isName(word) || word === ')';

/** An operator stands between two names or parentheses, which come in pairs. */
function isWellFormed(words: readonly string[]): boolean {
  let depth = 0;
  for (const [at, word] of words.entries()) {
    depth += word === '(' ? 1 : word === ')' ? -1 : 0;
    const isOperator = word === '&' || word === '|';
    if (depth < 0 || (isOperator && !(endsName(words[at - 1]) && beginsName(words[at + 1])))) return false;
    if (word === ')' && !endsName(words[at - 1])) return false;
  }
  return depth === 0 && words.length > 0;
}
