import { splitTaskId, type TaskId } from '../terms/ids.ts';
import { firstOf } from '../terms/first-of.ts';

/** Recipes that are told before the rest is counted. */
const FEW = 3;

/** Tells what a verdict hangs on: tasks of its own recipe one by one, of another no more than its name. */
export function formatAwaited(task: TaskId, on: readonly TaskId[]): string {
  const { recipe } = splitTaskId(task);
  const names = new Set(on.map((id) => (splitTaskId(id).recipe === recipe ? id : splitTaskId(id).recipe)));
  return `what ${firstOf([...names], FEW)} will produce`;
}
