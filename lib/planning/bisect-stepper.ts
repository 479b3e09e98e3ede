/** Finds the first bad one of a row of candidates: which to try next, and when it is known. Pure. */

export type Answer = 'good' | 'bad' | 'skip';

export type NextStep =
  /** Try this candidate and tell the answer. `left`: candidates that may still be the first bad one. */
  | { readonly kind: 'try'; readonly index: number; readonly left: number }
  | { readonly kind: 'found'; readonly index: number }
  /** Only skipped ones are left between the last good and the first known bad one. */
  | { readonly kind: 'cornered'; readonly from: number; readonly to: number }
  /** An end is not what it was said to be. */
  | {
      readonly kind: 'wrong-end';
      readonly index: number;
      readonly expected: 'good' | 'bad';
      readonly answer: Answer;
    };

export interface Trial {
  readonly index: number;
  readonly answer: Answer;
}

/**
 * Says what to do after `trials` with `count` candidates, of which the first is said to be good and the last bad.
 *
 * Both ends are tried first; then the middle of what is left, or the candidate nearest to the middle that was
 * not skipped. So at most 2 + ⌈log2(count - 1)⌉ trials where nothing is skipped.
 */
export function nextStep(count: number, trials: readonly Trial[]): NextStep {
  const answers = new Map(trials.map(({ index, answer }) => [index, answer]));
  const last = count - 1;
  for (const [index, expected] of [
    [0, 'good'],
    [last, 'bad'],
  ] as const) {
    const answer = answers.get(index);
    if (answer === undefined) return { kind: 'try', index, left: last };
    if (answer !== expected) return { kind: 'wrong-end', index, expected, answer };
  }
  const goods = trials.filter(({ answer }) => answer === 'good').map(({ index }) => index);
  const bads = trials.filter(({ answer }) => answer === 'bad').map(({ index }) => index);
  const good = Math.max(...goods);
  const bad = Math.min(...bads);
  if (bad - good <= 1) return { kind: 'found', index: bad };
  const index = nearestToMiddle(good, bad, (candidate) => answers.get(candidate) !== 'skip');
  if (index === undefined) return { kind: 'cornered', from: good + 1, to: bad };
  return { kind: 'try', index, left: bad - good };
}

function nearestToMiddle(good: number, bad: number, usable: (index: number) => boolean): number | undefined {
  const middle = Math.floor((good + bad) / 2);
  for (let away = 0; middle - away > good || middle + away < bad; away += 1) {
    if (middle - away > good && usable(middle - away)) return middle - away;
    if (middle + away < bad && usable(middle + away)) return middle + away;
  }
  return undefined;
}
