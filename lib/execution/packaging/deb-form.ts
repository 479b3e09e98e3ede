/** What of a recipe's variables goes into the control files of a package. */
import type { LoadedRecipe } from '../../layers/load-metadata.ts';
import { splitWords } from '../../layers/split-words.ts';
import { formatControl } from '../../packages/deb-control.ts';
import { debArchitecture, debName, debRelations, debVersion } from '../../packages/deb-names.ts';
import type { Entry, ObjectStore } from '../../ports/objects.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { encodeRaw, rawPath } from '../../trees/raw-text.ts';
import { below } from '../../trees/tree-metadata.ts';
import {
  descriptionOf,
  givenName,
  isConffile,
  type Naming,
  type PackageToWrite,
  relationsOf,
  saidOf,
  scriptOf,
} from './package-to-write.ts';
import { lostXattrs, type PackageForm } from './package-form.ts';
import { checksumsOf, type ControlFile, writeDeb } from './write-deb.ts';

/** Packages for dpkg and apt. */
export const debForm: PackageForm = {
  to: 'PKGWRITEDIRDEB',
  file({ recipe, name }) {
    const version = versionOf(recipe, name).replace(/^\d*:/, '');
    return `${writtenName(recipe, name)}_${version}_${architectureOf(recipe)}.deb`;
  },
  write: (fs, path, of) => writeDeb(fs, path, { ...of, control: controlFiles(of) }),
  lost: (of) => lostXattrs(of, 'deb', () => false),
};

function controlFiles(of: PackageToWrite): readonly ControlFile[] {
  refuseLineBreaks(of);
  const plain = [
    { name: 'control', text: rawPath(controlText(of)) },
    { name: 'md5sums', text: checksumsOf(of) },
    { name: 'conffiles', text: conffilesOf(of) },
  ];
  return [
    ...plain.map((file) => ({ ...file, mode: 0o644 })),
    ...SCRIPTS.map((name) => ({ name, text: rawPath(scriptOf(of, name)), mode: 0o755 })),
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

function controlText(of: PackageToWrite): string {
  const { recipe, name, objects, entries } = of;
  const own = writtenName(recipe, name);
  const source = debName(recipe.name);
  return formatControl({
    fields: [
      ['Package', own],
      ['Source', source === own ? '' : source],
      ['Version', versionOf(recipe, name)],
      ['Architecture', architectureOf(recipe)],
      ['Maintainer', saidOf(of, 'MAINTAINER')],
      ['Installed-Size', String(sizeOf(objects, entries))],
      ...RELATIONS.map(
        ([field, variable]) => [field, debRelations(relationsOf(of, variable, naming))] as const,
      ),
      ['Section', saidOf(of, 'SECTION')],
      ['Priority', saidOf(of, 'PRIORITY')],
      ['Homepage', saidOf(of, 'HOMEPAGE')],
      ['License', saidOf(of, 'LICENSE')],
    ],
    summary: saidOf(of, 'SUMMARY'),
    description: descriptionOf(of),
  });
}

/** In KiB, as dpkg counts: what is no file takes one. */
function sizeOf(objects: ObjectStore, entries: readonly Entry[]): number {
  return entries.reduce((sum, { kind, oid, hardlinkTo }) => {
    const isFile = kind === 'file' && oid !== undefined && hardlinkTo === undefined;
    return sum + (isFile ? Math.ceil(objects.size(oid) / 1024) : hardlinkTo === undefined ? 1 : 0);
  }, 0);
}

const naming: Naming = { name: debName, version: versionOf };

function writtenName(recipe: LoadedRecipe, name: string): string {
  return debName(givenName(recipe, name));
}

function versionOf(recipe: LoadedRecipe, name: string): string {
  const text = (variable: string): string => saidOf({ recipe, name }, variable);
  const [epoch, version, revision] = [text('PE'), text('PKGV'), text('PKGR')];
  const found = debVersion({ epoch, version, revision });
  if (found !== undefined) return found;
  throw new VarveError('metadata', `${version}-${revision} is no version that dpkg takes`, {
    place: { file: recipe.file },
    hints: [
      'it begins with a digit and has letters, digits and . + ~ - in it, behind the last - no other one',
      `PKGV = "0+\${PV}"   in ${recipe.name} gives its packages another version than PV`,
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

function conffilesOf(of: PackageToWrite): string {
  const paths = of.entries.filter(isConffile(of)).map(({ path }) => below(of.root, path));
  return paths.map((path) => `/${path}\n`).join('');
}

/** dpkg keeps a list with a line for each file, and installs no package with such a name. */
function refuseLineBreaks({ recipe, name, root, entries }: PackageToWrite): void {
  const odd = entries.find(({ path }) => path !== root && below(root, path).includes('\n'));
  if (odd === undefined) return;
  throw new VarveError(
    'metadata',
    `package ${name} has /${encodeRaw(below(root, odd.path))}, and dpkg takes no line break in a name`,
    {
      place: { file: recipe.file },
      hints: [
        `Give it another name in do_install of ${recipe.name}.`,
        'PACKAGE_CLASSES = "package_rpm"   in conf/local.conf: rpm takes it',
      ],
    },
  );
}
