/** What `bisect` tells on the way and answers in the end. */
import type { Answer } from '../planning/bisect-stepper.ts';
import type { Cause } from '../signatures/explain-changes.ts';

export type BisectEvent =
  | { readonly kind: 'passed-over'; readonly builds: readonly number[]; readonly why: string }
  | { readonly kind: 'trying'; readonly build: number; readonly left: number; readonly end?: 'good' | 'bad' }
  | {
      readonly kind: 'tried';
      readonly build: number;
      readonly answer: Answer;
      readonly status: number;
      readonly remembered: boolean;
    };

/** The first bad build, and what was different about it. */
export interface Bisected {
  readonly over: 'builds';
  /** The name of the import whose builds these are. */
  readonly imported?: string;
  readonly firstBad: { readonly build: number };
  /** The newest one that was good. */
  readonly lastGood: { readonly build: number };
  /** Builds between the two that could not be judged: the first bad one may be among them. */
  readonly unjudged: readonly number[];
  readonly inputs: readonly Cause[];
  readonly predicateRuns: number;
  readonly tasksRun: 0;
}
