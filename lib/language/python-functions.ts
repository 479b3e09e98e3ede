/** Functions that expressions in recipes call most: BitBake's, OpenEmbedded's, the operating system's paths, varve's own. */
import { basename, dirname, isAbsolute, normalize, relative } from 'node:path/posix';
import { byCodeUnit } from '../terms/ids.ts';
import { compareVersions, satisfiesVersion } from './compare-versions.ts';
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

export type PythonFunction = (args: readonly PythonValue[], data: Datastore) => PythonValue;

/** By their full names, `bb.utils.contains`. The datastore argument `d` is passed as None. */
export const pythonFunctions: ReadonlyMap<string, PythonFunction> = new Map<string, PythonFunction>([
  [
    'bb.utils.contains',
    (args, data) => choose(args, data, (wanted, has) => wanted.every((word) => has.has(word))),
  ],
  [
    'bb.utils.contains_any',
    (args, data) => choose(args, data, (wanted, has) => wanted.some((word) => has.has(word))),
  ],
  ['bb.utils.filter', (args, data) => filtered(args, data)],
  ['bb.utils.to_boolean', ([value = null, otherwise = null]) => toBoolean(value, otherwise)],
  ['bb.utils.vercmp_string', ([a, b]) => compareVersions(text(a), text(b))],
  ['bb.utils.vercmp_string_op', ([a, b, operator]) => compareBy(text(a), text(operator), text(b))],
  ['bb.utils.explode_deps', ([value]) => list(withoutVersions(text(value)))],
  ['bb.data.inherits_class', ([name], data) => inherits(data, text(name))],
  ['bb.parse.vars_from_file', ([file = null]) => varsFromFile(file)],
  [
    'oe.utils.conditional',
    ([name, value = null, yes = null, no = null], data) => {
      return equals(data.get(text(name)) ?? null, value) ? yes : no;
    },
  ],
  ['oe.utils.ifelse', ([condition = null, yes = true, no = false]) => (isTrue(condition) ? yes : no)],
  [
    'oe.utils.vartrue',
    ([name, yes = null, no = null], data) => {
      return toBoolean(data.get(text(name)) ?? null, null) === true ? yes : no;
    },
  ],
  ['oe.utils.prune_suffix', ([value, suffixes = null], data) => pruned(text(value), suffixes, data)],
  [
    'oe.utils.cpu_count',
    (args, { environment: { host } }) => {
      if (host === undefined || args.length > 0) throw new BeyondFastPath('the number of processors');
      return host.cpus;
    },
  ],
  ['os.path.dirname', ([path]) => directoryOf(text(path))],
  ['os.path.basename', ([path]) => (text(path).endsWith('/') ? '' : basename(text(path)))],
  ['os.path.join', (args) => args.map(text).reduce(joinPaths)],
  ['os.path.normpath', ([path]) => normalize(text(path)).replace(/(?<=.)\/$/, '')],
  ['os.path.isabs', ([path]) => isAbsolute(text(path))],
  ['os.path.exists', ([path], { environment }) => environment.source.exists(text(path))],
  ['os.path.relpath', ([path, from]) => relativePath(text(path), text(from))],
  ['varve.packageconfig_depends', (_args, data) => packageConfigDepends(data, 'depends')],
  ['varve.packageconfig_rdepends', (_args, data) => packageConfigDepends(data, 'rdepends')],
  ['varve.packageconfig_confargs', (_args, data) => packageConfigArguments(data)],
  ['varve.files_path', (_args, data) => filesPath(data)],
]);

/**
 * Functions whose answer does not follow from variables that a signature holds: what they answer enters it with the
 * text of the call.
 */
export const answeredInSignatures: ReadonlySet<string> = new Set([
  'bb.parse.vars_from_file',
  'varve.packageconfig_depends',
  'varve.packageconfig_rdepends',
  'varve.packageconfig_confargs',
]);

function text(value: PythonValue | undefined): string {
  if (typeof value === 'string') return value;
  throw new PythonRaised('TypeError', `a string is required, not ${typeName(value ?? null)}`);
}

/** The words to look for: one text of them, or a list. */
function wordsOf(value: PythonValue): readonly string[] {
  return typeof value === 'string' ? splitWords(value) : iterate(value).map(text);
}

function choose(
  args: readonly PythonValue[],
  data: Datastore,
  matches: (wanted: readonly string[], has: ReadonlySet<string>) => boolean,
): PythonValue {
  const [name, wanted = null, yes = null, no = null] = args;
  const value = data.get(text(name));
  if (value === undefined || value === '') return no;
  return matches(wordsOf(wanted), new Set(splitWords(value))) ? yes : no;
}

function filtered([name, wanted = null]: readonly PythonValue[], data: Datastore): string {
  const has = new Set(splitWords(data.get(text(name))));
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

function compareBy(version: string, operator: string, other: string): boolean {
  const answer = satisfiesVersion(version, operator, other);
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
  if (typeof file !== 'string' || !/\.bb(?:append)?$/.test(file)) return none;
  const parts = basename(file)
    .replace(/(?<=.)\.[^.]*$/, '')
    .split('_');
  if (parts.length > 3) {
    throw new PythonRaised('ParseError', `more than two underscores in the file name ${basename(file)}`);
  }
  return list([parts[0] ?? null, parts[1] ?? null, parts[2] ?? null]);
}

/** Takes the first suffix that fits from the end, and MLPREFIX from the front. */
function pruned(value: string, suffixes: PythonValue, data: Datastore): string {
  const suffix = iterate(suffixes)
    .map(text)
    .find((one) => one !== '' && value.endsWith(one));
  const rest = suffix === undefined ? value : value.slice(0, -suffix.length);
  const prefix = data.get('MLPREFIX') ?? '';
  return prefix !== '' && rest.startsWith(prefix) ? rest.slice(prefix.length) : rest;
}

function directoryOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash <= 0 ? path.slice(0, slash + 1) : dirname(`${path.slice(0, slash)}/x`);
}

function joinPaths(a: string, b: string): string {
  if (b.startsWith('/')) return b;
  return a === '' || a.endsWith('/') ? a + b : `${a}/${b}`;
}

function relativePath(path: string, from: string): string {
  if (!isAbsolute(path) || !isAbsolute(from)) throw new BeyondFastPath('the working directory');
  return relative(from, path) || '.';
}
