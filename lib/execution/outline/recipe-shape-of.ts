import type { LoadedRecipe } from '../../layers/load-metadata.ts';
import type { RecipeShape } from '../../terms/task-graph.ts';
import { artifactDir } from './artifact-dir.ts';
import type { NativeName } from '../task/split-body.ts';
import { outlineOf } from './recipe-outline.ts';

const READ_ARTIFACTS: ReadonlySet<NativeName> = new Set([
  'write_packagedata',
  'write_debs',
  'write_rpms',
  'write_image',
]);
const PACKAGING: ReadonlySet<NativeName> = new Set(['split_packages', ...READ_ARTIFACTS]);

/** Says of a recipe what the task graph needs to know. */
export function recipeShapeOf(recipe: LoadedRecipe): RecipeShape {
  const { name, native, depends, rdepends } = recipe;
  const after = new Map(recipe.tasks.map((task) => [task.name, task.deps]));
  return {
    name,
    native,
    depends,
    rdepends,
    tasks: outlineOf(recipe).tasks.map((task) => {
      const artifact = !task.noexec && artifactDir(recipe, task.name) !== undefined;
      return {
        name: task.name,
        after: after.get(task.name) ?? [],
        noexec: task.noexec,
        nostamp: task.nostamp,
        artifact,
        deployed: artifact && task.deployed !== '',
        readsArtifacts: task.native.some((name) => READ_ARTIFACTS.has(name)),
        packaging: task.native.some((name) => PACKAGING.has(name)),
        depends: task.depends,
        deptask: task.deptask,
        rdeptask: task.rdeptask,
        recrdeptask: task.recrdeptask,
      };
    }),
  };
}
