/** What the planner decides about one task. `build` obeys it; `why` prints it. */
import type { CommitId, Signature, TaskId } from './ids.ts';

export type Reason =
  | { readonly kind: 'never-built' }
  | { readonly kind: 'forced' }
  | { readonly kind: 'inputs-changed' }
  | { readonly kind: 'missing'; readonly what: string };

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
