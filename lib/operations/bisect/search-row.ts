/** Finds the first bad one of a row of candidates. */
import { nextStep, type Answer, type Trial } from '../../planning/bisect-stepper.ts';
import { VarveError } from '../../terms/varve-error.ts';
import type { BisectEvent, Tried } from './bisected.ts';

/** One of the row. */
export interface Named {
  /** How it is spoken of: `build 7`, `do_compile`. */
  readonly name: string;
  /** How it is spoken of as an end that was given, where that is otherwise. */
  readonly given?: string;
}

export interface Trying<Candidate> {
  /** Judges one; undefined where a person interrupted it. `left`: candidates that may still be the first bad one. */
  readonly judge: (candidate: Candidate, left: number) => Promise<Tried | undefined>;
  readonly tell: (event: BisectEvent) => void;
}

export interface Search<Candidate> extends Trying<Candidate> {
  /** What may be done where an end is not what it was said to be. */
  readonly hint: string;
}

export interface FoundInRow<Candidate> {
  readonly kind: 'found';
  readonly firstBad: Candidate;
  readonly lastGood: Candidate;
  /** Those between the two, which could not be judged. */
  readonly unjudged: readonly Candidate[];
  /** How often the command ran. */
  readonly predicateRuns: number;
}

/** An end is not what it was said to be. */
export interface WrongEnd<Candidate> {
  readonly kind: 'wrong-end';
  readonly end: Candidate;
  readonly expected: 'good' | 'bad';
  readonly answer: Answer;
  readonly predicateRuns: number;
}

/** Searches; undefined where a person interrupted it. An end that is not what it was said to be is an error. */
export async function searchRow<Candidate extends Named>(
  row: readonly Candidate[],
  { hint, ...trying }: Search<Candidate>,
): Promise<FoundInRow<Candidate> | undefined> {
  const found = await tryRow(row, trying);
  if (found?.kind === 'wrong-end') throw wrongEnd(found.end, found, hint);
  return found;
}

/** Searches a row of which the ends are not known to be what they should; undefined where a person interrupted it. */
export async function tryRow<Candidate extends Named>(
  row: readonly Candidate[],
  { judge, tell }: Trying<Candidate>,
): Promise<FoundInRow<Candidate> | WrongEnd<Candidate> | undefined> {
  const trials: Trial[] = [];
  let predicateRuns = 0;
  const found = (from: number, to: number): FoundInRow<Candidate> => ({
    kind: 'found',
    firstBad: inRow(row, to),
    lastGood: inRow(row, from - 1),
    unjudged: row.slice(from, to),
    predicateRuns,
  });
  for (;;) {
    const step = nextStep(row.length, trials);
    switch (step.kind) {
      case 'found':
        return found(step.index, step.index);
      case 'cornered':
        return found(step.from, step.to);
      case 'wrong-end':
        return { ...step, end: inRow(row, step.index), predicateRuns };
      case 'try': {
        const candidate = inRow(row, step.index);
        const tried = await judge(candidate, step.left);
        if (tried === undefined) return undefined;
        if (tried.kind === 'judged' && !tried.remembered) predicateRuns += 1;
        tell({ kind: 'tried', name: candidate.name, tried });
        trials.push({ index: step.index, answer: tried.kind === 'judged' ? tried.answer : 'skip' });
        break;
      }
      default:
        return step satisfies never;
    }
  }
}

/** The error that an end is not what it was said to be. */
export function wrongEnd(
  { name, given = name }: Named,
  { expected, answer }: { readonly expected: 'good' | 'bad'; readonly answer: Answer },
  hint: string,
): VarveError {
  const found = answer === 'skip' ? 'cannot be judged' : `is ${answer}`;
  const other = expected === 'good' ? 'name an older one with --good' : 'name another one with --bad';
  return new VarveError('usage', `${given} was given as ${expected} and ${found}`, {
    hints: [other, hint, 'what the command said before is remembered: --again runs it anew'],
  });
}

function inRow<Candidate>(row: readonly Candidate[], index: number): Candidate {
  const candidate = row[index];
  if (candidate === undefined) throw new Error(`there is no candidate ${index} of ${row.length}`);
  return candidate;
}
