import { signatureIn } from '../../signatures/after-input.ts';
import type { FindState } from '../../signatures/follow-changes.ts';
import { splitTaskId } from '../../terms/ids.ts';
import type { BuildOf, TheRecord } from '../record/open-record.ts';
import type { RecordedRecipe } from '../record/recorded-recipe.ts';

/** Makes the function that finds what a task was made from, in the newest build up to `last` in which it stood so. */
export function stateFinder({ record, build: last }: BuildOf): FindState {
  const builds = record.builds.filter(({ n }) => n <= last.n).toReversed();
  return (id, { kind, value }) => {
    const { recipe: name, task } = splitTaskId(id);
    for (const build of builds) {
      for (const recipe of record.recipes(build, { recipe: name })) {
        if (!standsAs(record, recipe, { task, kind, value })) continue;
        const inputs = recipe.inputs(task);
        if (inputs !== undefined) return inputs;
      }
    }
    return undefined;
  };
}

function standsAs(
  record: TheRecord,
  recipe: RecordedRecipe,
  { task, kind, value }: { readonly task: string; readonly kind: string; readonly value: string },
): boolean {
  const own = recipe.task(task);
  if (kind === 'after') return own?.signature === signatureIn(value);
  // The id may be followed by what of the artifact is staged.
  if (recipe.artifact()?.id === value.split(' ')[0]) return true;
  const objects = record.history(recipe.arch, recipe.recipe)?.objects;
  return (
    own?.commit !== undefined &&
    objects?.has(own.commit) === true &&
    objects.readCommit(own.commit).tree === value
  );
}
