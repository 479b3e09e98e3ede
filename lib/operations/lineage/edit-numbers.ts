import { keptEdits } from '../../execution/workdir/find-left.ts';
import type { History } from '../../history/history.ts';
import type { CommitId } from '../../terms/ids.ts';

/** Tells in which `edited@<n>` a commit of a person's is kept, by itself or below another one. */
export function editNumbers(history: History): ReadonlyMap<CommitId, number> {
  const kept = keptEdits(history);
  const numbers = new Map(kept);
  for (const [tip, number] of kept) {
    let [at] = history.objects.readCommit(tip).parents;
    while (at !== undefined && !numbers.has(at) && history.readTask(at) === undefined) {
      numbers.set(at, number);
      [at] = history.objects.readCommit(at).parents;
    }
  }
  return numbers;
}
