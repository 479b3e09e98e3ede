/** After a build: reads what ran once more, and tells of metadata that is not the same each time. */
import { configurationKey } from '../../layers/configuration-key.ts';
import { loadMetadata, type LoadedRecipe, type Metadata } from '../../layers/load-metadata.ts';
import type { World } from '../../ports/world.ts';
import type { Unsteady } from '../../terms/events.ts';
import { splitTaskId } from '../../terms/ids.ts';
import { VarveError } from '../../terms/varve-error.ts';
import type { Session } from './build-session.ts';
import { unsteadyInputs } from './unsteady-inputs.ts';

/**
 * Tells of inputs of the tasks that ran which come out otherwise when metadata is read a second time. Only Python can
 * answer one thing now and another then, so where it had no part nothing is read.
 */
export function tellUnsteady(world: World, { metadata, tally, interrupt }: Session): void {
  const ran = tally.ran().map(splitTaskId);
  const recipes = [...new Set(ran.map(({ recipe }) => recipe))].map((name) => metadata.recipe(name));
  const suspects = recipes.filter((recipe) => recipe.usedPython());
  const reason = suspects.length > 0 || (metadata.configuredByPython && recipes.length > 0);
  if (!reason || interrupt.aborted) return;
  const again = readAgain(world, metadata);
  const isConfiguredAlike =
    again === undefined ||
    configurationKey(world.program, metadata.config) === configurationKey(world.program, again.config);
  const found = (isConfiguredAlike ? suspects : recipes).map((recipe) =>
    unlessWrong(() => {
      const second = again === undefined ? undefined : recipeAgain(metadata, again, recipe);
      const tasks = ran.filter((one) => one.recipe === recipe.name).map(({ task }) => task);
      return second === undefined ? [] : unsteadyInputs(recipe, second, tasks);
    }),
  );
  for (const unsteady of eachOnce(found.flatMap((some) => some ?? []))) tally.emit(unsteady);
}

function readAgain(world: World, { places }: Metadata): Metadata | undefined {
  const { pythonLater: python } = world;
  return unlessWrong(() => loadMetadata(world, { buildDir: places.buildDir, python, warn: () => {} }));
}

/** The recipe, read a second time; undefined where texts that it was read from are others now. */
function recipeAgain(first: Metadata, again: Metadata, { name }: LoadedRecipe): LoadedRecipe | undefined {
  const recipe = again.recipe(name);
  const [before, now] = [first.config.environment.source, again.config.environment.source];
  return again.files().every((file) => before.read(file) === now.read(file)) ? recipe : undefined;
}

/** What is wrong now and was not is the next build's to tell. */
function unlessWrong<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof VarveError) return undefined;
    throw error;
  }
}

/** What many recipes have from one line is told once. */
function eachOnce(found: readonly Unsteady[]): readonly Unsteady[] {
  const told = new Map<string, Unsteady>();
  for (const each of found) {
    const key = `${each.name} ${each.at}`;
    const before = told.get(key);
    told.set(key, before === undefined ? each : { ...before, tasks: before.tasks + each.tasks });
  }
  return [...told.values()];
}
