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
  const fit = ['y', 'y (>= 1:2.0)', 'y (= 1:2.0-r1)', 'y (< 2:0)', 'y (> 9)', 'w (= 3)', 'v', 'other (>= 9)'];
  expect(fit.filter((depends) => !isFit(kind, { depends }))).toEqual([]);
  const unfit = ['y (>= 1:2.1)', 'y (< 1:2.0)', 'y (= 1:2.0-r2)', 'y (<= 9)', 'w (> 3)'];
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
