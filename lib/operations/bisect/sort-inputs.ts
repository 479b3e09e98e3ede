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
  const unplanned = await findUnplanned(world, whole, changed);
  const mixing = { ...whole, sides: without(whole.sides, unplanned) };
  const planned = changed.filter((item) => !unplanned.includes(item));
  const stray = async (mixed: readonly number[]): Promise<ReadonlySet<string>> =>
    strayInputs(world, mixing, mixInputs(mixing.sides, planned, mixed));
  const good = await stray([]);
  const bad = await stray(planned.map((_, index) => index));
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

/** What names something that is not there any more, a recipe of before: with it there is no plan at all. */
async function findUnplanned(
  world: World,
  mixing: Mixing,
  changed: readonly ChangedItem[],
): Promise<readonly ChangedItem[]> {
  const arePlanned = async (sides: Sides, row: readonly ChangedItem[]): Promise<boolean> => {
    for (const mixed of [[], row.map((_, index) => index)]) {
      try {
        await strayInputs(world, mixing, mixInputs(sides, row, mixed));
      } catch (error) {
        if (!(error instanceof VarveError)) throw error;
        return false;
      }
    }
    return true;
  };
  if (await arePlanned(mixing.sides, changed)) return [];
  const found: ChangedItem[] = [];
  for (const item of changed) {
    const others = changed.filter((other) => other !== item);
    if (!(await arePlanned(without(mixing.sides, others), [item]))) found.push(item);
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
