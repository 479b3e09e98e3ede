import type { LoadedRecipe } from '../../layers/load-metadata.ts';
import type { RecipeShape } from '../../terms/task-graph.ts';
import { artifactDir } from './artifact-dir.ts';
import type { NativeName } from '../task/split-body.ts';
import { outlineOf, type TaskOutline } from './recipe-outline.ts';

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
        noexec: task.noexec === true,
        nostamp: task.nostamp === true,
        artifact,
        deployed: artifact && task.deployed !== undefined,
        readsArtifacts: isAnyOf(task, READ_ARTIFACTS),
        packaging: isAnyOf(task, PACKAGING),
        depends: task.depends ?? none,
        deptask: task.deptask ?? none,
        rdeptask: task.rdeptask ?? none,
        recrdeptask: task.recrdeptask ?? none,
      };
    }),
  };
}

const none: readonly string[] = [];

/** Whether varve does any of these itself in the task. */
function isAnyOf({ native = [] }: TaskOutline, names: ReadonlySet<NativeName>): boolean {
  return native.some((name) => names.has(name));
}
