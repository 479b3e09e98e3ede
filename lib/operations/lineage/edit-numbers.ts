import type { History } from '../../history/history.ts';
import type { CommitId } from '../../terms/ids.ts';
import { refs } from '../../terms/places.ts';

/** Tells in which `edited@<n>` a commit of a person's came to be kept. */
export function editNumbers(history: History): ReadonlyMap<CommitId, number> {
  const prefix = refs.allEdited;
  const kept = [...history.refs.list(prefix)].map(
    ([name, tip]) => [Number(name.slice(prefix.length)), tip as CommitId] as const,
  );
  const numbers = new Map<CommitId, number>();
  for (const [number, tip] of kept.toSorted(([a], [b]) => a - b)) {
    let at: CommitId | undefined = tip;
    while (at !== undefined && !numbers.has(at) && history.readTask(at) === undefined) {
      numbers.set(at, number);
      [at] = history.objects.readCommit(at).parents;
    }
  }
  return numbers;
}
