/** The tasks whose inputs differ between two builds. */
import type { World } from '../../ports/world.ts';
import type { ChangedTasks, InputsOf } from '../../signatures/compare-states.ts';
import { followChanges } from '../../signatures/follow-changes.ts';
import { inputsReader } from '../../signatures/inputs-text.ts';
import { byCodeUnit, taskId, type Signature, type TaskId } from '../../terms/ids.ts';
import type { Input } from '../../terms/inputs.ts';
import type { Places } from '../../terms/places.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { enterRecord, recordAt, type BuildOf } from '../record/open-record.ts';
import type { RecordedRecipe } from '../record/recorded-recipe.ts';
import { hangingWithin } from './hanging-within.ts';
import { findChanges, keepChanges } from './kept-changes.ts';
import { stateFinder } from './state-finder.ts';

export interface ChangedInputs {
  /** By recipe, and in each in the order in which its tasks run, as far as none hangs on another. */
  readonly changed: ChangedTasks;
  /** Recipes that one of the builds does not have. */
  readonly appeared: readonly string[];
  readonly gone: readonly string[];
}

interface Sides {
  readonly from: BuildOf;
  readonly to: BuildOf;
}

/** Compares the inputs of all tasks of two builds, where that was not kept; reads only what differs. */
export function changedInputs(sides: Sides): ChangedInputs {
  const { from, to } = sides;
  const kept = from.record === to.record ? findChanges(from.record, [from.build, to.build]) : undefined;
  return kept ?? compareBuilds(sides);
}

/** Keeps what a build changed, for who asks why. Saves time only: of a damaged record nothing is kept. */
export function keepChangedInputs(world: World, places: Places, n: number): void {
  const release = enterRecord(world, places);
  try {
    const record = recordAt(world, places);
    const to = record.builds.find((build) => build.n === n);
    const from = record.builds.findLast((build) => build.n < n);
    if (from === undefined || to === undefined) return;
    const changes = compareBuilds({ from: { record, build: from }, to: { record, build: to } });
    keepChanges(record, [from, to], changes);
  } catch (error) {
    if (!(error instanceof VarveError)) throw error;
  } finally {
    release();
  }
}

function compareBuilds({ from, to }: Sides): ChangedInputs {
  const old = byName(from.record.recipes(from.build));
  const now = byName(to.record.recipes(to.build));
  const changed = new Map<TaskId, InputsOf>();
  const read = inputsReader();
  for (const [name, recipe] of now) {
    const before = old.get(name);
    if (before === undefined || before.oid === recipe.oid) continue;
    for (const [task, inputs] of changedTasks(before, recipe, read)) {
      // Of another record nothing was carried forward: a task that is not there may not have been reached.
      const isUnreached = inputs.after === undefined && from.record !== to.record;
      if (!isUnreached) changed.set(taskId(recipe.recipe, task), inputs);
    }
  }
  const only = (
    these: ReadonlyMap<string, RecordedRecipe>,
    those: ReadonlyMap<string, RecordedRecipe>,
  ): readonly string[] => [...these].filter(([name]) => !those.has(name)).map(([, { recipe }]) => recipe);
  const find = { before: stateFinder(from), after: stateFinder(to) };
  return { changed: followChanges(changed, find), appeared: only(now, old), gone: only(old, now) };
}

/** By signature: a statement that only moved to another line is no change. */
function changedTasks(
  before: RecordedRecipe,
  after: RecordedRecipe,
  read: (text: string) => readonly Input[],
): readonly (readonly [string, InputsOf])[] {
  const [old, now] = [signatures(before), signatures(after)];
  const order = [...now.keys(), ...[...old.keys()].filter((task) => !now.has(task)).sort(byCodeUnit)];
  const hanging = hangingWithin({ recipe: before, signatures: old }, { recipe: after, signatures: now });
  const inputs = (text: string | undefined): readonly Input[] | undefined =>
    text === undefined ? undefined : read(text);
  return order
    .filter((task) => old.get(task) !== now.get(task))
    .map((task) => {
      const text = before.inputsText(task);
      const both = (): InputsOf => ({
        before: inputs(text),
        after: inputs(after.inputsText(task)),
        was: old.get(task),
      });
      return [task, hanging(task, text) ?? both()];
    });
}

/** In the order in which the tasks run. */
export function signatures(recipe: RecordedRecipe): ReadonlyMap<string, Signature> {
  return new Map(recipe.tasks().map(({ task, signature }) => [task, signature]));
}

function byName(recipes: readonly RecordedRecipe[]): ReadonlyMap<string, RecordedRecipe> {
  return new Map(recipes.map((recipe) => [`${recipe.arch}/${recipe.recipe}`, recipe]));
}
