import type { LoadedRecipe } from '../layers/load-metadata.ts';
import type { RecipeShape, TaskShape } from '../terms/task-graph.ts';
import { artifactDir } from './artifact-dir.ts';

/** Flags of a task that mean something to varve; any other is warned of. */
export const knownTaskFlags: ReadonlySet<string> = new Set([
  'artifact',
  'cleandirs',
  'depends',
  'deps',
  'deptask',
  'dirs',
  'doc',
  'export',
  'fakeroot',
  'file-checksums',
  'filename',
  'func',
  'lineno',
  'lockfiles',
  'network',
  'noexec',
  'nostamp',
  'number_threads',
  'postfuncs',
  'prefuncs',
  'progress',
  'python',
  'rdepends',
  'rdeptask',
  'recideptask',
  'recrdeptask',
  'sstate-inputdirs',
  'sstate-outputdirs',
  'sstate-plaindirs',
  'stamp-extra-info',
  'task',
  'umask',
  'unexport',
  'vardeps',
  'vardepsexclude',
  'vardepvalue',
  'vardepvalueexclude',
]);

/** Reads the outline of a recipe that the task graph needs. */
export function recipeShapeOf(recipe: LoadedRecipe): RecipeShape {
  const assumed = new Set((recipe.data.get('ASSUME_PROVIDED') ?? '').split(/\s+/));
  return {
    name: recipe.name,
    native: recipe.native,
    depends: recipe.depends.filter((name) => !assumed.has(name)),
    rdepends: recipe.rdepends,
    tasks: recipe.tasks.map((task) => taskShape(recipe, task)),
  };
}

function taskShape(
  recipe: LoadedRecipe,
  task: { readonly name: string; readonly deps: readonly string[] },
): TaskShape {
  const flag = (name: string): string => recipe.data.flag(task.name, name) ?? '';
  const words = (name: string): readonly string[] =>
    flag(name)
      .split(/\s+/)
      .filter((word) => word !== '');
  return {
    name: task.name,
    after: task.deps,
    noexec: isSet(flag('noexec')),
    nostamp: isSet(flag('nostamp')),
    artifact: artifactDir(recipe, task.name) !== undefined,
    depends: [...words('depends'), ...words('rdepends')],
    deptask: words('deptask'),
    rdeptask: words('rdeptask'),
    recrdeptask: words('recrdeptask'),
  };
}

/** As BitBake reads such flags: any text but nothing and "0" means yes. */
export function isSet(flag: string | undefined): boolean {
  return flag !== undefined && flag !== '' && flag !== '0';
}
