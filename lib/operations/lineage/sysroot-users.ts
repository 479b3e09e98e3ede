import type { RecordedBuild } from '../../history/recorded-build.ts';
import type { TheRecord } from '../record/open-record.ts';
import type { RecordedTask } from '../../execution/results/recorded-task.ts';
import type { RecordedRecipe } from '../record/recorded-recipe.ts';
import { type StagedArtifact, stagedArtifacts } from '../record/staged-artifacts.ts';

/** A recipe, and what its tasks found in their sysroots. */
export interface SysrootUser {
  readonly recipe: RecordedRecipe;
  /** In the order in which they run, only those that found anything. */
  readonly tasks: readonly { readonly task: RecordedTask; readonly artifacts: readonly StagedArtifact[] }[];
}

/** Lists the recipes of a build that had anything in their sysroots; who needs others comes after them. */
export function sysrootUsers(record: TheRecord, build: RecordedBuild): readonly SysrootUser[] {
  const users = record.recipes(build).map((recipe) => sysrootUse(recipe));
  // Sysroots have what is needed indirectly too, so who needs another one has more in it.
  const count = ({ tasks }: SysrootUser): number =>
    tasks.reduce((most, { artifacts }) => Math.max(most, artifacts.length), 0);
  return users.filter(({ tasks }) => tasks.length > 0).toSorted((a, b) => count(a) - count(b));
}

/** What the tasks of one recipe found. */
export function sysrootUse(recipe: RecordedRecipe): SysrootUser {
  const tasks = recipe
    .tasks()
    .map((task) => ({ task, artifacts: stagedArtifacts(recipe.inputs(task.task, 'artifact') ?? []) }))
    .filter(({ artifacts }) => artifacts.length > 0);
  return { recipe, tasks };
}

/** The first task that had an artifact in its sysroot, and what it had of it. */
export function stagingOf(
  { tasks }: SysrootUser,
  { recipe, id }: Pick<StagedArtifact, 'recipe' | 'id'>,
): { readonly task: RecordedTask; readonly artifact: StagedArtifact } | undefined {
  for (const { task, artifacts } of tasks) {
    const artifact = artifacts.find((each) => each.recipe === recipe && each.id === id);
    if (artifact !== undefined) return { task, artifact };
  }
  return undefined;
}
