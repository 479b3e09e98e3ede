import { join } from 'node:path';
import { formatLibraries } from '../../packages/shared-libraries.ts';
import type { FileSystem } from '../../ports/world.ts';
import { linkedFiles, offeredBy } from './linked-files.ts';
import { readPackages, type SplitPackages } from './read-packages.ts';

/** Where in a recipe's package data it says which libraries a package has: `<package>.list`. */
export const LIBRARIES_DIR = 'shlibs2';

/** Writes into PKGDESTWORK what packages of other recipes go by; nothing that they need not be written anew for. */
export function writePackagedata(fs: FileSystem, split: SplitPackages): void {
  const { recipe } = split.site;
  const dir = join(recipe.data.get('PKGDESTWORK') ?? '', LIBRARIES_DIR);
  for (const of of readPackages(split)) {
    const offered = offeredBy(recipe, of.name, linkedFiles(recipe, of));
    const text = formatLibraries(offered);
    if (text === '') continue;
    fs.mkdirSync(dir, { recursive: true });
    fs.writeFileSync(join(dir, `${offered[0]?.package ?? of.name}.list`), text);
  }
}
