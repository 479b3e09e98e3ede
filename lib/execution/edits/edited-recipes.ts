import { taskId } from '../../terms/ids.ts';
import type { BuildContext } from '../build-context.ts';

/** The recipes of the build that have a result with a person's edits in it, by name. */
export function editedRecipes({ graph, edits, known, signer }: BuildContext): readonly string[] {
  const named = (recipe: string): boolean =>
    (graph.arrangements.get(recipe)?.order ?? [])
      .map((task) => taskId(recipe, task))
      .filter((id) => known.signature(id) !== undefined)
      .some((id) => signer.inputs(id).some(({ kind }) => kind === 'edited'));
  return [...graph.recipes.keys()]
    .filter((recipe) => edits.get(recipe) !== undefined && named(recipe))
    .toSorted();
}
