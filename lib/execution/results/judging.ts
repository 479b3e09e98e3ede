/** What decides in a build which results count; it outlives a plan. */
import type { CommitId, TaskId } from '../../terms/ids.ts';
import type { Trust } from '../../trust/trust.ts';

export interface Judging {
  readonly trust: Trust;
  /** What tasks left in this build: it counts whatever was said before of the same commit. */
  readonly ranNow: Set<CommitId>;
  /** Why results were not used, after "it", by task. */
  readonly refused: Map<TaskId, string>;
}

/** Begins with what is trusted. */
export function judgeBy(trust: Trust): Judging {
  return { trust, ranNow: new Set(), refused: new Map() };
}
