import type { Cause } from '../signatures/explain-changes.ts';
import type { TaskId } from '../terms/ids.ts';
import type { Reason, VerdictKind } from '../terms/verdict.ts';

/** What `why` answers. */
export interface Explanation {
  /** The task that was asked about; absent where a whole build was. */
  readonly task?: TaskId;
  readonly verdict: VerdictKind;
  readonly reason?: Reason;
  /** The build compared with; absent where there is none before. */
  readonly from?: number;
  /** The build asked about; absent where it is the metadata as it is now. */
  readonly to?: number;
  /** It is said of what would happen now, not of what a build did. */
  readonly now?: boolean;
  readonly causes: readonly Cause[];
  /** Tasks that changed only because of these causes. */
  readonly cascade: readonly TaskId[];
  /** What else is to be known, a sentence each. */
  readonly notes: readonly string[];
}
