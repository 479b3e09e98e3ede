import { join } from 'node:path';
import { isElf, isUnstripped } from '../../contents/read-elf.ts';
import { forbiddenPackages } from '../../language/heed-forbidden-licenses.ts';
import type { LoadedRecipe } from '../../layers/load-metadata.ts';
import { splitWords } from '../../layers/split-words.ts';
import {
  splitImage,
  type ImageEntry,
  type PackageRule,
  type SplitImage,
} from '../../packages/split-image.ts';
import type { FileSystem } from '../../ports/world.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { rawPath, shownPath } from '../../trees/raw-text.ts';
import { isSet } from '../outline/is-set.ts';
import { findAlternatives } from './find-alternatives.ts';
import { imageEntries, lookIn } from './image-entries.ts';
import { ofPackage, skipsCheck } from './of-package.ts';
import { firstOf } from '../../terms/first-of.ts';

/** How many paths a message names. */
const NAMED = 5;

export interface Splitting {
  readonly fs: FileSystem;
  readonly recipe: LoadedRecipe;
  readonly warn: (text: string, hints: readonly string[]) => void;
}

/** In PACKAGE_LISTS: the programs and libraries that debug information is to be split from, a path below PKGDEST a line. */
const UNSTRIPPED = '.unstripped';

/** Writes for each package that is to be made a file with the paths in it, in PACKAGE_LISTS; warns of what no package takes. */
export function splitPackages({ fs, recipe, warn }: Splitting): void {
  const { data } = recipe;
  const names = packageNames(recipe);
  const rules = names.map((name) => ({
    name,
    files: splitWords(ofPackage(data, 'FILES', name)).map(rawPath),
  }));
  const entries = imageEntries(fs, recipe.dirs.d);
  const { packages, unpackaged } = splitRenamed(entries, rules, renamedIn(fs, recipe, entries));
  const lists = data.get('PACKAGE_LISTS') ?? '';
  const forbidden = forbiddenPackages(data);
  // Their files are in no other package either.
  const made = new Map([...packages].filter(([name]) => !forbidden.has(name)));
  for (const [name, paths] of made) {
    if (paths.length === 0 && !isSet(ofPackage(data, 'ALLOW_EMPTY', name))) continue;
    fs.writeFileSync(join(lists, name), Buffer.from(paths.map((path) => `${path}\0`).join(''), 'latin1'));
  }
  const unstripped = findUnstripped(fs, recipe, made);
  fs.writeFileSync(
    join(lists, UNSTRIPPED),
    Buffer.from(unstripped.map((path) => `${path}\n`).join(''), 'latin1'),
  );
  if (unpackaged.length > 0 && !skipsCheck(data, recipe.name, 'installed-vs-shipped'))
    warn(...missed(recipe, unpackaged));
}

/** Raw paths of what alternatives get another name for, and that name. */
function renamedIn(
  fs: FileSystem,
  recipe: LoadedRecipe,
  entries: readonly ImageEntry[],
): ReadonlyMap<string, string> {
  const paths = new Set(entries.map(({ path }) => path));
  const { renamed } = findAlternatives(recipe, (path) =>
    paths.has(rawPath(path).slice(1)) ? lookIn(fs, recipe.dirs.d, path) : undefined,
  );
  return new Map([...renamed].map(([path, { to }]) => [rawPath(path).slice(1), rawPath(to).slice(1)]));
}

/** FILES may have either name of what gets another one; the lists have those that stand in the image. */
function splitRenamed(
  entries: readonly ImageEntry[],
  rules: readonly PackageRule[],
  renamed: ReadonlyMap<string, string>,
): SplitImage {
  const former = new Map([...renamed].map(([path, to]) => [to, path]));
  const back = (paths: readonly string[]): readonly string[] => paths.map((path) => former.get(path) ?? path);
  const named = entries.map((entry) => ({ ...entry, path: renamed.get(entry.path) ?? entry.path }));
  const { packages, unpackaged } = splitImage(
    named,
    rules.map(({ name, files }) => ({
      name,
      files: files.map((path) => renamed.get(path.replace(/^\//, '')) ?? path),
    })),
  );
  return {
    packages: new Map([...packages].map(([name, paths]) => [name, back(paths)])),
    unpackaged: back(unpackaged),
  };
}

/** A file with several names is one. */
function findUnstripped(
  fs: FileSystem,
  { dirs, data, name: recipe }: LoadedRecipe,
  packages: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  if (isSet(data.get('INHIBIT_PACKAGE_STRIP'))) return [];
  const seen = new Set<number>();
  return [...packages].flatMap(([name, paths]) =>
    paths
      .filter((path) => {
        const full = Buffer.concat([Buffer.from(`${dirs.d}/`), Buffer.from(path, 'latin1')]);
        const stat = fs.lstatSync(full);
        if (name === `${recipe}-dbg` || path.includes('\n') || !stat.isFile() || seen.has(stat.ino))
          return false;
        seen.add(stat.ino);
        return beginsAsElf(fs, full) && isUnstripped(fs.readFileSync(full));
      })
      .map((path) => `${name}/${path}`),
  );
}

/** A large file that is none is not read as a whole to find that out. */
function beginsAsElf(fs: FileSystem, path: Buffer): boolean {
  const fd = fs.openSync(path, 'r');
  try {
    const head = Buffer.alloc(16);
    fs.readSync(fd, head, 0, head.length, 0);
    return isElf(head);
  } finally {
    fs.closeSync(fd);
  }
}

/** They become names of files. */
function packageNames({ name: recipe, file, data }: LoadedRecipe): readonly string[] {
  const names = [...new Set(splitWords(data.get('PACKAGES')))];
  const wrong = names.find((name) => !/^[a-zA-Z0-9][a-zA-Z0-9+._-]*$/.test(name));
  if (wrong === undefined) return names;
  throw new VarveError('metadata', `PACKAGES of ${recipe} has ${wrong}, which is no name for a package`, {
    place: { file },
    hints: [`varve env ${recipe} PACKAGES   says where it comes from`],
  });
}

function missed(recipe: LoadedRecipe, paths: readonly string[]): [text: string, hints: readonly string[]] {
  const shown = paths.map((path) => `/${shownPath(path)}`);
  const [first = ''] = shown;
  return [
    `installed, but in no package: ${firstOf(shown, NAMED)}`,
    [
      `FILES:\${PN} += "${first}"   in ${recipe.file} takes it into the package`,
      `rm \${D}${first}   in do_install:append leaves it out`,
      `INSANE_SKIP:\${PN} += "installed-vs-shipped"   says that it is meant`,
    ],
  ];
}
