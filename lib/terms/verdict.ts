/** What the planner decides about one task. `build` obeys it; `why` prints it. */
import type { CommitId, Signature, TaskId } from './ids.ts';

export type Reason =
  | { readonly kind: 'never-built'; readonly failed?: Failure }
  | { readonly kind: 'forced' }
  | { readonly kind: 'inputs-changed'; readonly failed?: Failure }
  | { readonly kind: 'missing'; readonly what: string };

/** The newest try of a task that has no result. */
export interface Failure {
  /** Absent where a crash cut it off. */
  readonly build?: number;
  /** The inputs were what they are now. */
  readonly sameInputs: boolean;
}

export type Verdict =
  /** Its result stands in the history. */
  | { readonly kind: 'current'; readonly commit?: CommitId }
  /** Its result stands in the artifact store. */
  | { readonly kind: 'restore'; readonly signature: Signature }
  | { readonly kind: 'run'; readonly reason: Reason }
  /** Not needed, because a later result stands. */
  | { readonly kind: 'covered' }
  /** Hangs on results that are not yet known. */
  | { readonly kind: 'depends'; readonly on: readonly TaskId[] };

export type VerdictKind = Verdict['kind'];
