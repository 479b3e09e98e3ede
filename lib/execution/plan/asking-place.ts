import type { LoadedRecipe } from '../../layers/load-metadata.ts';
import type { Input } from '../../terms/inputs.ts';
import type { TaskNode } from '../../terms/task-graph.ts';
import { outlineOf, taskOutlineOf } from '../outline/recipe-outline.ts';

/** Where the recipe of a task asks for another one, by whatever name. */
export type AskingPlace = (node: TaskNode, needed: string) => Pick<Input, 'at'>;

/** Makes the function that finds the place, `file:line`. */
export function createAskingPlace(recipe: (name: string) => LoadedRecipe): AskingPlace {
  const places = new Map<string, ReadonlyMap<string, string>>();
  return (node, needed) => {
    const asking = recipe(node.recipe);
    const own = places.get(node.recipe) ?? new Map(outlineOf(asking).dependencyPlaces);
    places.set(node.recipe, own);
    const name = recipe(needed).provides.find((provided) => own.has(provided));
    const at = name === undefined ? flagPlace(asking, node.shape.name, needed) : own.get(name);
    return at === undefined ? {} : { at };
  };
}

function flagPlace(recipe: LoadedRecipe, task: string, needed: string): string | undefined {
  const { depends = [], places } = taskOutlineOf(recipe, task);
  const place = depends.some((word) => word.startsWith(`${needed}:`)) ? places?.depends : undefined;
  return place === undefined ? undefined : `${place.file}:${place.line}`;
}
