/** Tells of what a recipe says of its packages, and what no package gets by it. */
import type { Datastore, Origin } from '../language/datastore.ts';
import { closest } from '../terms/closest.ts';
import { splitWords } from './split-words.ts';
import { isOfRecipe, warnAtWord } from './warn-at-word.ts';

/** What is said of a package each. */
const OF_A_PACKAGE = [
  'RDEPENDS',
  'RRECOMMENDS',
  'RSUGGESTS',
  'RCONFLICTS',
  'RPROVIDES',
  'RREPLACES',
  'FILES',
  'ALLOW_EMPTY',
  'pkg_preinst',
  'pkg_postinst',
  'pkg_postinst_ontarget',
  'pkg_prerm',
  'pkg_postrm',
];

/** Warns of packages that are named twice, and of what is said without the name of a package. */
export function warnOfPackages(data: Datastore): void {
  const packages = splitWords(data.get('PACKAGES'));
  const names = new Set(packages);
  // An image has no packages; what it says counts for itself.
  if (names.size === 0) return;
  if (names.size < packages.length) warnOfTwice(data, packages);
  for (const variable of OF_A_PACKAGE) {
    for (const origin of data.origins(variable)) warnOfNoPackage(data, { variable, origin, names });
  }
  warnOfUsers(data, names);
}

function warnOfTwice(data: Datastore, packages: readonly string[]): void {
  for (const name of new Set(packages.filter((one, at) => packages.indexOf(one) !== at))) {
    warnAtWord(data, { variable: 'PACKAGES', word: name }, `PACKAGES has ${name} twice: take it out here`);
  }
}

interface Said {
  readonly variable: string;
  readonly origin: Origin;
  readonly names: ReadonlySet<string>;
}

function warnOfNoPackage(data: Datastore, { variable, origin, names }: Said): void {
  const { file, line, flag, operation, detail } = origin;
  if (flag !== undefined || !isOfRecipe(file) || detail.trim() === '' || operation.startsWith('override['))
    return;
  const [, late, override] = /^:(append|prepend|remove)(?:\[(.*)\])?$/.exec(operation) ?? [];
  const place = { file, line };
  if (late !== undefined && override !== undefined) {
    if (names.has(override) && !data.overrides().includes(override)) {
      const [written, meant] = [`${variable}:${late}:${override}`, `${variable}:${override}:${late}`];
      data.environment.warn(`${written} counts for nothing, a package is no override: write ${meant}`, place);
    }
  } else if ((data.getRaw(variable) ?? '').trim() !== '') {
    data.environment.warn(
      `${variable} does not say of which package it is: write ${variable}:\${PN}, or another package behind the colon`,
      place,
    );
  }
}

function warnOfUsers(data: Datastore, names: ReadonlySet<string>): void {
  const variable = 'USERADD_PACKAGES';
  const bringing = splitWords(data.get(variable));
  for (const name of bringing.filter((one) => !names.has(one))) {
    const near = closest(name, names);
    const next = near === undefined ? `PACKAGES has ${[...names].join(', ')}` : `did you mean ${near}?`;
    const what = `${variable} has ${name}, which is no package of the recipe, so it brings no users: ${next}`;
    warnAtWord(data, { variable, word: name }, what);
  }
  // A value may come out empty where a feature is off.
  const isSaid = data.origins(variable).some(({ file, flag }) => flag === undefined && isOfRecipe(file));
  if (isSaid || bringing.length > 0 || splitWords(data.get('USERADD_DEPENDS')).length > 0) return;
  if (!data.book.inherited.some((path) => path.endsWith('/useradd.bbclass'))) return;
  data.environment.warn(
    `the recipe inherits useradd and brings no users, since ${variable} is not set: write ${variable} = "\${PN}", and what users in USERADD_PARAM:\${PN}`,
    { file: data.get('FILE') ?? '' },
  );
}
