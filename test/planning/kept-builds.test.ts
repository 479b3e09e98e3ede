import { expect, test } from 'vitest';
import { keptBuilds, usualPolicy, type KeepableBuild } from '../../lib/planning/kept-builds.ts';

/** Builds 1, 2, 3 … at times 1, 2, 3 …, each told by what came of its recipes: `+zlib -app`, `=NAME`. */
function builds(...told: readonly string[]): readonly KeepableBuild[] {
  return told.map((text, index) => {
    const words = (sign: string): readonly string[] =>
      text.split(' ').flatMap((word) => (word.startsWith(sign) ? [word.slice(1)] : []));
    const [name] = words('=');
    return {
      n: index + 1,
      time: index + 1,
      made: new Set(words('+')),
      failed: new Set(words('-')),
      name,
    };
  });
}

const kept = (all: readonly KeepableBuild[], newest: number, since: number): readonly number[] =>
  keptBuilds(all, { newest, since }).map(({ n }) => n);

const five = builds('+zlib', '+zlib', '+zlib', '+zlib', '+zlib');

test('so many of the newest builds are kept, and all since a moment, whichever are more', () => {
  expect(kept(five, 2, Infinity)).toEqual([4, 5]);
  expect(kept(five, 2, 3)).toEqual([3, 4, 5]);
  expect(kept(five, 4, 5)).toEqual([2, 3, 4, 5]);
});

test('where nobody says otherwise, 20 builds are kept and those of 30 days', () => {
  const day = 24 * 3_600_000;
  const each = (days: number): readonly KeepableBuild[] =>
    builds(...Array.from({ length: 40 }, () => '+zlib')).map((build) => ({
      ...build,
      time: (build.n - 40) * days * day,
    }));
  const first = (days: number): number | undefined => keptBuilds(each(days), usualPolicy(0))[0]?.n;
  expect([first(100), first(1)]).toEqual([21, 10]);
});

test('the newest build is kept whatever was asked', () => {
  expect(kept(five, 0, Infinity)).toEqual([5]);
  expect(kept([], 0, Infinity)).toEqual([]);
});

test('a build with a name is kept, however old', () => {
  expect(kept(builds('+zlib =release', '+zlib', '+zlib'), 1, Infinity)).toEqual([1, 3]);
});

test('the newest success and the newest failure of each recipe are kept', () => {
  const all = builds('+zlib -app', '+zlib +app', '+zlib -app', '+zlib -app', '-zlib', '+lua');
  expect(kept(all, 1, Infinity)).toEqual([2, 4, 5, 6]);
});
