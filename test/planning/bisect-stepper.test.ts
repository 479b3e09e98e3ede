import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextStep, type Answer, type Trial } from '../../lib/planning/bisect-stepper.ts';

/** Plays the game to its end with an oracle. */
function play(answers: readonly Answer[]) {
  const trials: Trial[] = [];
  for (;;) {
    const step = nextStep(answers.length, trials);
    if (step.kind !== 'try') return { end: step, tried: trials.map(({ index }) => index) };
    trials.push({ index: step.index, answer: answers[step.index] ?? 'skip' });
  }
}

test('both ends are tried first, then the middle', () => {
  expect(play(['good', 'good', 'good', 'bad', 'bad'])).toEqual({
    end: { kind: 'found', index: 3 },
    tried: [0, 4, 2, 3],
  });
});

test('an end that is not what it was said to be stops at once', () => {
  expect(play(['bad', 'bad']).end).toEqual({ kind: 'wrong-end', index: 0, expected: 'good', answer: 'bad' });
  expect(play(['good', 'good']).end).toEqual({
    kind: 'wrong-end',
    index: 1,
    expected: 'bad',
    answer: 'good',
  });
  expect(play(['good', 'skip']).end).toEqual({
    kind: 'wrong-end',
    index: 1,
    expected: 'bad',
    answer: 'skip',
  });
});

test('where only skipped ones are left, the range is named', () => {
  expect(play(['good', 'skip', 'skip', 'bad']).end).toEqual({ kind: 'cornered', from: 1, to: 3 });
});

test('skipped ones are gone around', () => {
  expect(play(['good', 'good', 'skip', 'bad', 'bad']).tried).toEqual([0, 4, 2, 1, 3]);
});

test('the first bad one is found in two and log2 trials', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 300 }), fc.nat(), (count, seed) => {
      const first = 1 + (seed % (count - 1));
      const { end, tried } = play(Array.from({ length: count }, (_, i) => (i < first ? 'good' : 'bad')));
      expect(end).toEqual({ kind: 'found', index: first });
      expect(tried.length).toBeLessThanOrEqual(2 + Math.ceil(Math.log2(count - 1)));
      expect(new Set(tried).size).toBe(tried.length);
    }),
  );
});
