/** What of a recipe's variables goes into the control files of a package. */
import type { LoadedRecipe } from '../../layers/load-metadata.ts';
import { splitWords } from '../../layers/split-words.ts';
import { formatControl } from '../../packages/deb-control.ts';
import { debArchitecture, debName, debRelations, debVersion } from '../../packages/deb-names.ts';
import { matcherOf } from '../../packages/match-path.ts';
import { parseRelations, type Relation } from '../../packages/relations.ts';
import type { Entry } from '../../ports/objects.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { encodeRaw, rawPath, shownPath } from '../../trees/raw-text.ts';
import { below } from '../../trees/tree-metadata.ts';
import { ofPackage } from './of-package.ts';
import type { ControlFile } from './write-deb.ts';

/** A package that is to be written. */
export interface DebPackage {
  readonly recipe: LoadedRecipe;
  /** As PACKAGES has it. */
  readonly name: string;
  /** The packages of the recipe that have nothing in them and are not written. */
  readonly absent: ReadonlySet<string>;
  /** What is in it, its root among it. */
  readonly entries: readonly Entry[];
  readonly root: string;
  /** The room that it takes on a target, in KiB. */
  readonly installedSize: number;
  /** What it is linked to. */
  readonly needs: readonly Relation[];
}

/** How the file is called that it is written to. */
export function debFile({ recipe, name }: Pick<DebPackage, 'recipe' | 'name'>): string {
  const version = versionOf(recipe, name).replace(/^\d*:/, '');
  return `${writtenName(recipe, name)}_${version}_${architectureOf(recipe)}.deb`;
}

/** Writes the control files; `checksums` is the text of md5sums. */
export function debFiles(of: DebPackage, checksums: string): readonly ControlFile[] {
  const plain = [
    { name: 'control', text: controlText(of) },
    { name: 'md5sums', text: checksums },
    { name: 'conffiles', text: conffilesOf(of) },
  ];
  return [
    ...plain.map((file) => ({ ...file, mode: 0o644 })),
    ...SCRIPTS.map((name) => ({ name, text: scriptText(of, name), mode: 0o755 })),
  ].filter(({ text }) => text !== '');
}

const SCRIPTS = ['preinst', 'postinst', 'prerm', 'postrm'] as const;

/** Which field of a package each variable is. */
const RELATIONS = [
  ['Depends', 'RDEPENDS'],
  ['Recommends', 'RRECOMMENDS'],
  ['Suggests', 'RSUGGESTS'],
  ['Provides', 'RPROVIDES'],
  ['Conflicts', 'RCONFLICTS'],
  ['Replaces', 'RREPLACES'],
] as const;

function controlText(of: DebPackage): string {
  const { recipe, name, installedSize } = of;
  const { data } = recipe;
  const text = (variable: string): string => ofPackage(data, variable, name) ?? '';
  const own = writtenName(recipe, name);
  const source = debName(recipe.name);
  const summary = text('SUMMARY');
  const description = text('DESCRIPTION').replaceAll('\\n', '\n');
  return formatControl({
    fields: [
      ['Package', own],
      ['Source', source === own ? '' : source],
      ['Version', versionOf(recipe, name)],
      ['Architecture', architectureOf(recipe)],
      ['Maintainer', text('MAINTAINER')],
      ['Installed-Size', String(installedSize)],
      ...RELATIONS.map(([field, variable]) => [field, relationsText(of, variable)] as const),
      ['Section', text('SECTION')],
      ['Priority', text('PRIORITY')],
      ['Homepage', text('HOMEPAGE')],
      ['License', text('LICENSE')],
    ],
    summary,
    // Where the recipe says nothing it is the summary once more.
    description: description === `${summary}.` ? '' : description,
  });
}

/** PKG gives a package another name than PACKAGES. */
function writtenName({ data }: LoadedRecipe, name: string): string {
  return debName(data.get(`PKG:${name}`) ?? name);
}

function relationsText(of: DebPackage, variable: (typeof RELATIONS)[number][1]): string {
  const { recipe, name, absent, needs } = of;
  const text = ofPackage(recipe.data, variable, name) ?? '';
  const stated = parseRelations(text);
  if (stated === undefined) throw noList(recipe, `${variable}:${name}`, text);
  const names = splitWords(recipe.data.get('PACKAGES'));
  const own = writtenName(recipe, name);
  const written = stated
    .filter((relation) => relation.name !== name && !absent.has(relation.name))
    .map((relation): Relation => {
      const isOwn = names.includes(relation.name);
      return isOwn ? { ...relation, name: writtenName(recipe, relation.name) } : relation;
    });
  // Where the recipe speaks of a package, that holds.
  const named = new Set([own, ...written.map((relation) => debName(relation.name))]);
  const found = variable === 'RDEPENDS' ? needs.filter((need) => !named.has(debName(need.name))) : [];
  const isRenamed = variable === 'RPROVIDES' && own !== debName(name);
  // Who asks for it by the name that it has in PACKAGES finds it.
  const former: Relation = { name, versions: { how: '=', version: versionOf(recipe, name) } };
  return debRelations([...written, ...found, ...(isRenamed ? [former] : [])]);
}

function noList(recipe: LoadedRecipe, variable: string, text: string): VarveError {
  return new VarveError('metadata', `${variable} is "${text.trim()}", which is no list of packages`, {
    place: { file: recipe.file },
    hints: ['a list is: zlib bash (>= 5)', `varve env ${recipe.name} ${variable}   says where it comes from`],
  });
}

function versionOf({ name: recipe, file, data }: LoadedRecipe, name: string): string {
  const text = (variable: string): string => ofPackage(data, variable, name) ?? '';
  const [epoch, version, revision] = [text('PE'), text('PKGV'), text('PKGR')];
  const found = debVersion({ epoch, version, revision });
  if (found !== undefined) return found;
  throw new VarveError('metadata', `${version}-${revision} is no version that dpkg takes`, {
    place: { file },
    hints: [
      'it begins with a digit and has letters, digits and . + ~ - in it, behind the last - no other one',
      `PKGV = "0+\${PV}"   in ${recipe} gives its packages another version than PV`,
    ],
  });
}

function architectureOf({ name: recipe, packageArch, data }: LoadedRecipe): string {
  const target = data.get('TARGET_ARCH') ?? '';
  if (packageArch === 'all') return 'all';
  const found = data.get('DPKG_ARCH') ?? debArchitecture(target, splitWords(data.get('TUNE_FEATURES')));
  if (found !== undefined) return found;
  throw new VarveError('metadata', `Debian has no name for TARGET_ARCH ${target}, which ${recipe} is for`, {
    hints: ['DPKG_ARCH = "…"   in the machine\'s conf says it: what dpkg --print-architecture answers there'],
  });
}

function conffilesOf({ recipe, name, entries, root }: DebPackage): string {
  const isConf = matcherOf(splitWords(ofPackage(recipe.data, 'CONFFILES', name)).map(rawPath));
  const paths = entries
    .filter(({ kind, path }) => kind === 'file' && path !== root && isConf(below(root, path)))
    .map(({ path }) => below(root, path));
  const odd = paths.find((path) => path.includes('\n'));
  if (odd !== undefined) throw noConffile(recipe, name, odd);
  return paths.map((path) => `/${shownPath(path)}\n`).join('');
}

/** They are told a line each. */
function noConffile(recipe: LoadedRecipe, name: string, path: string): VarveError {
  return new VarveError(
    'metadata',
    `CONFFILES:${name} has /${encodeRaw(path)}, and dpkg takes no line break`,
    {
      place: { file: recipe.file },
      hints: [`Give it another name, or leave it out of CONFFILES:${name}.`],
    },
  );
}

function scriptText({ recipe, name }: DebPackage, script: (typeof SCRIPTS)[number]): string {
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
