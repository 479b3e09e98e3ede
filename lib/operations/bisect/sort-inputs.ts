import type { World } from '../../ports/world.ts';
import type { Cause } from '../../signatures/explain-changes.ts';
import { VarveError } from '../../terms/varve-error.ts';
import { type ChangedItem, keyOf, mixInputs, type Sides } from './changed-row.ts';
import { type Mixing, strayInputs } from './mixing.ts';

export interface Sorted {
  /** What mixtures are made of. */
  readonly row: readonly ChangedItem[];
  /** What cannot be as it was in both builds. */
  readonly unmixed: readonly Cause[];
  /** The builds that a mixture of all of one side would be just like. */
  readonly known: { readonly good: boolean; readonly bad: boolean };
  /** With the inputs that can be asked for. */
  readonly mixing: Mixing;
}

/** Sorts out of what changed that of which mixtures can be made, with the layers as they are now. */
export async function sortInputs(
  world: World,
  whole: Mixing,
  changed: readonly ChangedItem[],
): Promise<Sorted> {
  const first = await straysOf(world, whole, changed);
  const unplanned = first instanceof VarveError ? await findUnplanned(world, whole, changed) : [];
  const mixing = { ...whole, sides: without(whole.sides, unplanned) };
  const planned = changed.filter((item) => !unplanned.includes(item));
  const strays = unplanned.length === 0 ? first : await straysOf(world, mixing, planned);
  if (strays instanceof VarveError) throw strays;
  const { good, bad } = strays;
  const isMixed = ({ keys }: ChangedItem): boolean =>
    keys.size > 0 && ![...keys].some((key) => good.has(key) || bad.has(key));
  const row = planned.filter(isMixed);
  const isWhole = unplanned.length === 0 && changed.every(({ keys }) => keys.size > 0);
  return {
    row,
    unmixed: changed.filter((item) => !row.includes(item)).flatMap(({ causes }) => causes),
    known: { good: isWhole && good.size === 0, bad: isWhole && bad.size === 0 },
    mixing,
  };
}

/** What would not be as it was wanted in a mixture of all of one side. */
interface Strays {
  readonly good: ReadonlySet<string>;
  readonly bad: ReadonlySet<string>;
}

/** Finds that for both sides; the error where there is no plan at all with one of them. */
async function straysOf(
  world: World,
  mixing: Mixing,
  row: readonly ChangedItem[],
): Promise<Strays | VarveError> {
  const stray = (mixed: readonly number[]): Promise<ReadonlySet<string>> =>
    strayInputs(world, mixing, mixInputs(mixing.sides, row, mixed));
  try {
    return { good: await stray([]), bad: await stray(row.map((_, index) => index)) };
  } catch (error) {
    if (error instanceof VarveError) return error;
    throw error;
  }
}

/** What names something that is not there any more, a recipe of before: with it there is no plan. */
async function findUnplanned(
  world: World,
  whole: Mixing,
  changed: readonly ChangedItem[],
): Promise<readonly ChangedItem[]> {
  const found: ChangedItem[] = [];
  for (const item of changed) {
    const others = changed.filter((other) => other !== item);
    const alone = { ...whole, sides: without(whole.sides, others) };
    if ((await straysOf(world, alone, [item])) instanceof VarveError) found.push(item);
  }
  return found;
}

/** The sides without what is left as it is now. */
function without({ good, bad }: Sides, left: readonly ChangedItem[]): Sides {
  const keys = new Set(left.flatMap((item) => [...item.keys]));
  const [one, other] = [good, bad].map(
    (side) =>
      new Map(
        [...side].map(([task, inputs]) => [task, inputs.filter((input) => !keys.has(keyOf(task, input)))]),
      ),
  );
  return { good: one ?? good, bad: other ?? bad };
}
