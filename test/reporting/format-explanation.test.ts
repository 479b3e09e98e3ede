import { expect, test } from 'vitest';
import type { Explanation } from '../../lib/operations/explanation.ts';
import { explanationDocument, formatExplanation } from '../../lib/reporting/format-explanation.ts';
import { createPaint } from '../../lib/reporting/paint.ts';
import type { Cause } from '../../lib/signatures/explain-changes.ts';
import { taskId } from '../../lib/terms/ids.ts';

const view = { world: { cwd: '/', now: () => 0 }, paint: createPaint(false), verbose: false, quiet: false };
const compile = taskId('zlib', 'do_compile');
const cflags: Cause = {
  task: compile,
  kind: 'variable',
  name: 'CFLAGS',
  from: '-O2',
  to: '-O3',
  at: 'conf/local.conf:3',
  via: [],
};
const explained: Explanation = {
  task: taskId('app', 'do_configure'),
  verdict: 'run',
  reason: { kind: 'inputs-changed' },
  from: 2,
  to: 3,
  causes: [cflags],
  cascade: [taskId('app', 'do_compile'), taskId('app', 'do_install')],
  notes: [],
};

test('the cause stands first, what followed apart', () => {
  expect(formatExplanation(explained, view))
    .toBe(`app:do_configure ran because its inputs changed, between build 2 and build 3
  variable CFLAGS: "-O2" → "-O3" (conf/local.conf:3) in zlib:do_compile
  what followed: app:do_compile, app:do_install
`);
});

test('of what would happen now it is said so', () => {
  expect(formatExplanation({ ...explained, now: true, cascade: [] }, view).split('\n')[0]).toBe(
    'app:do_configure would run because its inputs changed, compared with build 2',
  );
});

test('long values are told by the words that differ', () => {
  const from = `-O2 ${'-ffile-prefix-map=/very/long/path/of/a/build/directory=/usr/src '.repeat(3)}`;
  const cause = { ...cflags, from, to: `${from} -g` };
  expect(formatExplanation({ ...explained, causes: [cause] }, view)).toContain('variable CFLAGS: "" → "-g"');
});

test('five causes are told, all of them with -v', () => {
  const causes = Array.from({ length: 8 }, (_, i): Cause => ({ ...cflags, name: `V${i}` }));
  expect(formatExplanation({ ...explained, causes }, view)).toContain(
    '  and 3 further causes (-v tells all)\n',
  );
  expect(formatExplanation({ ...explained, causes }, { ...view, verbose: true })).toContain('variable V7');
});

test('a task that nothing touched is current', () => {
  expect(
    formatExplanation(
      { task: compile, verdict: 'current', from: 2, to: 3, causes: [], cascade: [], notes: [] },
      view,
    ),
  ).toBe('zlib:do_compile is current: nothing that it depends on changed, between build 2 and build 3\n');
});

test('as a document it has the fields that tools rely on', () => {
  expect(explanationDocument(explained)).toEqual({
    schema: 1,
    task: 'app:do_configure',
    verdict: 'run',
    reason: { kind: 'inputs-changed' },
    from: 2,
    to: 3,
    causes: [cflags],
    cascade: ['app:do_compile', 'app:do_install'],
    notes: [],
  });
});
