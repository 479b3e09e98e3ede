import { join } from 'node:path';
import { forbiddenPackages } from '../../language/heed-forbidden-licenses.ts';
import type { SharedLibrary } from '../../packages/shared-libraries.ts';
import type { FileSystem } from '../../ports/world.ts';
import { VarveError } from '../../terms/varve-error.ts';
import type { Site } from '../workdir/site.ts';
import { findLibraries } from './find-libraries.ts';
import { foreignOwners } from './foreign-owners.ts';
import { readAlternatives } from './name-alternatives.ts';
import { readUnits } from './name-units.ts';
import type { PackageForm } from './package-form.ts';
import { callsOf, ownerNames } from './recipe-accounts.ts';
import { readPackages, type SplitPackages } from './read-packages.ts';

export interface PackageWriting extends SplitPackages {
  readonly fs: FileSystem;
  /** The libraries of the packages of other recipes. */
  readonly offered: readonly SharedLibrary[];
  readonly warn: (text: string, hints: readonly string[]) => void;
}

/** Writes a file for each package of a recipe. */
export function writePackages(form: PackageForm, { fs, site, tree, offered, warn }: PackageWriting): void {
  const { recipe, epoch: time } = site;
  const packages = readPackages({ site, tree });
  const present = packages.filter(({ entries }) => entries.length > 0);
  const forbidden = forbiddenPackages(recipe.data);
  // Who needs what is forbidden still does, and an image tells.
  const absent = new Set(
    packages.filter((one) => !present.includes(one) && !forbidden.has(one.name)).map(({ name }) => name),
  );
  const linkedTo = findLibraries({ recipe, packages: present, offered, warn });
  const alternatives = readAlternatives(site.history().objects, tree);
  const units = readUnits(site.history().objects, tree);
  const [accounts, owners] = [callsOf(recipe), ownerNames(recipe)];
  const written = new Map<string, string>();
  for (const split of present) {
    const { name } = split;
    const of = {
      ...split,
      recipe,
      absent,
      time,
      needs: linkedTo.get(name) ?? [],
      alternatives: alternatives.filter((one) => one.package === name),
      accounts: accounts.filter((one) => one.package === name),
      owners,
      units: units.filter((one) => one.package === name),
    };
    const file = form.file(of);
    const other = written.get(file);
    if (other !== undefined) throw oneFile(site, file, [other, name]);
    written.set(file, name);
    form.write(fs, join(recipe.data.get(form.to) ?? '', file), of);
    for (const { text, hints } of [...form.lost(of), ...foreignOwners(of, accounts)]) warn(text, hints);
  }
}

function oneFile({ recipe }: Site, file: string, [one, other]: readonly [string, string]): VarveError {
  return new VarveError('metadata', `${one} and ${other} of ${recipe.name} would both be ${file}`, {
    place: { file: recipe.file },
    hints: [`PKG:${other} = "…"   in the recipe gives one of them another name`],
  });
}
