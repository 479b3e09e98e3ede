/** Makes the root of an image out of packages, as their package manager would, without it and without being root. */
import { join } from 'node:path';
import type { LoadedRecipe } from '../../layers/load-metadata.ts';
import { splitWords } from '../../layers/split-words.ts';
import { choosePackages, type Choice } from '../../packages/choose-packages.ts';
import { statusText } from '../../packages/deb-control.ts';
import { debName } from '../../packages/deb-names.ts';
import { type InstalledRpm, rpmDatabase } from '../../packages/rpm-database.ts';
import type { FileSystem } from '../../ports/world.ts';
import { writeWhole } from '../../ports/write-whole.ts';
import { closest } from '../../terms/closest.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { askedPackages, complementaryPackages } from './asked-packages.ts';
import { composeRootfs, type Rootfs } from './compose-rootfs.ts';
import { imageAccounts } from './image-accounts.ts';
import { linkAlternatives } from './link-alternatives.ts';
import { linkUnits } from './link-units.ts';
import type { OpenPackage } from './open-package.ts';
import type { OpenRpm } from './open-rpm.ts';
import type { OpenDeb } from './read-deb.ts';
import { headersOf } from './read-rpm.ts';
import { refuseForbidden } from './refuse-forbidden.ts';
import { refuseLinkedAway } from './refuse-linked-away.ts';
import { unfitPackage } from './unfit-packages.ts';

export interface Installing {
  readonly fs: FileSystem;
  readonly recipe: LoadedRecipe;
  /** All packages that could be wanted, in one form. */
  readonly packages: readonly OpenPackage[];
  readonly warn: (text: string, hints: readonly string[]) => void;
}

/**
 * Writes into IMAGE_PACKAGES_DIR what the task unpacks: `rootfs.tar`, with the files of all packages that IMAGE_INSTALL leads
 * to; of .debs `dpkg`, what dpkg knows of them, of .rpms `rpmdb.sqlite`, what rpm knows, and `postinsts`, their scripts; and
 * IMAGE_PACKAGES_MANIFEST, a line a package.
 */
export function installPackages({ fs, recipe, packages: offered, warn }: Installing): void {
  const { data } = recipe;
  const { chosen: packages, missing } = choose(recipe, offered);
  for (const { name, by } of missing)
    warn(`${by} depends on ${name}, which no package is or stands for: the image goes without it`, [
      `IMAGE_INSTALL += "${name}"   where a recipe makes it that nothing depends on`,
      `ASSUME_PROVIDED += "${name}"   in conf/local.conf says that the target has it from elsewhere`,
    ]);
  refuseForbidden(recipe, packages);
  const accounts = imageAccounts(packages);
  const root = composeRootfs(accounts.packages);
  refuseLinkedAway(root, ownDirs(recipe, packages));
  const added = [
    ...accounts.add(root),
    ...linkAlternatives(root, { packages, warn }),
    ...linkUnits(root, { packages, rooted: accounts.packages, warn }),
  ];
  const dir = data.get('IMAGE_PACKAGES_DIR') ?? '';
  fs.rmSync(dir, { recursive: true, force: true });
  fs.mkdirSync(dir, { recursive: true });
  const fd = fs.openSync(join(dir, 'rootfs.tar'), 'w');
  try {
    root.write((bytes) => writeWhole(fs, fd, bytes), added);
  } finally {
    fs.closeSync(fd);
  }
  const debs = packages.flatMap((one) => (one.kind === 'deb' ? [one] : []));
  const rpms = packages.flatMap((one) => (one.kind === 'rpm' ? [one] : []));
  if (rpms.length === 0) writeDpkg(fs, join(dir, 'dpkg'), { debs, paths: root.paths });
  else fs.writeFileSync(join(dir, 'rpmdb.sqlite'), rpmDatabase(rpms.map(asInstalled)));
  writePostinsts(fs, join(dir, 'postinsts'), rpms);
  fs.writeFileSync(data.get('IMAGE_PACKAGES_MANIFEST') ?? '', manifestText(packages));
}

/** Where on the target the image puts what no package has. */
function ownDirs({ data }: LoadedRecipe, packages: readonly OpenPackage[]): ReadonlyMap<string, string> {
  const known = packages.some(({ kind }) => kind === 'rpm') ? 'rpm' : 'dpkg';
  return new Map([
    [`${data.get('localstatedir') ?? ''}/lib/${known}`, `what ${known} knows of its packages`],
    ...(packages.some((one) => one.kind === 'rpm' && one.postinst !== '')
      ? [[`${data.get('sysconfdir') ?? ''}/rpm-postinsts`, 'what runs at its first start'] as const]
      : []),
  ]);
}

/** Finds what IMAGE_INSTALL leads to, sorted by name. */
export function packagesOfImage(
  recipe: LoadedRecipe,
  offered: readonly OpenPackage[],
): readonly OpenPackage[] {
  return choose(recipe, offered).chosen;
}

function choose(recipe: LoadedRecipe, offered: readonly OpenPackage[]): Choice<OpenPackage> {
  const { data } = recipe;
  const isDebs = offered.some(({ kind }) => kind === 'deb');
  const own = (name: string): string => (isDebs ? debName(name) : name);
  const given = new Set(splitWords(data.get('ASSUME_PROVIDED')).map(own));
  const asked = new Map([...askedPackages(data)].map(([name, variable]) => [own(name), variable]));
  const names = [...asked.keys()].filter((name) => !given.has(name));
  const first = choosePackages(offered, names);
  const more = complementaryPackages(data, { chosen: first.chosen, offered });
  const choice = more.length === 0 ? first : choosePackages(offered, [...names, ...more]);
  refuse(recipe, { choice, asked, offered });
  refuseUnfit(recipe, choice.chosen);
  // Files are asked for by their paths, and the names of packages do not tell whose they are.
  const isOpen = ({ name }: { readonly name: string }): boolean => !name.startsWith('/') && !given.has(name);
  return { ...choice, missing: choice.missing.filter(isOpen) };
}

/** A line a package: its name, its architecture, its version. */
export function manifestText(packages: readonly OpenPackage[]): string {
  return packages.map(({ name, architecture, version }) => `${name} ${architecture} ${version}\n`).join('');
}

function writeDpkg(
  fs: FileSystem,
  dir: string,
  { debs, paths }: { readonly debs: readonly OpenDeb[]; readonly paths: Rootfs['paths'] },
): void {
  fs.mkdirSync(join(dir, 'info'), { recursive: true });
  for (const one of debs) writeInfo(fs, join(dir, 'info'), one, paths.get(one.name) ?? []);
  const status = debs.map((one) => `${statusOf(one)}\n`).join('');
  fs.writeFileSync(join(dir, 'status'), Buffer.from(status, 'latin1'));
}

function asInstalled({ file, bytes }: OpenRpm): InstalledRpm {
  const whole = bytes();
  const headers = headersOf(whole);
  if (headers === undefined) throw new Error(`${file} was an .rpm`);
  const { values, signature, start, end } = headers;
  return { header: Buffer.from(whole.subarray(start, end)), values, signature };
}

/** Numbered, so that those of what a package depends on come before its own. */
function writePostinsts(fs: FileSystem, dir: string, rpms: readonly OpenRpm[]): void {
  for (const [index, { name, postinst }] of inOrder(rpms).entries()) {
    if (postinst === '') continue;
    fs.mkdirSync(dir, { recursive: true });
    const path = join(dir, `${String(index).padStart(String(rpms.length).length, '0')}-${name}`);
    fs.writeFileSync(path, postinst);
    fs.chmodSync(path, 0o755);
  }
}

/** Each after what it depends on, but for circles. */
function inOrder(rpms: readonly OpenRpm[]): readonly OpenRpm[] {
  const told = new Set<OpenRpm>();
  const seen = new Set<OpenRpm>();
  const tell = (one: OpenRpm): void => {
    if (seen.has(one)) return;
    seen.add(one);
    const needs = ({ name, provides }: OpenRpm): boolean =>
      [name, ...provides].some((each) => one.depends.includes(each));
    rpms.filter(needs).forEach(tell);
    told.add(one);
  };
  rpms.forEach(tell);
  return [...told];
}

/** In raw bytes. */
function statusOf({ own }: OpenDeb): string {
  const sums = new Map<string, string>(
    lines(own.get('md5sums')).map((line) => [`/${line.slice(34)}`, line.slice(0, 32)]),
  );
  const conffiles = lines(own.get('conffiles')).map((path) => [path, sums.get(path) ?? ''] as const);
  return statusText(own.get('control') ?? '', { isUnpacked: own.has('postinst'), conffiles });
}

function writeInfo(fs: FileSystem, dir: string, { name, own }: OpenDeb, paths: readonly string[]): void {
  const list = paths.map((path) => (path === '' ? '/.\n' : `/${path}\n`)).join('');
  fs.writeFileSync(join(dir, `${name}.list`), Buffer.from(list, 'latin1'));
  for (const [file, text] of own) {
    if (file === 'control') continue;
    const path = join(dir, `${name}.${file}`);
    fs.writeFileSync(path, Buffer.from(text, 'latin1'));
    if (/^(pre|post)/.test(file)) fs.chmodSync(path, 0o755);
  }
}

function lines(text: string | undefined): readonly string[] {
  return (text ?? '').split('\n').filter((line) => line !== '');
}

interface Chosen {
  readonly choice: Choice<OpenPackage>;
  /** Each name with the variable that has it. */
  readonly asked: ReadonlyMap<string, string>;
  readonly offered: readonly OpenPackage[];
}

function refuse(recipe: LoadedRecipe, { choice: { unknown, ties }, asked, offered }: Chosen): void {
  const place = { file: recipe.file };
  const [name] = unknown;
  if (name !== undefined) {
    const near = closest(
      name,
      offered.map((one) => one.name),
    );
    throw new VarveError(
      'metadata',
      `${asked.get(name) ?? 'IMAGE_INSTALL'} of ${recipe.name} has ${name}, which is no package`,
      {
        place,
        hints: [
          ...(near === undefined ? [] : [`did you mean "${near}"?`]),
          'a package of PACKAGES with no file in it is not made: ALLOW_EMPTY:NAME = "1" in its recipe says that it is wanted',
          `ASSUME_PROVIDED += "${name}"   in conf/local.conf says that the target has it from elsewhere`,
        ],
      },
    );
  }
  const [tie] = ties;
  if (tie !== undefined) {
    throw new VarveError(
      'metadata',
      `${tie.among.join(' and ')} both stand for ${tie.name} in ${recipe.name}`,
      {
        place,
        hints: [`IMAGE_INSTALL += "${tie.among[0] ?? ''}"   chooses one`],
      },
    );
  }
}

function refuseUnfit(recipe: LoadedRecipe, chosen: readonly OpenPackage[]): void {
  const unfit = unfitPackage(chosen);
  if (unfit === undefined) return;
  const { one, how, asked, other } = unfit;
  const bound = asked.versions === undefined ? '' : ` (${asked.versions.how} ${asked.versions.version})`;
  throw new VarveError(
    'metadata',
    `${recipe.name} needs ${one.name}, which ${how} ${asked.name}${bound}, and has ${other.name} ${other.version}`,
    {
      place: { file: recipe.file },
      hints: [
        `${how === 'depends on' ? 'RDEPENDS' : 'RCONFLICTS'}:${one.name}   in recipe ${one.recipe} says so`,
      ],
    },
  );
}
