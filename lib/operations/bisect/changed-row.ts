/** The inputs of a recipe that differ between two builds, as people speak of them: the row that mixtures are made of. */
import { compareInputs, type InputChange } from '../../signatures/compare-inputs.ts';
import { compareStates, type ChangedTasks } from '../../signatures/compare-states.ts';
import { explainTask, type Cause } from '../../signatures/explain-changes.ts';
import { nameChanges } from '../../signatures/name-change.ts';
import { taskId } from '../../terms/ids.ts';
import type { Input } from '../../terms/inputs.ts';

/** Inputs by task. */
export type Inputs = ReadonlyMap<string, readonly Input[]>;

/** One thing that changed: a variable, a file, or several that one text holds. */
export interface ChangedItem {
  /** As `why` shows them. */
  readonly causes: readonly Cause[];
  /** The inputs that it is; none where a task came or went. */
  readonly keys: ReadonlySet<string>;
}

export interface Sides {
  readonly good: Inputs;
  readonly bad: Inputs;
}

/** Lists what changed for a task of a recipe, in the order in which `why` tells it. */
export function changedRow(recipe: string, task: string, sides: Sides): readonly ChangedItem[] {
  const { causes } = explainTask(differing(recipe, sides), taskId(recipe, task));
  const groups: Group[] = [];
  const changes = changesOf(sides);
  const moved = new Set(
    changes.flatMap(([, change]) => (isSourceMoved(change) ? [bareOf(change.name)] : [])),
  );
  const isOtherVersion = moved.size > 0;
  const nameOf = (change: Named): string => nameIn(change, moved);
  for (const [name, change] of changes) {
    const names = new Set(nameChanges([change]).map(nameOf));
    if (isOtherVersion && change.name === 'PV') names.add('source');
    const met = groups.filter((group) => [...names].some((each) => group.names.has(each)));
    const group: Group = { names, keys: new Set([keyOf(name, change)]) };
    for (const other of met) {
      for (const each of other.names) group.names.add(each);
      for (const each of other.keys) group.keys.add(each);
      groups.splice(groups.indexOf(other), 1);
    }
    groups.push(group);
  }
  const told = groups.map(({ names, keys }) => ({
    keys,
    causes: causes.filter((cause) => names.has(nameOf(cause))),
  }));
  const place = ({ causes: [first] }: ChangedItem): number =>
    first === undefined ? -1 : causes.indexOf(first);
  const others = causes.filter((cause) => !told.some((item) => item.causes.includes(cause)));
  const apart = others.map((cause) => ({ keys: new Set<string>(), causes: [cause] }));
  // What is told of nowhere follows from the rest: the number of a patch.
  return [...told.filter((item) => item.causes.length > 0), ...apart].toSorted((a, b) => place(a) - place(b));
}

/** The inputs of a mixture: of the bad build those that `mixed` has, all others of the good one. */
export function mixInputs(
  { good, bad }: Sides,
  row: readonly ChangedItem[],
  mixed: readonly number[],
): Inputs {
  const fromBad = new Set(mixed.flatMap((index) => [...(row[index]?.keys ?? [])]));
  const known = new Set(row.flatMap(({ keys }) => [...keys]));
  const isWhole = mixed.length === row.length;
  const isTaken = (key: string, side: 'good' | 'bad'): boolean =>
    (known.has(key) ? fromBad.has(key) : isWhole) === (side === 'bad');
  return new Map(
    commonTasks({ good, bad }).map((task) => {
      const pick = (side: 'good' | 'bad', inputs: readonly Input[]): readonly Input[] =>
        inputs.filter((input) => input.kind !== 'after' && isTaken(keyOf(task, input), side));
      return [task, [...pick('good', good.get(task) ?? []), ...pick('bad', bad.get(task) ?? [])]];
    }),
  );
}

interface Group {
  readonly names: Set<string>;
  readonly keys: Set<string>;
}

/** Something else is fetched, not another content of it: its name has the version in it. */
function isSourceMoved({ kind, from, to }: InputChange): boolean {
  const [one] = [from, to].filter((value) => value !== undefined);
  return kind === 'source' && (from === undefined || to === undefined) && !one?.startsWith('patch ');
}

interface Named {
  readonly kind: string;
  readonly name: string;
  readonly from?: string | undefined;
}

/**
 * How a change is told apart from others; do_unpack says of a source also how it is unpacked. What is fetched instead of
 * something else, and the order of patches, change together.
 */
function nameIn({ kind, name, from }: Named, moved: ReadonlySet<string>): string {
  const bare = kind === 'source' || kind === 'file' ? bareOf(name) : name;
  const isTogether = kind === 'source' && (moved.has(bare) || from?.startsWith('patch ') === true);
  return isTogether ? kind : `${kind} ${bare}`;
}

const bareOf = (name: string): string => name.replace(/;.*/s, '');

/** Names an input of a task. */
export const keyOf = (task: string, { kind, name }: Pick<Input, 'kind' | 'name'>): string =>
  `${task}\0${kind}\0${name}`;

const commonTasks = ({ good, bad }: Sides): readonly string[] =>
  [...good.keys()].filter((task) => bad.has(task));

function changesOf(sides: Sides): readonly (readonly [task: string, change: InputChange])[] {
  return commonTasks(sides).flatMap((task) =>
    compareInputs(sides.good.get(task) ?? [], sides.bad.get(task) ?? [])
      .filter(({ kind }) => kind !== 'after')
      .map((change) => [task, change] as const),
  );
}

function differing(recipe: string, { good, bad }: Sides): ChangedTasks {
  const tasks = [...new Set([...good.keys(), ...bad.keys()])];
  const differ = new Map(
    tasks.flatMap((task) => {
      const inputs = { before: good.get(task), after: bad.get(task) };
      const isSame =
        inputs.before !== undefined &&
        inputs.after !== undefined &&
        compareInputs(inputs.before, inputs.after).length === 0;
      return isSame ? [] : [[taskId(recipe, task), inputs] as const];
    }),
  );
  return compareStates(differ);
}
