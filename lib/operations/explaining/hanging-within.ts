import type { InputsOf } from '../../signatures/compare-states.ts';
import { taskId, type Signature } from '../../terms/ids.ts';
import { objectId } from '../../trees/object-id.ts';
import type { RecordedRecipe } from '../record/recorded-recipe.ts';

interface State {
  readonly recipe: Pick<RecordedRecipe, 'recipe' | 'inputIds'>;
  readonly signatures: ReadonlyMap<string, Signature>;
}

const AFTER = /^after "([^"\\]+)" = "([0-9a-f]{64})/gm;

/**
 * Makes the function that tells of a task whether its inputs differ between two states of its recipe in the signatures of tasks
 * before it alone, which differ too. It is given the earlier list; the id of the later one proves that, and neither is parsed.
 */
export function hangingWithin(
  before: State,
  after: State,
): (task: string, text: string | undefined) => InputsOf | undefined {
  const [old, now] = [before.recipe.inputIds(), after.recipe.inputIds()];
  const isOther = (task: string): boolean =>
    old.has(task) && now.has(task) && old.get(task) !== now.get(task);
  const laterOf = (task: string, was: string): Signature | undefined =>
    isOther(task) && before.signatures.get(task) === was ? after.signatures.get(task) : undefined;
  return (task, text) => {
    const was = before.signatures.get(task);
    if (was === undefined || text === undefined || !now.has(task)) return undefined;
    const on: string[] = [];
    const later = text.replaceAll(AFTER, (line: string, name: string, signature: string) => {
      const other = laterOf(name, signature);
      if (other === undefined || other === signature) return line;
      on.push(name);
      return line.replace(signature, other);
    });
    if (on.length === 0 || objectId('blob', Buffer.from(later)) !== now.get(task)) return undefined;
    return { before: [], after: [], was, hangsOn: on.map((name) => taskId(before.recipe.recipe, name)) };
  };
}
