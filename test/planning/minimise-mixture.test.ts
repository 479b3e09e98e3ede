import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Answer } from '../../lib/planning/bisect-stepper.ts';
import { minimiseMixture, type Minimised, type Mixed } from '../../lib/planning/minimise-mixture.ts';

interface Played {
  readonly end: Minimised;
  readonly tried: readonly Mixed[];
}

/** Searches with an oracle; the ends, all of the row and none of it, are known to be bad and good. */
function play(count: number, judge: (mixture: ReadonlySet<number>) => Answer): Played {
  const search = minimiseMixture(count);
  const tried: Mixed[] = [];
  let step = search.next();
  while (step.done !== true) {
    const isEnd = step.value.length === 0 || step.value.length === count;
    if (!isEnd) tried.push(step.value);
    step = search.next(judge(new Set(step.value)));
  }
  return { end: step.value, tried };
}

/** Bad where all the causes are in. */
const together =
  (...causes: readonly number[]) =>
  (mixture: ReadonlySet<number>): Answer =>
    causes.every((cause) => mixture.has(cause)) ? 'bad' : 'good';

test('one cause among eight is found in three mixtures, and looked at alone', () => {
  expect(play(8, together(5))).toEqual({
    end: { kind: 'found', causes: [5], unproven: [] },
    tried: [[0, 1, 2, 3], [0, 1, 2, 3, 4, 5], [0, 1, 2, 3, 4], [5]],
  });
});

test('two causes that only together make the difference are both named', () => {
  expect(play(8, together(2, 6)).end).toEqual({ kind: 'found', causes: [2, 6], unproven: [] });
});

test('of two causes each of which is enough, one is named', () => {
  const { end } = play(8, (mixture) => (mixture.has(1) || mixture.has(6) ? 'bad' : 'good'));
  expect(end).toEqual({ kind: 'found', causes: [1], unproven: [] });
});

test('a row that changes nothing is no cause: the difference lies elsewhere', () => {
  expect(play(3, () => 'good').end).toEqual({ kind: 'elsewhere', mixture: [0, 1, 2], answer: 'good' });
  expect(play(3, () => 'bad').end).toEqual({ kind: 'elsewhere', mixture: [], answer: 'bad' });
});

test('of 50 inputs the exact 1 to 3 causes are found, in few mixtures', () => {
  const drawn = fc.uniqueArray(fc.nat(49), { minLength: 1, maxLength: 3 });
  const cases = fc.sample(drawn, { numRuns: 100, seed: 6 });
  const spare = cases.map((causes) => {
    const { end, tried } = play(50, together(...causes));
    expect(end).toEqual({ kind: 'found', causes: causes.toSorted((a, b) => a - b), unproven: [] });
    const k = causes.length;
    return 2 * k * Math.log2(50) + k + 2 - tried.length;
  });
  expect(spare.toSorted((a, b) => a - b)[0]).toBeGreaterThan(0);
});

test('whatever the command says, what is found is bad, and without any one of it is not', () => {
  const drawn = fc.record({ count: fc.integer({ min: 1, max: 12 }), seed: fc.nat() });
  fc.assert(
    fc.property(drawn, ({ count, seed }) => {
      const judge = (mixture: ReadonlySet<number>): Answer => {
        if (mixture.size === 0) return 'good';
        if (mixture.size === count) return 'bad';
        const drawnAnswer = [...mixture].reduce((sum, one) => sum * 31 + one + 7, seed) % 7;
        return drawnAnswer < 3 ? 'good' : drawnAnswer < 6 ? 'bad' : 'skip';
      };
      const { end, tried } = play(count, judge);
      if (end.kind !== 'found') throw new Error('an end was not what it was said to be');
      expect(judge(new Set(end.causes))).toBe('bad');
      const without = end.causes.map((one) => new Set(end.causes.filter((other) => other !== one)));
      expect(without.map(judge)).toEqual(
        end.causes.map((one) => (end.unproven.includes(one) ? 'skip' : 'good')),
      );
      expect(new Set(tried.map((mixture) => mixture.join(' '))).size).toBe(tried.length);
    }),
  );
});

test('inputs that can only be changed together are no causes where they are not needed', () => {
  const { end } = play(50, (mixture) => {
    if (mixture.has(24) !== mixture.has(25)) return 'skip';
    return mixture.has(10) ? 'bad' : 'good';
  });
  expect(end).toEqual({ kind: 'found', causes: [10], unproven: [] });
});

test('a cause that can only be changed together with another input is named with it', () => {
  const { end } = play(50, (mixture) => {
    if (mixture.has(10) && !mixture.has(40)) return 'skip';
    return mixture.has(10) ? 'bad' : 'good';
  });
  expect(end).toEqual({ kind: 'found', causes: [10, 40], unproven: [40] });
});

test('where nothing between the ends can be judged, all of the row stays', () => {
  const { end } = play(3, (mixture) => (mixture.size === 3 ? 'bad' : mixture.size === 0 ? 'good' : 'skip'));
  expect(end).toEqual({ kind: 'found', causes: [0, 1, 2], unproven: [0, 1, 2] });
});
