import { normalize, relative } from 'node:path';
import type { LoadedRecipe } from '../../layers/load-metadata.ts';
import { isBelow } from '../../terms/is-below.ts';
import { sharedPlaces, type Places, type SharedDir } from '../../terms/places.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { taskOutlineOf } from './recipe-outline.ts';

/** Where the files of a task's artifact come to lie, for people and for what comes after the build. */
export interface DeployedTo {
  readonly dir: SharedDir;
  /** Relative to it; '' is the directory itself. */
  readonly at: string;
}

/** Finds where a task's artifact is deployed (`[deployed]`); undefined: nowhere. */
export function deployedTo(places: Places, recipe: LoadedRecipe, task: string): DeployedTo | undefined {
  const { deployed, places: set } = taskOutlineOf(recipe, task);
  if (deployed === undefined) return undefined;
  const path = normalize(deployed);
  const [found] = sharedPlaces(places)
    .filter(({ dir }) => path === dir || isBelow(path, dir))
    // One may lie in the other.
    .toSorted((a, b) => b.dir.length - a.dir.length);
  if (found !== undefined) return { dir: found.name, at: relative(found.dir, path) };
  throw new VarveError(
    'metadata',
    `${recipe.name}:${task}[deployed] is ${path}, which is neither in DEPLOY_DIR nor in PKGDATA_DIR`,
    {
      place: set?.deployed ?? { file: recipe.file },
      hints: [`${task}[deployed] = "\${DEPLOY_DIR}/${task.replace(/^do_/, '')}"`],
    },
  );
}
