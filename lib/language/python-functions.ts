/** Functions that expressions in recipes call most: BitBake's, OpenEmbedded's, the operating system's paths, varve's own. */
import { basename, isAbsolute, normalize, relative } from 'node:path/posix';
import { byCodeUnit } from '../terms/ids.ts';
import { compareVersions, satisfiesVersion } from './compare-versions.ts';
import { alternativeInputs } from './alternatives.ts';
import type { Datastore } from './datastore.ts';
import { filesPath } from './files-path.ts';
import { packageConfigArguments, packageConfigDepends } from './package-config.ts';
import {
  BeyondFastPath,
  equals,
  isTrue,
  iterate,
  list,
  PythonRaised,
  splitWords,
  typeName,
  type PythonValue,
} from './python-values.ts';

export interface PythonFunction {
  /** How many arguments it takes at least, and at most. Other numbers are Python's affair. */
  readonly takes: readonly [number, number];
  /** Which of them is the datastore, `d`. It is passed as None. */
  readonly d?: number;
  readonly call: (args: readonly PythonValue[], data: Datastore) => PythonValue;
}

type Call = PythonFunction['call'];

/** A function of exactly that many arguments, of which the last is `d`. */
function ending(count: number, call: Call): PythonFunction {
  return { takes: [count, count], d: count - 1, call };
}

function taking(least: number, most: number, call: Call): PythonFunction {
  return { takes: [least, most], call };
}

/** By their full names, `bb.utils.contains`. */
export const pythonFunctions: ReadonlyMap<string, PythonFunction> = new Map<string, PythonFunction>([
  [
    'bb.utils.contains',
    ending(5, (args, data) => choose(args, data, (wanted, has) => wanted.every((word) => has.has(word)))),
  ],
  [
    'bb.utils.contains_any',
    ending(5, (args, data) => choose(args, data, (wanted, has) => wanted.some((word) => has.has(word)))),
  ],
  ['bb.utils.filter', ending(3, filtered)],
  ['bb.utils.to_boolean', taking(1, 2, ([value = null, otherwise = null]) => toBoolean(value, otherwise))],
  ['bb.utils.vercmp_string', taking(2, 2, ([a, b]) => compareVersions(version(a), version(b)))],
  ['bb.utils.vercmp_string_op', taking(3, 3, ([a, b, how]) => compareBy(version(a), text(how), version(b)))],
  ['bb.utils.explode_deps', taking(1, 1, ([value]) => list(withoutVersions(text(value))))],
  ['bb.data.inherits_class', ending(2, ([name], data) => inherits(data, text(name)))],
  ['bb.parse.vars_from_file', ending(2, ([file = null]) => varsFromFile(file))],
  [
    'oe.utils.conditional',
    ending(5, ([name, value = null, yes = null, no = null], data) =>
      equals(valueOf(data, name), value) ? yes : no,
    ),
  ],
  [
    'oe.utils.ifelse',
    taking(1, 3, ([condition = null, yes = true, no = false]) => (isTrue(condition) ? yes : no)),
  ],
  [
    'oe.utils.vartrue',
    ending(4, ([name, yes = null, no = null], data) => (isYes(valueOf(data, name)) ? yes : no)),
  ],
  [
    'oe.utils.prune_suffix',
    ending(3, ([value, suffixes = null], data) => pruned(text(value), suffixes, data)),
  ],
  ['oe.utils.cpu_count', taking(0, 0, (_args, data) => processors(data))],
  ['os.path.dirname', taking(1, 1, ([path]) => directoryOf(text(path)))],
  ['os.path.basename', taking(1, 1, ([path]) => text(path).slice(text(path).lastIndexOf('/') + 1))],
  ['os.path.join', taking(1, 99, (args) => args.map(text).reduce(joinPaths))],
  ['os.path.normpath', taking(1, 1, ([path]) => normalPath(text(path)))],
  ['os.path.isabs', taking(1, 1, ([path]) => isAbsolute(text(path)))],
  ['os.path.exists', taking(1, 1, ([path], data) => data.environment.source.exists(absolute(path)))],
  ['os.path.relpath', taking(2, 2, ([path, from]) => relative(absolute(from), absolute(path)) || '.')],
  ['varve.packageconfig_depends', ending(1, (_args, data) => packageConfigDepends(data, 'depends'))],
  ['varve.packageconfig_rdepends', ending(1, (_args, data) => packageConfigDepends(data, 'rdepends'))],
  ['varve.packageconfig_confargs', ending(1, (_args, data) => packageConfigArguments(data))],
  ['varve.set_for_packages', ending(2, ([names], data) => setForPackages(text(names), data))],
  ['varve.alternative_inputs', ending(1, (_args, data) => alternativeInputs(data))],
  ['varve.files_path', ending(1, (_args, data) => filesPath(data))],
]);

/**
 * Functions whose answer does not follow from variables that a signature holds: what they answer enters it with the
 * text of the call. Each with the variable that it is about.
 */
export const answeredInSignatures: ReadonlyMap<string, string> = new Map([
  ['bb.parse.vars_from_file', 'FILE'],
  ['varve.packageconfig_depends', 'PACKAGECONFIG'],
  ['varve.packageconfig_rdepends', 'PACKAGECONFIG'],
  ['varve.packageconfig_confargs', 'PACKAGECONFIG'],
]);

function text(value: PythonValue | undefined): string {
  if (typeof value === 'string') return value;
  throw new BeyondFastPath(`a text is expected, not ${typeName(value ?? null)}`);
}

/** Those of the variables that are set, of all packages or of one: `RDEPENDS RDEPENDS:zlib-dev`. */
function setForPackages(names: string, data: Datastore): string {
  const packages = splitWords(data.get('PACKAGES'));
  return splitWords(names)
    .flatMap((name) => [name, ...packages.map((one) => `${name}:${one}`)])
    .filter((name) => data.getRaw(name) !== undefined)
    .join(' ');
}

/** The value of a variable that is named by a value. */
function valueOf(data: Datastore, name: PythonValue | undefined): string | null {
  const value = data.value(text(name), { expand: true });
  if (typeof value === 'object') throw new BeyondFastPath('a value that is no text');
  return value ?? null;
}

/** The words to look for: one text of them, or a list. */
function wordsOf(value: PythonValue): readonly string[] {
  return typeof value === 'string' ? splitWords(value) : iterate(value).map(text);
}

function choose(
  [name, wanted = null, yes = null, no = null]: readonly PythonValue[],
  data: Datastore,
  matches: (wanted: readonly string[], has: ReadonlySet<string>) => boolean,
): PythonValue {
  const value = valueOf(data, name);
  if (value === null || value === '') return no;
  return matches(wordsOf(wanted), new Set(splitWords(value))) ? yes : no;
}

function filtered([name, wanted = null]: readonly PythonValue[], data: Datastore): string {
  const value = valueOf(data, name);
  if (value === null || value === '') return '';
  const has = new Set(splitWords(value));
  return [...new Set(wordsOf(wanted))]
    .filter((word) => has.has(word))
    .sort(byCodeUnit)
    .join(' ');
}

function toBoolean(value: PythonValue, otherwise: PythonValue): PythonValue {
  if (!isTrue(value)) return otherwise;
  if (typeof value === 'number' || value === true) return true;
  const word = text(value).toLowerCase();
  if (['y', 'yes', '1', 'true'].includes(word)) return true;
  if (['n', 'no', '0', 'false'].includes(word)) return false;
  throw new PythonRaised('ValueError', `Invalid value for to_boolean: ${text(value)}`);
}

/** OpenEmbedded's idea of a boolean, which is not BitBake's. */
function isYes(value: string | null): boolean {
  if (value === null) return false;
  const word = value.toLowerCase();
  if (['yes', 'y', 'true', 't', '1'].includes(word)) return true;
  if (['no', 'n', 'false', 'f', '0'].includes(word)) return false;
  throw new PythonRaised('ValueError', `Invalid boolean value '${word}'`);
}

/** A version; one whose epoch is no plain number is Python's affair. */
function version(value: PythonValue | undefined): string {
  const whole = text(value);
  if (/^[\x20-\x7e]*$/.test(whole) && (!whole.includes(':') || /^[ <>=]*\d{1,9}:/.test(whole))) return whole;
  throw new BeyondFastPath('an unusual version');
}

function compareBy(one: string, operator: string, other: string): boolean {
  const answer = satisfiesVersion(one, operator, other);
  if (answer !== undefined) return answer;
  throw new PythonRaised('VersionStringException', `Unsupported comparison operator "${operator}"`);
}

/** `a (>= 1.0) b` names a and b. */
function withoutVersions(depends: string): readonly string[] {
  const names: string[] = [];
  let inside = false;
  for (const word of splitWords(depends)) {
    if (word.startsWith('(')) inside = true;
    if (!inside) names.push(word);
    if (inside && word.endsWith(')')) inside = false;
  }
  return names;
}

function inherits(data: Datastore, name: string): boolean {
  return data.book.inherited.some((file) => file.endsWith(`/${name}.bbclass`));
}

/** `zlib_1.3_r2.bb` gives name, version and revision; what the file name lacks is None. */
function varsFromFile(file: PythonValue): PythonValue {
  const none: PythonValue = { kind: 'tuple', items: [null, null, null] };
  if (!isTrue(file) || !/\.bb(?:append)?$/.test(text(file))) return none;
  const parts = basename(text(file))
    .replace(/(?<=.)\.[^.]*$/, '')
    .split('_');
  if (parts.length > 3) {
    throw new PythonRaised(
      'ParseError',
      `more than two underscores in the file name ${basename(text(file))}`,
    );
  }
  return list([parts[0] ?? null, parts[1] ?? null, parts[2] ?? null]);
}

/** Takes the suffixes that fit from the end, one after the other, and MLPREFIX from the front. */
function pruned(value: string, suffixes: PythonValue, data: Datastore): string {
  let rest = value;
  for (const suffix of iterate(suffixes).map(text)) {
    if (suffix !== '' && rest.endsWith(suffix)) rest = rest.slice(0, -suffix.length);
  }
  const prefix = data.get('MLPREFIX') ?? '';
  return prefix !== '' && rest.startsWith(prefix) ? rest.slice(prefix.length) : rest;
}

function processors({ environment: { host } }: Datastore): number {
  if (host === undefined) throw new BeyondFastPath('the number of processors');
  return Math.min(64, host.cpus);
}

function absolute(value: PythonValue | undefined): string {
  const path = text(value);
  if (!path.startsWith('/') || path.startsWith('//')) throw new BeyondFastPath('the working directory');
  return path;
}

function directoryOf(path: string): string {
  const head = path.slice(0, path.lastIndexOf('/') + 1);
  return /^\/*$/.test(head) ? head : head.replace(/\/+$/, '');
}

/** Two slashes at the front are something else in Python, three are not. */
function normalPath(path: string): string {
  if (/^\/\/(?!\/)/.test(path)) throw new BeyondFastPath('a path with two slashes');
  return normalize(path).replace(/(?<=.)\/$/, '');
}

function joinPaths(a: string, b: string): string {
  if (b.startsWith('/')) return b;
  return a === '' || a.endsWith('/') ? a + b : `${a}/${b}`;
}
