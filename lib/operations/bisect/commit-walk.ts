import type { CommitHistory } from './commit-history.ts';
import type { ScratchSettings } from './scratch-build-dir.ts';

/** A line of commits, and how metadata comes to stand at each of them. */
export interface CommitWalk {
  readonly history: CommitHistory;
  /** A repository with all these commits that is varve's own. */
  readonly copy: string;
  /** Whole ids. */
  readonly good: string;
  readonly bad: string;
  /** Each commit is known to make another thing: no metadata need be read to find that out. */
  readonly allDiffer: boolean;
  /** What the scratch build directory says of a commit. */
  settings(commit: string): ScratchSettings;
  /** Brings files to a commit; undefined where nothing but settings is needed. */
  enter?(commit: string): void;
  /** A file that metadata was read from, as its owner knows it. */
  ownPath(path: string): string;
}

/** The ends of a search, as they were typed. */
export interface Ends {
  readonly good: string;
  readonly bad: string;
}

/** `@12` is a build; `HEAD`, a tag or an id a commit. */
export const isBuild = (typed: string): boolean => typed.startsWith('@');
