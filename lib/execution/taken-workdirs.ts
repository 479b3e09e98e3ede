import { groupBy } from '../terms/group-by.ts';
import { splitTaskId, type TaskId } from '../terms/ids.ts';

/**
 * The WORKDIRs that running tasks have: each its own alone, since what works there and what looks into it from another recipe
 * would not find it as it is. Several may look into one where they depend on the same, and so find the same.
 */
export interface TakenWorkdirs {
  /** By how many tasks. */
  by(): number;
  isFree(task: TaskId): boolean;
  take(task: TaskId): void;
  giveBack(task: TaskId): void;
}

export function createTakenWorkdirs(looksInto: (task: TaskId) => readonly TaskId[]): TakenWorkdirs {
  const own = new Set<string>();
  const lookedInto = new Map<string, { readonly at: string; by: number }>();
  const looksOf = (task: TaskId): readonly (readonly [recipe: string, at: string])[] => {
    const byRecipe = groupBy(looksInto(task), (id) => splitTaskId(id).recipe);
    return [...byRecipe].map(([recipe, tasks]) => [recipe, tasks.toSorted().join(' ')]);
  };
  return {
    by: () => own.size,
    isFree(task) {
      const { recipe } = splitTaskId(task);
      if (own.has(recipe) || lookedInto.has(recipe)) return false;
      return looksOf(task).every(
        ([other, at]) => !own.has(other) && (lookedInto.get(other)?.at ?? at) === at,
      );
    },
    take(task) {
      own.add(splitTaskId(task).recipe);
      for (const [recipe, at] of looksOf(task)) {
        const looked = lookedInto.get(recipe) ?? { at, by: 0 };
        looked.by += 1;
        lookedInto.set(recipe, looked);
      }
    },
    giveBack(task) {
      own.delete(splitTaskId(task).recipe);
      for (const [recipe] of looksOf(task)) {
        const looked = lookedInto.get(recipe);
        if (looked === undefined) continue;
        looked.by -= 1;
        if (looked.by === 0) lookedInto.delete(recipe);
      }
    },
  };
}
