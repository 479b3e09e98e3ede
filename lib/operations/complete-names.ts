import { arrangeTasks } from '../graph/arrange-tasks.ts';
import { recipeShapeOf } from '../execution/outline/recipe-shape-of.ts';
import { loadMetadata, type Metadata } from '../layers/load-metadata.ts';
import type { World } from '../ports/world.ts';
import { byCodeUnit } from '../terms/ids.ts';
import { VarveError } from '../terms/varve-error.ts';
import { openRecord } from './record/open-record.ts';

/** Names that a person may mean. */
export interface NamesOf {
  /** As their files are called; none of them is read. */
  recipes(): readonly string[];
  /** Of a recipe, without `do_`, in the order in which they run. */
  tasks(recipe: string): readonly string[];
  /** Newest first, then names. */
  builds(): readonly string[];
}

/** Lists names for whoever is typing: where something cannot be read, there are none. */
export function completeNames(world: World, buildDir: string | undefined): NamesOf {
  let loaded: Metadata | undefined;
  const metadata = (): Metadata =>
    (loaded ??= loadMetadata(world, { buildDir: buildDir ?? '', python: world.python, warn: () => {} }));
  const list = (find: () => readonly string[]): readonly string[] =>
    buildDir === undefined ? [] : readable(find);
  return {
    recipes: () =>
      list(() => [...new Set(metadata().recipeFiles.map(({ name }) => name))].toSorted(byCodeUnit)),
    tasks: (name) =>
      list(() => {
        const recipe = metadata().recipe(name);
        const shape = recipeShapeOf(recipe);
        metadata().keep();
        return arrangeTasks(shape.name, shape.tasks).order.map((task) => task.replace(/^do_/, ''));
      }),
    builds: () =>
      list(() => {
        const { builds } = openRecord(world, buildDir ?? '');
        const named = builds.flatMap(({ name }) => name ?? []);
        return [...builds.map(({ n }) => String(n)).toReversed(), 'ok', ...named.toReversed()];
      }),
  };
}

function readable(find: () => readonly string[]): readonly string[] {
  try {
    return find();
  } catch (error) {
    if (error instanceof VarveError) return [];
    throw error;
  }
}
