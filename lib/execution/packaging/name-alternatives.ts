import { join } from 'node:path';
import type { LoadedRecipe } from '../../layers/load-metadata.ts';
import { splitWords } from '../../layers/split-words.ts';
import { type Alternative, formatAlternatives, parseAlternatives } from '../../packages/alternatives.ts';
import type { ObjectStore } from '../../ports/objects.ts';
import type { TreeId } from '../../terms/ids.ts';
import { rawPath } from '../../trees/raw-text.ts';
import { findAlternatives } from './find-alternatives.ts';
import { imageEntries, lookIn } from './image-entries.ts';
import { noteOfPackages } from './note-of-packages.ts';
import type { Splitting } from './split-packages.ts';

/** In PKGDEST, where there are any: a line for each. */
const FILE = '.alternatives';

/** Gives the files of packages that are split the names that alternatives have, and writes down which those are. */
export function writeAlternatives({ fs, recipe, warn }: Splitting): void {
  const { data } = recipe;
  const top = data.get('PKGDEST') ?? '';
  const owners = new Map(
    splitWords(data.get('PACKAGES')).flatMap((name) =>
      imageEntries(fs, join(top, name)).map(({ path }) => [path, join(top, name)] as const),
    ),
  );
  const dirOf = (path: string): string | undefined => owners.get(rawPath(path).slice(1));
  const { alternatives, renamed, missing } = findAlternatives(recipe, (path) => {
    const dir = dirOf(path);
    return dir === undefined ? undefined : lookIn(fs, dir, path);
  });
  for (const [path, { to, link }] of renamed) {
    const dir = dirOf(path) ?? '';
    if (link === undefined) fs.renameSync(join(dir, path), join(dir, to));
    else {
      fs.symlinkSync(link, join(dir, to));
      fs.unlinkSync(join(dir, path));
    }
  }
  if (alternatives.length > 0) fs.writeFileSync(join(top, FILE), formatAlternatives(alternatives));
  for (const one of missing) warn(...missed(recipe, one));
}

/** Reads them from what do_package made. */
export function readAlternatives(objects: ObjectStore, tree: TreeId): readonly Alternative[] {
  return parseAlternatives(noteOfPackages(objects, tree, FILE));
}

function missed(
  { file }: LoadedRecipe,
  { package: one, name, target }: Alternative,
): [text: string, hints: readonly string[]] {
  return [
    `ALTERNATIVE:${one} has ${name}, but no package has ${target}: it is left out`,
    [`ALTERNATIVE_TARGET[${name}] = "…"   in ${file} says what it is`],
  ];
}
