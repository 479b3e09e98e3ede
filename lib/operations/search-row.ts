/** Finds the first bad one of a row of recorded trees by running a command in copies of them. */
import { nextStep, type Answer, type Trial } from '../planning/bisect-stepper.ts';
import type { TreeId } from '../terms/ids.ts';
import { VarveError } from '../terms/varve-error.ts';
import type { BisectEvent } from './bisected.ts';
import type { TheRecord } from './open-record.ts';
import type { ResolvedTree } from './resolved-revision.ts';
import { runPredicate } from './run-predicate.ts';

/** One of the row. */
export interface Judged {
  /** How it is spoken of: `build 7`, `do_compile`. */
  readonly name: string;
  readonly resolved: ResolvedTree;
}

export interface Search {
  readonly command: readonly string[];
  readonly signal: AbortSignal;
  readonly tell: (event: BisectEvent) => void;
}

export interface FoundInRow {
  /** Index of the first bad one. */
  readonly index: number;
  /** The first of those before it that could not be judged. */
  readonly unjudgedFrom: number;
  readonly predicateRuns: number;
}

/** Searches; undefined where a person interrupted it. An end that is not what it was said to be is an error. */
export async function searchRow(
  record: TheRecord,
  row: readonly Judged[],
  { command, signal, tell }: Search,
): Promise<FoundInRow | undefined> {
  const trials: Trial[] = [];
  const known = new Map<TreeId, { readonly answer: Answer; readonly status: number }>();
  let predicateRuns = 0;
  for (;;) {
    const step = nextStep(row.length, trials);
    switch (step.kind) {
      case 'found':
        return { index: step.index, unjudgedFrom: step.index, predicateRuns };
      case 'cornered':
        return { index: step.to, unjudgedFrom: step.from, predicateRuns };
      case 'wrong-end':
        throw wrongEnd(inRow(row, step.index), step.expected, step.answer);
      case 'try': {
        const candidate = inRow(row, step.index);
        const remembered = known.get(candidate.resolved.tree);
        const verdict = remembered ?? (await runPredicate(record, candidate, { command, signal }));
        if (verdict === 'interrupted') return undefined;
        if (remembered === undefined) predicateRuns += 1;
        known.set(candidate.resolved.tree, verdict);
        tell({ kind: 'tried', name: candidate.name, ...verdict, remembered: remembered !== undefined });
        trials.push({ index: step.index, answer: verdict.answer });
        break;
      }
      default:
        return step satisfies never;
    }
  }
}

function wrongEnd({ name }: Judged, expected: 'good' | 'bad', answer: Answer): VarveError {
  const found = answer === 'skip' ? 'cannot be judged (the command exits with 125)' : `is ${answer}`;
  const other = expected === 'good' ? 'name an older one with --good' : 'name another one with --bad';
  return new VarveError('usage', `${name} was given as ${expected} and ${found}`, {
    hints: [other, 'varve builds   lists the builds, varve log RECIPE the tasks'],
  });
}

/** The one at a place of the row, which there is. */
export function inRow<Candidate extends Judged>(row: readonly Candidate[], index: number): Candidate {
  const candidate = row[index];
  if (candidate === undefined) throw new Error(`there is no candidate ${index} of ${row.length}`);
  return candidate;
}
