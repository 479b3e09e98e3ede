/** The tasks whose inputs differ between two builds. */
import type { InputsOf } from '../signatures/explain-changes.ts';
import { byCodeUnit, taskId, type TaskId } from '../terms/ids.ts';
import type { RecordedBuild, TheRecord } from './open-record.ts';
import type { RecordedRecipe } from './recorded-recipe.ts';

export interface ChangedInputs {
  /** By recipe, and in each in the order in which its tasks run. */
  readonly changed: ReadonlyMap<TaskId, InputsOf>;
  /** Recipes that one of the builds does not have. */
  readonly appeared: readonly string[];
  readonly gone: readonly string[];
}

/** Compares the inputs of all tasks of two builds; reads only what differs. */
export function changedInputs(
  record: TheRecord,
  builds: { readonly from: RecordedBuild; readonly to: RecordedBuild },
): ChangedInputs {
  const old = byName(record.recipes(builds.from));
  const now = byName(record.recipes(builds.to));
  const changed = new Map<TaskId, InputsOf>();
  for (const [name, recipe] of now) {
    const before = old.get(name);
    if (before === undefined || before.oid === recipe.oid) continue;
    for (const [task, inputs] of changedTasks(before, recipe))
      changed.set(taskId(recipe.recipe, task), inputs);
  }
  const only = (
    these: ReadonlyMap<string, RecordedRecipe>,
    those: ReadonlyMap<string, RecordedRecipe>,
  ): readonly string[] => [...these].filter(([name]) => !those.has(name)).map(([, { recipe }]) => recipe);
  return { changed, appeared: only(now, old), gone: only(old, now) };
}

function changedTasks(
  before: RecordedRecipe,
  after: RecordedRecipe,
): readonly (readonly [string, InputsOf])[] {
  const [old, now] = [before.inputIds(), after.inputIds()];
  const order = [...after.tasks(), ...before.tasks()].map(({ task }) => task);
  const place = (task: string): number => (order.includes(task) ? order.indexOf(task) : order.length);
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((task) => old.get(task) !== now.get(task))
    .sort((a, b) => place(a) - place(b) || byCodeUnit(a, b))
    .map((task) => [task, { before: before.inputs(task), after: after.inputs(task) }] as const);
}

function byName(recipes: readonly RecordedRecipe[]): ReadonlyMap<string, RecordedRecipe> {
  return new Map(recipes.map((recipe) => [`${recipe.arch}/${recipe.recipe}`, recipe]));
}
