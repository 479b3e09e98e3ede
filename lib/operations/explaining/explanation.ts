import type { Cause } from '../../signatures/explain-changes.ts';
import type { Counts } from '../../terms/events.ts';
import type { TaskId } from '../../terms/ids.ts';
import type { Reason, VerdictKind } from '../../terms/verdict.ts';
import type { FileStat } from './file-stat.ts';
import type { MissingResult } from './missing-results.ts';
import type { Outcome } from './outcome.ts';

/** What `why` answers. */
export interface Explanation {
  /** The task that was asked about; absent where a whole build was. */
  readonly task?: TaskId;
  readonly verdict: VerdictKind;
  readonly reason?: Reason;
  /** Of a task that may run now: the tasks whose results decide it. */
  readonly on?: readonly TaskId[];
  /** The build compared with; absent where there is none before. */
  readonly from?: number;
  /** The build asked about; absent where it is the metadata as it is now. */
  readonly to?: number;
  /** The imports that these are of; absent: one's own. */
  readonly fromImport?: string;
  readonly toImport?: string;
  /** What came of the task in build `to`. */
  readonly outcome?: Outcome;
  /** What came of all tasks of build `to`, where it was asked about. */
  readonly counts?: Counts;
  readonly causes: readonly ExplainedCause[];
  /** Tasks that changed only because of these causes. */
  readonly cascade: readonly TaskId[];
  /** Recipes that build `to` has and `from` does not, and the other way round. */
  readonly appeared?: readonly string[];
  readonly gone?: readonly string[];
  /** Where nothing changed: tasks that ran because their results were gone, or did not count any more. */
  readonly missing?: readonly MissingResult[];
}

export interface ExplainedCause extends Cause {
  /** How a file changed, where both contents are at hand. */
  readonly stat?: FileStat;
}
