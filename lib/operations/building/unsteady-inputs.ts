/** Compares two readings of one recipe: what comes out otherwise although nothing was written between them. */
import { ownInputsOf } from '../../execution/outline/recipe-outline.ts';
import type { Datastore } from '../../language/datastore.ts';
import type { LoadedRecipe } from '../../layers/load-metadata.ts';
import { splitWords } from '../../layers/split-words.ts';
import { compareInputs } from '../../signatures/compare-inputs.ts';
import type { Unsteady } from '../../terms/events.ts';
import { taskId } from '../../terms/ids.ts';
import type { Input } from '../../terms/inputs.ts';

/** Finds what tasks of a recipe were signed with, or use, that has another value in `again`; each name once. */
export function unsteadyInputs(
  recipe: LoadedRecipe,
  again: LoadedRecipe,
  tasks: readonly string[],
): readonly Unsteady[] {
  const found = new Map<string, Unsteady>();
  const used = new Map<string, Differing | undefined>();
  for (const task of tasks.filter((name) => again.tasks.some((one) => one.name === name))) {
    const inputs = ownInputsOf(recipe, task);
    const fresh = inputs.filter((input) => !used.has(input.name));
    for (const { name } of fresh) used.set(name, undefined);
    for (const each of differingValues([recipe.data, again.data], task, fresh)) used.set(each.name, each);
    const differing = [
      ...inputs.flatMap(({ name }) => used.get(name) ?? []),
      ...differingTexts(inputs, ownInputsOf(again, task)),
    ];
    for (const each of new Map(differing.map((one) => [one.name, one])).values()) {
      const before = found.get(each.name) ?? {
        event: 'unsteady',
        ...each,
        task: taskId(recipe.name, task),
        tasks: 0,
      };
      found.set(each.name, { ...before, tasks: before.tasks + 1 });
    }
  }
  return [...found.values()];
}

type Differing = Pick<Unsteady, 'kind' | 'name' | 'at' | 'values' | 'signed'>;

function differingTexts(before: readonly Input[], after: readonly Input[]): readonly Differing[] {
  return compareInputs(before, after).map(({ kind, name, at, from = '', to = '' }) => ({
    kind,
    name,
    ...(at === undefined ? {} : { at }),
    values: [from, to],
    signed: true,
  }));
}

/** Texts enter signatures as they are written: what their Python answers may differ all the same. */
function differingValues(
  [first, second]: readonly [Datastore, Datastore],
  task: string,
  inputs: readonly Input[],
): readonly Differing[] {
  const asking = inputs.filter(({ name, value }) => value.includes('${@') && !isFixed(first, name));
  if (asking.length === 0) return [];
  // Both anew, at one time: what a task made may be there now.
  const [one, other] = [first.withTask(task), second.withTask(task)];
  for (const name of excludedNames(one, inputs)) {
    const value = one.get(name);
    if (value !== undefined && other.get(name) !== value) other.set(name, value);
  }
  return asking.flatMap(({ kind, name, at }): readonly Differing[] => {
    const values = [valueOf(one, name), valueOf(other, name)] as const;
    if (values[0] === values[1]) return [];
    return [{ kind, name, ...(at === undefined ? {} : { at }), values, signed: false }];
  });
}

/** What Python functions hold is not expanded, and another text may be said to stand for a value. */
const isFixed = (data: Datastore, name: string): boolean =>
  (data.rawFlag(name, 'python') ?? '') !== '' || data.flag(name, 'vardepvalue') !== undefined;

/** What is said not to count, the time in a name for instance. */
function excludedNames(data: Datastore, inputs: readonly Input[]): ReadonlySet<string> {
  return new Set([
    ...splitWords(data.get('BB_BASEHASH_IGNORE_VARS')),
    ...inputs.flatMap(({ name }) => splitWords(data.flag(name, 'vardepsexclude'))),
  ]);
}

function valueOf(data: Datastore, name: string): string {
  const flag = /^(.*)\[([^[\]]*)\]$/s.exec(name);
  return (flag === null ? data.get(name) : data.flag(flag[1] ?? '', flag[2] ?? '')) ?? '';
}
