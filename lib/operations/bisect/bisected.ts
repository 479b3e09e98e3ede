/** What `bisect` tells on the way and answers in the end. */
import type { Cause } from '../../signatures/explain-changes.ts';
import type { ExplainedCause } from '../explaining/explanation.ts';
import type { Difference } from '../comparing/difference.ts';
import type { Unmade } from './build-in-scratch.ts';
import type { GitCommit } from './commit-history.ts';
import type { Judgement } from './judgements.ts';

export type BisectEvent =
  | { readonly kind: 'passed-over'; readonly builds: readonly number[]; readonly why: string }
  /** What holds the search up. */
  | { readonly kind: 'said'; readonly text: string }
  /** How many commits there are, and how many of them make different things of `what`. */
  | { readonly kind: 'commits'; readonly commits: number; readonly kinds: number; readonly what: string }
  /** How many inputs differ; `unmixed`: those that cannot be as they were in both builds. */
  | {
      readonly kind: 'inputs';
      readonly changed: number;
      readonly what: string;
      readonly unmixed: readonly Cause[];
    }
  /** What a merge brought in is searched. */
  | { readonly kind: 'merge'; readonly merge: GitCommit; readonly commits: number }
  | { readonly kind: 'commits-passed-over'; readonly commits: readonly GitCommit[]; readonly why: string }
  /** `left`: how many candidates may still be the first bad one. */
  | { readonly kind: 'building'; readonly name: string; readonly left: number }
  /** `name`: `build 7`, `do_compile`. */
  | { readonly kind: 'tried'; readonly name: string; readonly tried: Tried };

/** How a tree was judged. */
export interface Judged extends Judgement {
  /** The command did not run for it. */
  readonly remembered: boolean;
}

/** What came of trying a candidate. */
export type Tried = ({ readonly kind: 'judged' } & Judged) | Unmade;

/** What a search found. */
export type Bisected = BisectedBuilds | BisectedTasks | BisectedCommits | BisectedInputs;

/** A task, or one of its patches, as SRC_URI names it; or what a person typed. */
export interface TaskOfChain {
  readonly task: string;
  readonly patch?: string;
  /** The number of these edits. */
  readonly edits?: number;
  /** It was made with edits. */
  readonly edited?: true;
  /** How its result is typed; a patch has none of its own. */
  readonly rev?: string;
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
  /** Builds between the two that are not in the record, as after gc: the first bad one may have been among them. */
  readonly absent: readonly number[];
  readonly inputs: readonly ExplainedCause[];
  readonly predicateRuns: number;
  readonly tasksRun: 0;
}

/** The first commit whose result is bad, and what it changed. */
export interface BisectedCommits {
  readonly over: 'commits';
  readonly repository: string;
  readonly firstBad: GitCommit;
  readonly lastGood: GitCommit;
  /** The merges that brought it into the line of commits, that of this line first. */
  readonly mergedBy: readonly GitCommit[];
  /** Where it is a merge itself: files that it has otherwise than git merges them; absent where git cannot tell. */
  readonly changedByMerge?: readonly string[];
  /** Commits between the two that make nothing, or nothing that could be judged. */
  readonly unjudged: readonly GitCommit[];
  readonly inputs: readonly Cause[];
  /** Between the results of the two. */
  readonly difference: Difference;
  /** The build directory in which they were built. */
  readonly scratch: string;
  readonly predicateRuns: number;
  /** Builds in which anything ran. */
  readonly builds: number;
  readonly tasksRun: number;
}

/** The smallest set of changed inputs that makes the result bad. */
export interface BisectedInputs {
  readonly over: 'inputs';
  readonly recipe: string;
  readonly firstBad: { readonly build: number };
  readonly lastGood: { readonly build: number };
  /** How many inputs differ between the two. */
  readonly changed: number;
  /** Together they make it bad, and without any of them it is not. */
  readonly inputs: readonly ExplainedCause[];
  /** Of these, those without which nothing could be judged: they may be no more than needed to build it. */
  readonly unproven: readonly ExplainedCause[];
  /** They could not be as they were in both builds, and were the same in every mixture. */
  readonly unmixed: readonly Cause[];
  /** Mixtures that were tried. */
  readonly mixtures: number;
  /** Mixtures for which anything ran. */
  readonly builds: number;
  /** The build directory in which they were built. */
  readonly scratch: string;
  readonly predicateRuns: number;
  readonly tasksRun: number;
}
