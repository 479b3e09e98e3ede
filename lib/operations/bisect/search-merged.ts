/** Goes on from a merge that is the first bad commit of its line into the commits that it brought in. */
import { VarveError } from '../../terms/varve-error.ts';
import type { BisectEvent } from './bisected.ts';
import type { CommitHistory, GitCommit } from './commit-history.ts';
import type { CommitCandidate, CommitRow } from './commit-row.ts';
import type { Ends } from './commit-walk.ts';
import { tryRow, type FoundInRow, type Trying, type WrongEnd } from './search-row.ts';

/** What was found in a line of commits. */
export interface FoundInLine {
  readonly row: CommitRow;
  readonly found: FoundInRow<CommitCandidate>;
  /** The merges that brought the line in, outermost first. */
  readonly mergedBy: readonly GitCommit[];
}

export interface MergedSearch extends Trying<CommitCandidate> {
  readonly history: CommitHistory;
  /** The files that a merge changed itself; undefined where nobody can tell. */
  readonly ownFiles: (merge: GitCommit) => readonly string[] | undefined;
  /** Undefined where a person interrupted it. */
  readonly rowOf: (ends: Ends) => Promise<CommitRow | undefined>;
}

/** Searches; undefined where a person interrupted it. Where what was merged is not bad by itself, the merge stays the answer. */
export async function searchMerged(
  start: FoundInLine,
  search: MergedSearch,
): Promise<FoundInLine | undefined> {
  let best = start;
  for (;;) {
    const next = await oneFurther(best, search);
    if (next === undefined || next === 'ends') return next && best;
    best = next.isFurther ? next.line : withRuns(best, next.predicateRuns);
    if (!next.isFurther) return best;
  }
}

type Step =
  | { readonly isFurther: true; readonly line: FoundInLine }
  | { readonly isFurther: false; readonly predicateRuns: number };

async function oneFurther(
  { row, found, mergedBy }: FoundInLine,
  { history, ownFiles, rowOf, judge, tell }: MergedSearch,
): Promise<Step | 'ends' | undefined> {
  const merge = found.firstBad.first;
  if (row.commits.indexOf(merge) !== row.commits.indexOf(found.lastGood.last) + 1) return 'ends';
  let { predicateRuns } = found;
  for (const ends of history.merged(merge.commit)) {
    tell({ kind: 'merge', merge, commits: history.between(ends.good, ends.bad).length - 1 });
    const branch = await readRow(rowOf, ends, tell);
    if (branch === 'nothing') continue;
    const tried = branch && (await tryRow(branch.candidates, { judge, tell }));
    if (branch === undefined || tried === undefined) return undefined;
    predicateRuns += tried.predicateRuns;
    if (tried.kind === 'found')
      return {
        isFurther: true,
        line: { row: branch, found: { ...tried, predicateRuns }, mergedBy: [...mergedBy, merge] },
      };
    tell({ kind: 'said', text: whyNot(tried, ownFiles(merge)) });
  }
  return { isFurther: false, predicateRuns };
}

/** The metadata of a branch may make nothing, or the same at each of its commits. */
async function readRow(
  rowOf: MergedSearch['rowOf'],
  ends: Ends,
  tell: (event: BisectEvent) => void,
): Promise<CommitRow | 'nothing' | undefined> {
  try {
    return await rowOf(ends);
  } catch (error) {
    if (!(error instanceof VarveError)) throw error;
    tell({ kind: 'said', text: `these cannot be searched: ${error.message}` });
    return 'nothing';
  }
}

function whyNot(
  { end, expected, answer }: WrongEnd<CommitCandidate>,
  ownFiles: readonly string[] | undefined,
): string {
  if (answer === 'skip') return `these cannot be searched: ${end.name} cannot be judged`;
  if (expected === 'good') return `these cannot be searched: ${end.name}, on which they stand, is bad too`;
  return ownFiles?.length === 0
    ? 'these are good by themselves: what makes it bad is that both came together'
    : 'these are good by themselves: it is the merge that makes it bad';
}

const withRuns = (line: FoundInLine, predicateRuns: number): FoundInLine => ({
  ...line,
  found: { ...line.found, predicateRuns },
});
