import { expect, test } from 'vitest';
import type { InputsOf } from '../../lib/signatures/compare-states.ts';
import { computeSignature } from '../../lib/signatures/compute-signature.ts';
import { explainChanges } from '../../lib/signatures/explain-changes.ts';
import { followChanges, type FindState } from '../../lib/signatures/follow-changes.ts';
import type { TaskId } from '../../lib/terms/ids.ts';
import type { Input } from '../../lib/terms/inputs.ts';

const compiled = (flags: string): readonly Input[] => [{ kind: 'variable', name: 'CFLAGS', value: flags }];
const installed = (flags: string): readonly Input[] => [
  { kind: 'after', name: 'do_compile', value: computeSignature(compiled(flags)) },
];
const install = 'zlib:do_install' as TaskId;
const compile = 'zlib:do_compile' as TaskId;

/** Knows do_compile with these flags. */
const knowing =
  (...all: string[]): FindState =>
  (task, { value }) =>
    task === compile ? all.map(compiled).find((inputs) => computeSignature(inputs) === value) : undefined;

test('what do_install last saw of do_compile counts, not what the build before had made of it alone', () => {
  const changed = new Map([[install, { before: installed('-O1'), after: installed('-O2') }]]);
  const find = { before: knowing('-O1', '-O2'), after: knowing('-O2') };
  expect(explainChanges(followChanges(changed, find))).toEqual({
    causes: [{ task: compile, kind: 'variable', name: 'CFLAGS', from: '-O1', to: '-O2', via: [] }],
    cascade: [install],
  });
});

test('where both builds changed do_compile, it is told from the state that do_install had seen', () => {
  const changed = new Map([
    [install, { before: installed('-O1'), after: installed('-O3') }],
    [compile, { before: compiled('-O2'), after: compiled('-O3') }],
  ]);
  const find = { before: knowing('-O1', '-O2'), after: knowing('-O3') };
  expect(explainChanges(followChanges(changed, find)).causes).toMatchObject([{ from: '-O1', to: '-O3' }]);
});

test('a state that is no longer recorded leaves the dependency as the cause', () => {
  const changed = new Map([[install, { before: installed('-O1'), after: installed('-O2') }]]);
  const find = { before: knowing(), after: knowing('-O2') };
  expect(explainChanges(followChanges(changed, find)).causes).toMatchObject([
    { task: install, kind: 'dependency', name: 'do_compile' },
  ]);
});

test('what hangs on others only is told all the same where do_install had seen another state of it', () => {
  const was = computeSignature(compiled('-O2'));
  const changed = new Map<TaskId, InputsOf>([
    [install, { before: installed('-O1'), after: installed('-O3') }],
    [compile, { before: [], after: [], was, hangsOn: [] }],
  ]);
  const find = { before: knowing('-O1', '-O2'), after: knowing('-O3') };
  expect(explainChanges(followChanges(changed, find)).causes).toMatchObject([{ from: '-O1', to: '-O3' }]);
});
