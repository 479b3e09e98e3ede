/** Finds the smallest set of changed inputs that makes the difference between two builds: which mixture to try next. Pure. */
import type { Answer } from './bisect-stepper.ts';

/** The inputs, by their places in the row, that are as in the bad build; all others are as in the good one. */
export type Mixed = readonly number[];

export type Minimised =
  /** `causes` make the difference together, and each of them is needed. */
  | {
      readonly kind: 'found';
      readonly causes: Mixed;
      /** Those of them without which no mixture could be judged: whether they are needed is not known. */
      readonly unproven: Mixed;
    }
  /** The row does not make the difference: with none of it changed it is bad, or with all of it changed it is not. */
  | { readonly kind: 'elsewhere'; readonly mixture: Mixed; readonly answer: Answer };

/** Yields a mixture to be tried, and is told the answer. */
export type MixtureSearch = Generator<Mixed, Minimised, Answer>;

/**
 * Searches `count` changed inputs in their order. The shortest bad row is found by halves; its last input is needed, given
 * those before it, and stays in; then the shortest row beside those that stay, until these alone are bad. At last each is
 * left out once. So about k (log2 count + 2) mixtures for k causes, where all can be judged. What cannot be judged counts
 * as not bad; inputs that no mixture tells apart stay together.
 */
export function* minimiseMixture(count: number): MixtureSearch {
  const ask = rememberAnswers();
  const all = Array.from({ length: count }, (_, index) => index);
  const whole = yield* ask(all);
  if (whole !== 'bad') return { kind: 'elsewhere', mixture: all, answer: whole };
  const none = yield* ask([]);
  if (none === 'bad') return { kind: 'elsewhere', mixture: [], answer: none };
  return yield* leaveOut(yield* gather(all, ask), ask);
}

type Ask = (mixture: Mixed) => Generator<Mixed, Answer, Answer>;

/** No mixture is tried twice. */
function rememberAnswers(): Ask {
  const answers = new Map<string, Answer>();
  return function* ask(mixture) {
    const sorted = mixture.toSorted((a, b) => a - b);
    const key = sorted.join(' ');
    const answer = answers.get(key) ?? (yield sorted);
    answers.set(key, answer);
    return answer;
  };
}

/** Gathers inputs that are bad together, from the last one on. */
function* gather(all: Mixed, ask: Ask): Generator<Mixed, Mixed, Answer> {
  let [kept, rest]: readonly [Mixed, Mixed] = [[], all];
  while (rest.length > 0 && (kept.length === 0 || (yield* ask(kept)) !== 'bad')) {
    const { from, to } = yield* shortestBad(rest, (length) => ask([...kept, ...rest.slice(0, length)]));
    kept = [...rest.slice(from, to), ...kept];
    rest = rest.slice(0, from);
  }
  return kept;
}

/**
 * The inputs that make the shortest bad beginning of a row bad: one, or several where no beginning that ends between
 * them could be judged.
 */
function* shortestBad(
  row: Mixed,
  askBeginning: (length: number) => Generator<Mixed, Answer, Answer>,
): Generator<Mixed, { readonly from: number; readonly to: number }, Answer> {
  let [from, to] = [0, row.length];
  const skipped = new Set<number>();
  while (to - from > 1) {
    const length = nearestToMiddle(from, to, skipped);
    if (length === undefined) break;
    const answer = yield* askBeginning(length);
    if (answer === 'bad') to = length;
    else if (answer === 'good') from = length;
    else skipped.add(length);
  }
  return { from, to };
}

function nearestToMiddle(from: number, to: number, skipped: ReadonlySet<number>): number | undefined {
  const middle = Math.floor((from + to) / 2);
  return Array.from({ length: to - from - 1 }, (_, index) => from + 1 + index)
    .filter((length) => !skipped.has(length))
    .toSorted((a, b) => Math.abs(a - middle) - Math.abs(b - middle))[0];
}

/** Leaves out each, and those together that cannot be left out alone, until nothing more can go. */
function* leaveOut(gathered: Mixed, ask: Ask): MixtureSearch {
  let causes = gathered;
  for (;;) {
    const unproven: number[] = [];
    let smaller: Mixed | undefined;
    for (const one of causes) {
      const others = causes.filter((other) => other !== one);
      const answer = yield* ask(others);
      if (answer === 'bad') smaller = others;
      if (smaller !== undefined) break;
      if (answer === 'skip') unproven.push(one);
    }
    smaller ??= yield* withoutSome(causes, unproven, ask);
    if (smaller === undefined) return { kind: 'found', causes, unproven };
    causes = smaller;
  }
}

/** The causes without some of the unproven ones, if that is bad still: all of them, half of them, neighbours. */
function* withoutSome(causes: Mixed, unproven: Mixed, ask: Ask): Generator<Mixed, Mixed | undefined, Answer> {
  for (let size = unproven.length; size > 1; size = Math.ceil(size / 2)) {
    for (let start = 0; start < unproven.length; start += size) {
      const left = new Set(unproven.slice(start, start + size));
      const others = causes.filter((one) => !left.has(one));
      if ((yield* ask(others)) === 'bad') return others;
    }
    if (size === 2) break;
  }
  return undefined;
}
