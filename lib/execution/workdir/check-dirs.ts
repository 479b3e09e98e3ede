/** What varve empties and fills must be its own: a recipe may say where that is, and may say it wrongly. */
import { join, resolve } from 'node:path';
import type { LoadedRecipe } from '../../layers/load-metadata.ts';
import { placeOf } from '../../layers/place-of.ts';
import type { World } from '../../ports/world.ts';
import { historyOf, workdirMark, type Places } from '../../terms/places.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { isBelow } from '../../terms/is-below.ts';

/** Refuses a WORKDIR that holds what is not its recipe's, and D, T and sysroots that do not lie in it. */
export function checkDirs(world: World, places: Places, recipe: LoadedRecipe): void {
  const { workdir, d, t, sysroot, sysrootNative } = recipe.dirs;
  const { buildDir, tmpDir, downloadDir, historyDir, artifactDir } = places;
  for (const other of [buildDir, tmpDir, downloadDir, historyDir, artifactDir, recipe.layer.path]) {
    if (other === workdir || isBelow(other, workdir))
      throw refused(recipe, 'WORKDIR', `is ${workdir}, and ${other} is in it`);
  }
  const inside = { D: d, T: t, RECIPE_SYSROOT: sysroot, RECIPE_SYSROOT_NATIVE: sysrootNative };
  for (const [variable, path] of Object.entries(inside)) {
    if (!isBelow(path, workdir))
      throw refused(recipe, variable, `is ${path}, which is not below WORKDIR, ${workdir}`);
  }
  if (!isBelow(workdir, tmpDir) && !isOwn(world, places, recipe))
    throw refused(recipe, 'WORKDIR', `is ${workdir}, which holds what varve did not put there`);
}

function refused(recipe: LoadedRecipe, variable: string, what: string): VarveError {
  return new VarveError('metadata', `${variable} of ${recipe.name} ${what}`, {
    ...placeOf(recipe.data, variable),
    hints: [`varve env ${recipe.name} ${variable}   shows what made the value`],
  });
}

/** It is empty, or has the link to its history, or a task was cut off in it: then that link is away. */
function isOwn({ fs }: World, places: Places, recipe: LoadedRecipe): boolean {
  const { workdir } = recipe.dirs;
  if (!fs.existsSync(workdir) || fs.readdirSync(workdir).length === 0) return true;
  const gitDir = historyOf(places, recipe.packageArch, recipe.name);
  if (fs.existsSync(workdirMark(gitDir))) return true;
  const link = join(workdir, '.git');
  if (fs.lstatSync(link, { throwIfNoEntry: false })?.isFile() !== true) return false;
  return resolve(workdir, fs.readFileSync(link, 'utf8').replace(/^gitdir: |\n$/g, '')) === gitDir;
}
