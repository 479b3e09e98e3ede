import { relative } from 'node:path';
import { installTask } from '../../graph/arrange-tasks.ts';
import type { LoadedRecipe } from '../../layers/load-metadata.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { taskOutlineOf } from './recipe-outline.ts';

/**
 * Finds the directory whose content is a task's artifact, relative to WORKDIR: D for do_install, `[artifact]` for
 * others. Undefined: other recipes know the task by what comes before it.
 */
export function artifactDir(recipe: LoadedRecipe, task: string): string | undefined {
  const { workdir, d } = recipe.dirs;
  if (task === installTask) return relative(workdir, d);
  const { artifact: path, places } = taskOutlineOf(recipe, task);
  if (path === undefined) return undefined;
  const below = relative(workdir, path);
  if (path.startsWith('/') && below !== '' && !below.startsWith('..')) return below;
  throw new VarveError(
    'metadata',
    `${recipe.name}:${task}[artifact] is ${path}, which is not below WORKDIR`,
    {
      place: places?.artifact ?? { file: recipe.file },
      hints: [
        `Let the task write below \${WORKDIR}, and name that directory: ${task}[artifact] = "\${WORKDIR}/deploy"`,
      ],
    },
  );
}
