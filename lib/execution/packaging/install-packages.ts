/** Makes the root of an image out of packages, as dpkg would, without dpkg and without being root. */
import { join } from 'node:path';
import type { LoadedRecipe } from '../../layers/load-metadata.ts';
import { splitWords } from '../../layers/split-words.ts';
import { choosePackages, type Choice, type PackageFacts } from '../../packages/choose-packages.ts';
import { controlField, relatedNames, statusText } from '../../packages/deb-control.ts';
import { debName } from '../../packages/deb-names.ts';
import type { FileSystem } from '../../ports/world.ts';
import { writeWhole } from '../../ports/write-whole.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { composeRootfs, type RootedPackage } from './compose-rootfs.ts';
import type { OpenDeb } from './read-deb.ts';

export interface Installing {
  readonly fs: FileSystem;
  readonly recipe: LoadedRecipe;
  /** All packages that could be wanted. */
  readonly debs: readonly OpenDeb[];
}

/**
 * Writes into IMAGE_PACKAGES_DIR what the task unpacks: `rootfs.tar`, with the files of all packages that IMAGE_INSTALL leads
 * to; `dpkg`, what dpkg knows of them; and IMAGE_PACKAGES_MANIFEST, a line a package.
 */
export function installPackages({ fs, recipe, debs }: Installing): void {
  const { data } = recipe;
  const packages = packagesOfImage(recipe, debs);
  const root = composeRootfs(packages);
  const dir = data.get('IMAGE_PACKAGES_DIR') ?? '';
  fs.rmSync(dir, { recursive: true, force: true });
  fs.mkdirSync(join(dir, 'dpkg/info'), { recursive: true });
  const fd = fs.openSync(join(dir, 'rootfs.tar'), 'w');
  try {
    root.write((bytes) => writeWhole(fs, fd, bytes));
  } finally {
    fs.closeSync(fd);
  }
  for (const one of packages) writeInfo(fs, join(dir, 'dpkg/info'), one, root.paths.get(one.name) ?? []);
  fs.writeFileSync(join(dir, 'dpkg/status'), packages.map((one) => `${statusOf(one)}\n`).join(''));
  fs.writeFileSync(data.get('IMAGE_PACKAGES_MANIFEST') ?? '', manifestText(packages));
}

/** Finds what IMAGE_INSTALL leads to, sorted by name. */
export function packagesOfImage(recipe: LoadedRecipe, debs: readonly OpenDeb[]): readonly Installable[] {
  const { data } = recipe;
  const asked = splitWords(data.get('IMAGE_INSTALL'));
  const given = new Set(splitWords(data.get('ASSUME_PROVIDED')));
  const names = asked.filter((name) => !given.has(name)).map(debName);
  const choice = choosePackages(debs.map(factsOf), names);
  refuse(recipe, choice);
  return choice.chosen;
}

/** A line a package: its name, its architecture, its version. */
export function manifestText(packages: readonly Installable[]): string {
  const fields = ['Package', 'Architecture', 'Version'];
  return packages
    .map(({ control }) => `${fields.map((field) => controlField(control, field)).join(' ')}\n`)
    .join('');
}

/** A package that an image may have. */
export interface Installable extends PackageFacts, RootedPackage {
  readonly control: string;
}

function factsOf(deb: OpenDeb): Installable {
  const control = deb.own.get('control') ?? '';
  return {
    deb,
    control,
    name: controlField(control, 'Package'),
    provides: relatedNames(control, 'Provides'),
    depends: relatedNames(control, 'Depends'),
    conflicts: relatedNames(control, 'Conflicts', { ofAnyVersion: true }),
  };
}

function statusOf({ control, deb }: Installable): string {
  const sums = new Map<string, string>(
    lines(deb.own.get('md5sums')).map((line) => [`/${line.slice(34)}`, line.slice(0, 32)]),
  );
  const conffiles = lines(deb.own.get('conffiles')).map((path) => [path, sums.get(path) ?? ''] as const);
  return statusText(control, { isUnpacked: deb.own.has('postinst'), conffiles });
}

function writeInfo(fs: FileSystem, dir: string, { name, deb }: Installable, paths: readonly string[]): void {
  const list = paths.map((path) => (path === '' ? '/.\n' : `/${path}\n`)).join('');
  fs.writeFileSync(join(dir, `${name}.list`), Buffer.from(list, 'latin1'));
  for (const [file, text] of deb.own) {
    if (file === 'control') continue;
    const path = join(dir, `${name}.${file}`);
    fs.writeFileSync(path, text);
    if (/^(pre|post)/.test(file)) fs.chmodSync(path, 0o755);
  }
}

function lines(text: string | undefined): readonly string[] {
  return (text ?? '').split('\n').filter((line) => line !== '');
}

function refuse(recipe: LoadedRecipe, { unknown, ties, conflicts }: Choice<Installable>): void {
  const place = { file: recipe.file };
  const [name] = unknown;
  if (name !== undefined) {
    throw new VarveError('metadata', `IMAGE_INSTALL of ${recipe.name} has ${name}, which is no package`, {
      place,
      hints: [
        'a package of PACKAGES with no file in it is not made: ALLOW_EMPTY:NAME = "1" in its recipe says that it is wanted',
        `ASSUME_PROVIDED += "${name}"   in conf/local.conf says that the target has it from elsewhere`,
      ],
    });
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
  const [both] = conflicts;
  if (both === undefined) return;
  throw new VarveError('metadata', `${both[0]} and ${both[1]}, which ${recipe.name} needs, are in conflict`, {
    place,
    hints: [`RCONFLICTS:${both[0]}   in its recipe says so`],
  });
}
