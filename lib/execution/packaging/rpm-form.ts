/** What an .rpm says of a package: what the recipe's variables do, as rpm has it. */
import type { LoadedRecipe } from '../../layers/load-metadata.ts';
import { capabilityText } from '../../packages/capability-text.ts';
import { linesOf, oneLine } from '../../packages/lines-of.ts';
import {
  joined,
  rpmArchitecture,
  rpmDependency,
  type RpmDependency,
  type RpmVersion,
  rpmVersion,
  rpmVersionText,
  sortedDependencies,
} from '../../packages/rpm-names.ts';
import type { RpmValue, RpmValues } from '../../packages/rpm-header.ts';
import { RPM, SENSE } from '../../packages/rpm-tags.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { rawPath, shownPath } from '../../trees/raw-text.ts';
import { below } from '../../trees/tree-metadata.ts';
import { type Lost, lostXattrs, type PackageForm, postinstOpening } from './package-form.ts';
import {
  descriptionOf,
  givenName,
  type Naming,
  type PackageToWrite,
  relationsOf,
  type RelationVariable,
  saidOf,
  type ScriptName,
  scriptOf,
} from './package-to-write.ts';
import { fileValues, hasCapabilities } from './rpm-files.ts';
import { writeRpm } from './write-rpm.ts';

/** Packages for rpm and dnf. */
export const rpmForm: PackageForm = {
  to: 'PKGWRITEDIRRPM',
  file({ recipe, name }) {
    const { version, release } = versionOf(recipe, name);
    return `${givenName(recipe, name)}-${version}-${release}.${rpmArchitecture(recipe.packageArch)}.rpm`;
  },
  write: (fs, path, of) =>
    writeRpm(fs, path, { ...of, values: new Map([...packageValues(of), ...fileValues(of)]) }),
  lost: (of) => [...lostXattrs(of, 'rpm', isTold), ...lostOwners(of)],
};

function isTold(name: string, value: string): boolean {
  return name === 'security.capability' && capabilityText(Buffer.from(value, 'latin1')) !== undefined;
}

/** Owners are numbers in the record and names in an .rpm; rpm gives what nobody of that name has to root, not setuid. */
function lostOwners({ recipe, name, entries, root, owners }: PackageToWrite): readonly Lost[] {
  const given = entries.filter(({ uid = 0, gid = 0, path }) => {
    const isNamed =
      (uid === 0 || owners.user(uid) !== undefined) && (gid === 0 || owners.group(gid) !== undefined);
    return path !== root && !isNamed;
  });
  const [first, ...others] = given;
  if (first === undefined) return [];
  const lines = given.slice(0, 5).map(({ path, kind, mode, uid = 0, gid = 0 }) => {
    const shown = `"/${shownPath(below(root, path))}"`;
    // A file that is given away is not setuid any more.
    const again = kind === 'file' && (mode & 0o6000) !== 0 ? ` && chmod ${mode.toString(8)} ${shown}` : '';
    return `\tchown -h ${uid}:${gid} ${shown}${again}\n`;
  });
  const one = `/${shownPath(below(root, first.path))}`;
  const which =
    others.length === 0
      ? `${one} of package ${name} is`
      : `${one} and ${others.length} more of package ${name} are`;
  const text = `${which} given to root by rpm, which knows owners by name`;
  const opening = postinstOpening(recipe, name);
  const rest = given.length > lines.length ? '\t…\n' : '';
  return [
    {
      text,
      hints: [`${opening} {\n${lines.join('')}${rest}}   in ${recipe.file} gives them away on the target`],
    },
  ];
}

function packageValues(of: PackageToWrite): RpmValues {
  const { recipe, name, time } = of;
  const { epoch, version, release } = versionOf(recipe, name);
  const said = (variable: string): string => oneLine(saidOf(of, variable));
  const source = `${recipe.name}-${version}-${release}.src.rpm`;
  return new Map([
    [RPM.locales, { type: 'strings', values: ['C'] }],
    text(RPM.name, givenName(recipe, name)),
    text(RPM.version, version),
    text(RPM.release, release),
    [RPM.epoch, { type: 'int32', values: epoch === '' ? [] : [Number(epoch)] }],
    // Not of the machine, and rpmlint asks for one.
    text(RPM.buildHost, 'reproducible'),
    localised(RPM.summary, said('SUMMARY')),
    localised(RPM.description, linesOf(descriptionOf(of)).join('\n') || said('SUMMARY')),
    [RPM.buildTime, { type: 'int32', values: [time] }],
    text(RPM.license, said('LICENSE')),
    text(RPM.packager, said('MAINTAINER')),
    localised(RPM.group, said('SECTION')),
    text(RPM.url, said('HOMEPAGE')),
    text(RPM.os, 'linux'),
    text(RPM.arch, rpmArchitecture(recipe.packageArch)),
    // What has none counts for a package of sources.
    text(RPM.sourceRpm, source),
    text(RPM.encoding, 'utf-8'),
    ...SCRIPTS.flatMap((script) => scriptValues(of, script)),
    ...dependencyValues(of),
  ]);
}

type Told = readonly [tag: number, value: RpmValue];

/** '' is not told. */
function text(tag: number, value: string): Told {
  return [tag, { type: 'string', values: value === '' ? [] : [rawPath(value)] }];
}

function localised(tag: number, value: string): Told {
  return [tag, { type: 'localised', values: [rawPath(value)] }];
}

const SCRIPTS = ['preinst', 'postinst', 'prerm', 'postrm'] as const;

/** A script, and what runs it. */
function scriptValues(of: PackageToWrite, script: ScriptName): readonly Told[] {
  const { program, body } = parted(scriptOf(of, script));
  if (program.length === 0) return [];
  // Unlike dpkg, rpm runs them also where a newer package takes the place of this one.
  const isLast = script.endsWith('rm') && (program[0] ?? '').endsWith('sh');
  const run = isLast ? `if [ "$1" = 0 ]; then\n${body}fi\n` : body;
  return [
    text(RPM[script], run),
    [RPM[`${script}Program`], { type: 'strings', values: program.map(rawPath) }],
  ];
}

function parted(script: string): { readonly program: readonly string[]; readonly body: string } {
  const end = script.indexOf('\n') + 1;
  const program = script
    .slice(2, end)
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '');
  return { program, body: script.slice(end) };
}

function dependencyValues(of: PackageToWrite): readonly Told[] {
  const { recipe, name } = of;
  const itself: RpmDependency = {
    name: givenName(recipe, name),
    flags: SENSE.equal,
    version: naming.version(recipe, name),
  };
  const scripts = SCRIPTS.flatMap((script): readonly RpmDependency[] => {
    const [program] = parted(scriptOf(of, script)).program;
    return program === undefined
      ? []
      : [{ name: program, flags: SENSE.interpreter | SENSE[script], version: '' }];
  });
  // What is linked to asks for a version without a release.
  const needs = of.needs.map((need) =>
    need.versions === undefined
      ? need
      : { ...need, versions: { ...need.versions, version: joined(need.versions.version) } },
  );
  const said = (variable: RelationVariable): readonly RpmDependency[] =>
    relationsOf({ ...of, needs }, variable, naming).map(rpmDependency);
  return [
    ...columns('provide', [itself, ...said('RPROVIDES')]),
    ...columns('require', [...said('RDEPENDS'), ...scripts, ...featuresOf(of)]),
    ...columns('recommend', said('RRECOMMENDS')),
    ...columns('suggest', said('RSUGGESTS')),
    ...columns('conflict', said('RCONFLICTS')),
    ...columns('obsolete', said('RREPLACES')),
  ];
}

type Columns = 'provide' | 'require' | 'recommend' | 'suggest' | 'conflict' | 'obsolete';

function columns(kind: Columns, dependencies: readonly RpmDependency[]): readonly Told[] {
  const sorted = sortedDependencies(dependencies);
  return [
    [RPM[`${kind}Name`], { type: 'strings', values: sorted.map((one) => rawPath(one.name)) }],
    [RPM[`${kind}Flags`], { type: 'int32', values: sorted.map(({ flags }) => flags) }],
    [RPM[`${kind}Version`], { type: 'strings', values: sorted.map((one) => rawPath(one.version)) }],
  ];
}

/** What rpm itself has to know to take the package. */
function featuresOf(of: PackageToWrite): readonly RpmDependency[] {
  const { version, release } = versionOf(of.recipe, of.name);
  const uses = (sign: string): boolean => `${version}${release}`.includes(sign);
  const features = [
    ['CompressedFileNames', '3.0.4-1', true],
    ['FileDigests', '4.6.0-1', true],
    ['PayloadFilesHavePrefix', '4.0-1', true],
    ['FileCaps', '4.6.1-1', hasCapabilities(of)],
    ['TildeInVersions', '4.10.0-1', uses('~')],
    ['CaretInVersions', '4.15.0-1', uses('^')],
  ] as const;
  const flags = SENSE.rpmlib | SENSE.less | SENSE.equal;
  return features.flatMap(([name, since, isUsed]) =>
    isUsed ? [{ name: `rpmlib(${name})`, flags, version: since }] : [],
  );
}

const naming: Naming = {
  name: (name) => name,
  version: (recipe, name) => rpmVersionText(versionOf(recipe, name)),
};

function versionOf(recipe: LoadedRecipe, name: string): RpmVersion {
  const said = (variable: string): string => saidOf({ recipe, name }, variable);
  const stated = { epoch: said('PE'), version: said('PKGV'), release: said('PKGR') };
  const found = rpmVersion(stated);
  if (found !== undefined) return found;
  throw new VarveError('metadata', `${rpmVersionText(stated)} is no version that rpm takes`, {
    place: { file: recipe.file },
    hints: [
      'it has letters, digits and . + ~ ^ _ in it; a - becomes a + in PKGV, and PKGR has none',
      `PKGV = "…"   in ${recipe.name} gives its packages another version than PV`,
    ],
  });
}
