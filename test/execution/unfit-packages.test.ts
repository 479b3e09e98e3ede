import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unfitPackage } from '../../lib/execution/packaging/unfit-packages.ts';
import type { OpenPackage } from '../../lib/execution/packaging/open-package.ts';
import { parseRelations } from '../../lib/packages/relations.ts';

const kinds = ['rpm', 'deb'] as const;

type Said = Partial<Record<'depends' | 'conflicts' | 'provides', string>>;

/** A package that is `1:2.0-r1`, and says this of others. */
function packageOf(kind: (typeof kinds)[number], name: string, said: Said = {}): OpenPackage {
  const listed = (text = ''): OpenPackage['says']['depends'] => parseRelations(text) ?? [];
  const provides = listed(`${name} (= 1:2.0-r1) ${said.provides ?? ''}`);
  const says = { depends: listed(said.depends), conflicts: listed(said.conflicts), provides };
  return { kind, name, says } as OpenPackage;
}

/** Whether a package with these relations can be beside y, which stands for v and for w (= 3). */
function isFit(kind: (typeof kinds)[number], said: Said): boolean {
  const y = packageOf(kind, 'y', { provides: 'v w (= 3)' });
  return unfitPackage([packageOf(kind, 'x', said), y]) === undefined;
}

test.each(kinds)('an %s goes with what has the version that it asks for', (kind) => {
  const fit = [
    'y',
    'y (>= 1:2.0)',
    'y (= 1:2.0-r1)',
    'y (< 2:0)',
    'y (> 9)',
    'y (>> 9)',
    'w (= 3)',
    'v',
    'other (>= 9)',
  ];
  expect(fit.filter((depends) => !isFit(kind, { depends }))).toEqual([]);
  const unfit = ['y (>= 1:2.1)', 'y (< 1:2.0)', 'y (<< 1:2.0)', 'y (= 1:2.0-r2)', 'y (<= 9)', 'w (> 3)'];
  expect(unfit.filter((depends) => isFit(kind, { depends }))).toEqual([]);
});

test.each(kinds)('an %s is not beside a version that it is in conflict with', (kind) => {
  expect(
    ['y (< 1:2.0)', 'w (< 3)', 'x', 'x (= 1:2.0-r1)'].filter((conflicts) => !isFit(kind, { conflicts })),
  ).toEqual([]);
  expect(['y', 'y (<= 1:2.0-r1)', 'w (>= 2)', 'v'].filter((conflicts) => isFit(kind, { conflicts }))).toEqual(
    [],
  );
});

test('rpm takes a version without a release for any release, and dpkg does not; a name alone has all versions with rpm', () => {
  expect(isFit('rpm', { depends: 'y (= 1:2.0)' })).toBe(true);
  expect(isFit('deb', { depends: 'y (= 1:2.0)' })).toBe(false);
  expect(isFit('rpm', { depends: 'v (>= 7)' })).toBe(true);
  expect(isFit('deb', { depends: 'v (>= 7)' })).toBe(false);
});

/** The first unfit package of an image, found by asking of each relation and each package alone. */
function firstInPairs(packages: readonly OpenPackage[]): OpenPackage | undefined {
  const none = { depends: [], conflicts: [], provides: [] };
  type How = 'depends' | 'conflicts';
  const isUnfit = (one: OpenPackage, how: How): boolean =>
    one.says[how].some((asked) => {
      const asking = { ...one, says: { ...none, [how]: [asked] } };
      const bears = ({ says: { provides }, ...other }: OpenPackage): boolean =>
        unfitPackage([asking, { ...other, says: { ...none, provides } }]) === undefined;
      const others = packages.filter((other) => how === 'depends' || other !== one);
      const named = others.filter(({ says }) => says.provides.some(({ name }) => name === asked.name));
      return how === 'depends' ? named.length > 0 && !named.some(bears) : !named.every(bears);
    });
  return packages.find((one) => isUnfit(one, 'depends') || isUnfit(one, 'conflicts'));
}

test('an image is unfit by the first package that is so beside one other, or beside all that bear a name', () => {
  const relation = fc
    .tuple(
      fc.constantFrom('a', 'b', 'v', 'w'),
      fc.constantFrom('', ' (= 3)', ' (>= 1:2.0)', ' (< 3)', ' (> 9)'),
    )
    .map((words) => words.join(''));
  const list = fc.array(relation, { maxLength: 2 }).map((relations) => relations.join(' '));
  const said = fc.record({ depends: list, conflicts: list, provides: list });
  const image = fc.tuple(
    fc.constantFrom(...kinds),
    fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), said), { maxLength: 5 }),
  );
  fc.assert(
    fc.property(image, ([kind, listed]) => {
      const packages = listed.map(([name, says]) => packageOf(kind, name, says));
      expect(unfitPackage(packages)?.one).toBe(firstInPairs(packages));
    }),
  );
});
