/** INCOMPATIBLE_LICENSE: licences that a distribution does not want. */
import { readLicense, refusedNames } from '../terms/read-license.ts';
import { VarveError } from '../terms/varve-error.ts';
import type { Datastore } from './datastore.ts';
import { splitWords } from './python-values.ts';

const FORBIDDEN = 'INCOMPATIBLE_LICENSE';
const EXCEPTIONS = 'INCOMPATIBLE_LICENSE_EXCEPTIONS';

/** Makes the function that lists what is forbidden of a package's license; undefined: nothing is of any. */
export function forbiddenLicenses(
  data: Datastore,
): ((name: string, license: string) => readonly string[]) | undefined {
  const words = splitWords(data.get(FORBIDDEN));
  if (words.length === 0) return undefined;
  const forbidden = new Set(
    words.flatMap((word) => namesOf(data, FORBIDDEN, { word, name: word })).map(comparable),
  );
  const allowed = splitWords(data.get(EXCEPTIONS)).map((word) => {
    const [name = '', owner] = word.split(':').toReversed();
    return { owner, names: new Set(namesOf(data, EXCEPTIONS, { word, name }).map(comparable)) };
  });
  return (owner, license) => {
    const own = allowed.filter((one) => one.owner === undefined || one.owner === owner);
    return refusedNames(readLicense(license), (said, exception) => {
      const names = [presentName(data, said), ...(exception === undefined ? [] : [exception])];
      const isIn = (set: ReadonlySet<string>): boolean => names.some((name) => set.has(comparable(name)));
      return isIn(forbidden) && !own.some((one) => isIn(one.names));
    });
  };
}

/** A package, and what is forbidden of its license. */
export interface Forbidden {
  readonly name: string;
  readonly names: readonly string[];
}

/** The line that allows it nevertheless; in an image, or wherever it is used. */
export function allowingLine(data: Datastore, forbidden: readonly Forbidden[], image?: string): string {
  const words = forbidden.flatMap(({ name, names }) =>
    names.map((license) => `${name}:${presentName(data, license.replace(/ WITH .*/, ''))}`),
  );
  const late = image === undefined ? ':append' : `:append:pn-${image}`;
  return `${EXCEPTIONS}${late} = " ${[...new Set(words)].join(' ')}"`;
}

/** `GPL-3.0*` stands for two names, and in OpenEmbedded no other pattern is one. */
function namesOf(
  data: Datastore,
  variable: string,
  { word, name }: { readonly word: string; readonly name: string },
): readonly string[] {
  const family = /^(A?GPL-3\.0|LGPL-3\.0)\*$/.exec(name)?.[1];
  if (family !== undefined) return [`${family}-only`, `${family}-or-later`];
  const present = presentName(data, name);
  if (!name.includes('*') && present === name) return [name];
  const origin = data
    .origins(variable)
    .findLast(({ flag, detail }) => flag === undefined && splitWords(detail).includes(word));
  throw new VarveError(
    'metadata',
    name.includes('*')
      ? `${variable} has ${word}, and only AGPL-3.0*, GPL-3.0* and LGPL-3.0* stand for several licences`
      : `${variable} has ${word}, a name that is no more in use: write ${word.replace(name, present)}`,
    origin === undefined ? {} : { place: { file: origin.file, line: origin.line } },
  );
}

/** `LicenseRef-Own` is what SPDX calls `Own`, and case counts in no name. */
function comparable(name: string): string {
  return name.replace(/^LicenseRef-/i, '').toLowerCase();
}

function presentName(data: Datastore, name: string): string {
  return data.flag('SPDXLICENSEMAP', name) ?? presentGnuName(name);
}

/** `GPLv3+` and its like, which recipes had before SPDX named them. */
function presentGnuName(name: string): string {
  const [, family, version, minor = '0', later] = /^([AL]?GPL)-?v?(\d)(?:\.(\d))?(\+)?$/.exec(name) ?? [];
  if (family === undefined || version === undefined) return name;
  return `${family}-${version}.${minor}-${later === undefined ? 'only' : 'or-later'}`;
}
