/** What INCOMPATIBLE_LICENSE makes of a recipe, of its packages and of an image. */
import { VarveError } from '../terms/varve-error.ts';
import { addInputs } from './add-to-flag.ts';
import type { Datastore } from './datastore.ts';
import { allowingLine, forbiddenLicenses } from './forbidden-licenses.ts';
import { splitWords } from './python-values.ts';
import { RecipeSkipped } from './recipe-skipped.ts';

/** What the tasks that write packages depend on where one is left out. */
const INPUTS = ['INCOMPATIBLE_LICENSE', 'INCOMPATIBLE_LICENSE_EXCEPTIONS'];
/** By what licences were called before. */
const NAMES = 'SPDXLICENSEMAP';
const WRITING = ['do_package', 'do_package_write_deb', 'do_package_write_rpm'];

/**
 * Skips a recipe all of whose packages are forbidden, as OpenEmbedded does. Where no packages are made, what it installs stays
 * together, so one is enough. Native recipes, which have no packages, come to no target.
 */
export function heedForbiddenLicenses(data: Datastore): void {
  const packages = new Set(splitWords(data.get('PACKAGES')));
  const own = data.get('PN') ?? '';
  const isDivided = data.book.tasks.includes('do_package');
  const forbidden = isDivided ? forbiddenPackages(data) : forbiddenOf(data, licensedOf(data, own, packages));
  if (packages.size === 0 || forbidden.size === 0) return;
  const about = forbidden.has(own) ? own : ([...forbidden.keys()][0] ?? own);
  if (!isDivided || forbidden.size === packages.size)
    throw new RecipeSkipped(whyForbidden(data, about, forbidden.get(about) ?? []));
  const licenses = ['LICENSE', ...[...packages].map((name) => `LICENSE:${name}`)];
  const inputs = [...inputsOf(data), ...licenses.filter((name) => data.has(name))];
  for (const task of WRITING) addInputs(data, task, inputs);
}

/** The packages that are not made, each with why: a sentence with what to write. */
export function whyLeftOut(data: Datastore): readonly (readonly [name: string, why: string])[] {
  return [...forbiddenPackages(data)].map(([name, names]) => [name, whyForbidden(data, name, names)]);
}

/** The packages of a recipe that are not to be made, with what they are under. */
export function forbiddenPackages(data: Datastore): ReadonlyMap<string, readonly string[]> {
  return forbiddenOf(data, splitWords(data.get('PACKAGES')));
}

/** An image of packages is looked at as it is made. One of whole artifacts knows of no licence but those that recipes are skipped for. */
export function heedLicensesInImage(data: Datastore): void {
  const [variable = ''] = INPUTS;
  if (splitWords(data.get(variable)).length === 0) return;
  if (splitWords(data.get('PACKAGE_CLASSES')).length > 0)
    return addInputs(data, 'do_install', inputsOf(data));
  const name = data.get('PN') ?? '';
  const own = data
    .origins(variable)
    .find(
      ({ file, operation }) =>
        !/\.(?:conf|bbclass)$|\/conf\/.*\.inc$/.test(file) || operation.includes(`pn-${name}`),
    );
  if (own === undefined) return;
  throw new VarveError(
    'metadata',
    `${variable} is said of ${name} alone, which is made of whole artifacts and not of packages`,
    {
      place: { file: own.file, line: own.line },
      hints: [
        'PACKAGE_CLASSES = "package_deb"   in conf/local.conf makes it of packages, whose licences are looked at',
        `${variable} = "…"   in conf/local.conf or the distro holds for all recipes`,
      ],
    },
  );
}

/** Where a package has no license of its own, the recipe's holds. */
function licensedOf(data: Datastore, own: string, packages: ReadonlySet<string>): readonly string[] {
  return [own, ...[...packages].filter((name) => name !== own && data.get(`LICENSE:${name}`) !== undefined)];
}

function forbiddenOf(data: Datastore, names: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const check = forbiddenLicenses(data);
  const license = (name: string): string => data.get(`LICENSE:${name}`) ?? data.get('LICENSE') ?? '';
  const found = check === undefined ? [] : names.map((name) => [name, check(name, license(name))] as const);
  return new Map(found.filter(([, licenses]) => licenses.length > 0));
}

function whyForbidden(data: Datastore, name: string, licenses: readonly string[]): string {
  const said = [...new Set(licenses)].join(' and ');
  return `INCOMPATIBLE_LICENSE forbids ${said}; ${allowingLine(data, [{ name, names: licenses }])} in conf/local.conf says that you may use it`;
}

/** What a decision about licences hangs on. */
function inputsOf(data: Datastore): readonly string[] {
  return [...INPUTS, ...data.flagNames(NAMES).map((name) => `${NAMES}[${name}]`)];
}
