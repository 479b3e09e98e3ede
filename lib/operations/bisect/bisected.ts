/** What `bisect` tells on the way and answers in the end. */
import type { Cause } from '../../signatures/explain-changes.ts';
import type { Judgement } from './judgements.ts';

export type BisectEvent =
  | { readonly kind: 'passed-over'; readonly builds: readonly number[]; readonly why: string }
  /** `name`: `build 7`, `do_compile`. */
  | { readonly kind: 'tried'; readonly name: string; readonly tried: Tried };

/** How a tree was judged. */
export interface Judged extends Judgement {
  /** The command did not run for it. */
  readonly remembered: boolean;
}

/** What came of trying a candidate. */
export type Tried =
  | ({ readonly kind: 'judged' } & Judged)
  | { readonly kind: 'unmade'; readonly why: string };

/** What a search found. */
export type Bisected = BisectedBuilds | BisectedTasks;

/** A task, or one of its patches, as SRC_URI names it. */
export interface TaskOfChain {
  readonly task: string;
  readonly patch?: string;
}

/** The first task, or patch of it, whose result is bad. */
export interface BisectedTasks {
  readonly over: 'tasks';
  readonly recipe: string;
  readonly build?: number;
  readonly imported?: string;
  readonly firstBad: TaskOfChain;
  readonly lastGood: TaskOfChain;
  readonly unjudged: readonly TaskOfChain[];
  readonly inputs: readonly Cause[];
  readonly predicateRuns: number;
  readonly tasksRun: 0;
}

/** The first bad build, and what was different about it. */
export interface BisectedBuilds {
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
