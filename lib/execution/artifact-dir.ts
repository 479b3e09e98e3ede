import { relative } from 'node:path';
import { installTask } from '../graph/arrange-tasks.ts';
import type { LoadedRecipe } from '../layers/load-metadata.ts';
import { VarveError } from '../terms/varve-error.ts';

/**
 * Finds the directory whose content is a task's artifact, relative to WORKDIR: D for do_install, `[artifact]` for
 * others. Undefined: other recipes know the task by what comes before it.
 */
export function artifactDir(recipe: LoadedRecipe, task: string): string | undefined {
  const { workdir, d } = recipe.dirs;
  if (task === installTask) return relative(workdir, d);
  const path = recipe.data.flag(task, 'artifact')?.trim() ?? '';
  if (path === '') return undefined;
  const below = relative(workdir, path);
  if (path.startsWith('/') && below !== '' && !below.startsWith('..')) return below;
  const origin = recipe.data.origins(task).findLast(({ flag }) => flag === 'artifact');
  throw new VarveError(
    'metadata',
    `${recipe.name}:${task}[artifact] is ${path}, which is not below WORKDIR`,
    {
      place: origin === undefined ? { file: recipe.file } : { file: origin.file, line: origin.line },
      hints: [
        `Let the task write below \${WORKDIR}, and name that directory: ${task}[artifact] = "\${WORKDIR}/deploy"`,
      ],
    },
  );
}
