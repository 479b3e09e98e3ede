/** What a recipe says of a package that is to be written, whatever the form. */
import type { LoadedRecipe } from '../../layers/load-metadata.ts';
import { splitWords } from '../../layers/split-words.ts';
import type { AccountCall } from '../../packages/account-words.ts';
import { accountsScript } from '../../packages/accounts-script.ts';
import { type Alternative, installingScript, removingScript } from '../../packages/alternatives.ts';
import { matcherOf } from '../../packages/match-path.ts';
import { parseRelations, type Relation } from '../../packages/relations.ts';
import { disablingScript, type EnabledUnit, enablingScript } from '../../packages/units.ts';
import type { Entry, ObjectStore } from '../../ports/objects.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { rawPath } from '../../trees/raw-text.ts';
import { below } from '../../trees/tree-metadata.ts';
import { ofPackage } from './of-package.ts';
import type { OwnerNames } from './recipe-accounts.ts';

export interface PackageToWrite {
  readonly recipe: LoadedRecipe;
  /** As PACKAGES has it. */
  readonly name: string;
  /** The packages of the recipe that have nothing in them and are not written. */
  readonly absent: ReadonlySet<string>;
  /** What is in it, its root among it, sorted by bytes. */
  readonly entries: readonly Entry[];
  readonly root: string;
  readonly objects: ObjectStore;
  /** The one time that everything has, in seconds since the epoch. */
  readonly time: number;
  /** What it is linked to. */
  readonly needs: readonly Relation[];
  /** What it has for names that others have something for, too. */
  readonly alternatives: readonly Alternative[];
  /** Whom it has made before its files are there. */
  readonly accounts: readonly AccountCall[];
  readonly owners: OwnerNames;
  /** What is started with the target. */
  readonly units: readonly EnabledUnit[];
}

/** How a form calls things. */
export interface Naming {
  name(name: string): string;
  /** The version of a package of the recipe, by its name in PACKAGES. */
  version(recipe: LoadedRecipe, name: string): string;
}

/** What a variable says of the package, or of all; '' where it is not set. */
export function saidOf({ recipe, name }: Pick<PackageToWrite, 'recipe' | 'name'>, variable: string): string {
  return ofPackage(recipe.data, variable, name) ?? '';
}

/** The paragraphs that say more of it than its summary. */
export function descriptionOf(of: PackageToWrite): string {
  const description = saidOf(of, 'DESCRIPTION').replaceAll('\\n', '\n');
  // Where the recipe says nothing it is the summary once more.
  return description === `${saidOf(of, 'SUMMARY')}.` ? '' : description;
}

/** PKG gives a package another name than PACKAGES. */
export function givenName({ data }: LoadedRecipe, name: string): string {
  return data.get(`PKG:${name}`) ?? name;
}

export type RelationVariable =
  | 'RDEPENDS'
  | 'RRECOMMENDS'
  | 'RSUGGESTS'
  | 'RPROVIDES'
  | 'RCONFLICTS'
  | 'RREPLACES';

/** What a variable says of other packages; with RDEPENDS also what the package is linked to. */
export function relationsOf(
  of: PackageToWrite,
  variable: RelationVariable,
  naming: Naming,
): readonly Relation[] {
  const { recipe, name, absent, needs } = of;
  const text = saidOf(of, variable);
  const stated = parseRelations(text);
  if (stated === undefined) throw noList(recipe, `${variable}:${name}`, text);
  const names = splitWords(recipe.data.get('PACKAGES'));
  const own = naming.name(givenName(recipe, name));
  const written = stated
    .filter((relation) => relation.name !== name && !absent.has(relation.name))
    .map((relation): Relation => {
      const isOwn = names.includes(relation.name);
      return { ...relation, name: naming.name(isOwn ? givenName(recipe, relation.name) : relation.name) };
    });
  // Where the recipe speaks of a package, that holds.
  const named = new Set([own, ...written.map((relation) => relation.name)]);
  const linked = needs.map((need): Relation => ({ ...need, name: naming.name(need.name) }));
  const found = variable === 'RDEPENDS' ? linked.filter((need) => !named.has(need.name)) : [];
  const isRenamed = variable === 'RPROVIDES' && own !== naming.name(name);
  // Who asks for it by the name that it has in PACKAGES finds it.
  const former = {
    name: naming.name(name),
    versions: { how: '=', version: naming.version(recipe, name) },
  } as const;
  return [...written, ...found, ...(isRenamed ? [former] : [])];
}

function noList(recipe: LoadedRecipe, variable: string, text: string): VarveError {
  return new VarveError('metadata', `${variable} is "${text.trim()}", which is no list of packages`, {
    place: { file: recipe.file },
    hints: ['a list is: zlib bash (>= 5)', `varve env ${recipe.name} ${variable}   says where it comes from`],
  });
}

/** Makes the function that says whether a file of the package is a person's to change. */
export function isConffile(of: PackageToWrite): (entry: Entry) => boolean {
  const isConf = matcherOf(splitWords(saidOf(of, 'CONFFILES')).map(rawPath));
  return ({ kind, path }) => kind === 'file' && path !== of.root && isConf(below(of.root, path));
}

/** Makes the function that says whether a file of the package is there to be read, as rpmbuild does by where it is. */
export function isDocumentation(of: PackageToWrite): (entry: Entry) => boolean {
  const places = ['docdir', 'mandir', 'infodir'].flatMap((name) => of.recipe.data.get(name) ?? []);
  const isBelow = matcherOf(places.map(rawPath));
  return ({ kind, path }) => kind !== 'dir' && isBelow(below(of.root, path));
}

export type ScriptName = 'preinst' | 'postinst' | 'prerm' | 'postrm';

/** The text of a script, from its `#!` line on; '' where there is none. */
export function scriptOf(of: PackageToWrite, script: ScriptName): string {
  const own = ownScript(of, script);
  const { before = '', after = '' } = SAID[script]?.(of) ?? {};
  if (before + after === '') return own;
  const [opening = '#!/bin/sh\n'] = /^#!.*\n/.exec(own) ?? [];
  if (!/sh\b[^/]*$/.test(opening)) throw noShell(of, script, opening);
  return `${opening}${before}${own.slice(own === '' ? 0 : opening.length)}${after}`;
}

interface Said {
  readonly before?: string;
  readonly after?: string;
}

/** What varve says in a script beside the recipe. */
const SAID: Partial<Record<ScriptName, (of: PackageToWrite) => Said>> = {
  preinst: ({ accounts }) => ({ before: accountsScript(accounts) }),
  postinst: ({ alternatives, units }) => ({
    before: installingScript(alternatives),
    after: enablingScript(units),
  }),
  prerm: ({ alternatives, units }) => ({
    before: disablingScript(units),
    after: removingScript(alternatives),
  }),
};

function noShell({ recipe, name }: PackageToWrite, script: ScriptName, opening: string): VarveError {
  return new VarveError(
    'metadata',
    `pkg_${script}:${name} begins with ${opening.trim()}, and varve has more to say there to a shell`,
    {
      place: { file: recipe.file },
      hints: [
        `${script} of a package with ALTERNATIVE or USERADD_PARAM is a shell script, which may call any other program`,
      ],
    },
  );
}

function ownScript({ recipe, name }: PackageToWrite, script: ScriptName): string {
  const variables = [
    `pkg_${script}:${name}`,
    ...(script === 'postinst' ? [`pkg_postinst_ontarget:${name}`] : []),
  ];
  const { data } = recipe;
  const bodies = variables.map((variable) => data.get(variable) ?? '').filter((body) => body.trim() !== '');
  if (bodies.length === 0) return '';
  const [first = ''] = bodies;
  const text = bodies.map((body) => body.replace(/\n*$/, '\n')).join('');
  return first.trimStart().startsWith('#!') ? text.trimStart() : `#!/bin/sh\n${text}`;
}
