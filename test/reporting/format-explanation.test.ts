import { expect, test } from 'vitest';
import type { ExplainedCause, Explanation } from '../../lib/operations/explaining/explanation.ts';
import type { Outcome } from '../../lib/operations/explaining/outcome.ts';
import { explanationDocument, formatExplanation } from '../../lib/reporting/format-explanation.ts';
import { createPaint } from '../../lib/reporting/paint.ts';
import { taskId } from '../../lib/terms/ids.ts';
import type { Reason } from '../../lib/terms/verdict.ts';

const view = {
  world: { cwd: '/work/build', now: () => 0 },
  paint: createPaint(false),
  verbose: false,
  quiet: false,
};
const compile = taskId('zlib', 'do_compile');
const cflags: ExplainedCause = {
  task: compile,
  kind: 'variable',
  name: 'CFLAGS',
  from: '-O2',
  to: '-O3',
  at: 'conf/local.conf:3',
  via: [],
};
const run = (build: number, ok = true) => ({
  build,
  task: taskId('app', 'do_configure'),
  ok,
  start: '',
  durationMs: 1,
  recordMs: 1,
  host: 'h',
});
const explained: Explanation = {
  task: taskId('app', 'do_configure'),
  verdict: 'run',
  reason: { kind: 'inputs-changed' },
  from: 2,
  to: 3,
  outcome: { kind: 'ran', run: run(3) },
  causes: [cflags],
  cascade: [taskId('app', 'do_compile'), taskId('app', 'do_install')],
};
const lines = (explanation: Explanation): string[] =>
  formatExplanation(explanation, view).trimEnd().split('\n');

test('the cause is the first line, then what came of it, then what followed', () => {
  expect(formatExplanation(explained, view))
    .toBe(`variable CFLAGS: "-O2" → "-O3" (conf/local.conf:3) in zlib:do_compile
app:do_configure ran in build 3: its inputs changed since build 2
what followed: app:do_compile, app:do_install
`);
});

test.each([
  [{ run: 19, restore: 0, failed: 0 }, ': 19 ran, 8 current; everything was built for the first time'],
  [{ run: 0, restore: 1, failed: 0 }, ': 1 restored, 8 current'],
  [{ run: 2, restore: 1, failed: 0 }, ': 2 ran, 1 restored, 8 current'],
  [{ run: 2, restore: 0, failed: 1 }, ': 1 failed, 2 ran, 8 current'],
])('of the first build it is told what came of the tasks, and no more: %o', (some, said) => {
  const counts = { ...some, current: 8, covered: 0, skipped: 0 };
  const first: Explanation = { verdict: 'run', to: 1, counts, causes: [], cascade: [] };
  expect(lines(first)).toEqual([`build 1 is the first one here${said}`]);
});

test('of a task that only took up an older result it is not said that it ran', () => {
  const undone: Explanation = { ...explained, verdict: 'current', outcome: { kind: 'taken-up', from: 1 } };
  expect(lines(undone)[1]).toBe(
    'app:do_configure did not run in build 3: its result of build 1 was taken up',
  );
});

test.each<[Outcome, string]>([
  [{ kind: 'restored' }, 'the artifact store or a mirror had what these inputs make'],
  [{ kind: 'covered' }, 'a task that comes after it had its result already'],
  [
    { kind: 'covered', by: { task: 'do_install' } },
    'the artifact store or a mirror had what do_install makes of it',
  ],
  [{ kind: 'covered', by: { task: 'do_install', from: 1 } }, 'what do_install made of it in build 1 stands'],
])('of a task that nobody needed it is said why: %o', (outcome, why) => {
  const idle: Explanation = { ...explained, verdict: 'covered', outcome, causes: [], cascade: [] };
  expect(lines(idle)).toEqual([`app:do_configure did not run in build 3: ${why}`]);
});

test.each<[Reason, string]>([
  [{ kind: 'inputs-changed' }, 'its inputs changed since build 2'],
  [{ kind: 'never-built' }, 'it was never built'],
  [{ kind: 'never-built', failed: { build: 3, sameInputs: true } }, 'it failed in build 3'],
  [
    { kind: 'never-built', failed: { build: 3, sameInputs: false } },
    'its inputs changed since it failed in build 3',
  ],
  [{ kind: 'inputs-changed', failed: { sameInputs: true } }, 'it was cut off'],
  [{ kind: 'missing', what: 'its archive is missing' }, 'its archive is missing'],
])('what would happen now is told with its reason: %o', (reason, told) => {
  expect(lines({ task: compile, verdict: 'run', reason, from: 2, causes: [], cascade: [] })).toEqual([
    `zlib:do_compile would run: ${told}`,
  ]);
});

test('what hangs on a result that nobody knows yet may run', () => {
  const { task = compile } = explained;
  expect(lines({ task, verdict: 'depends', on: [compile], from: 2, causes: [cflags], cascade: [] })[1]).toBe(
    'app:do_configure may run: that hangs on what zlib will produce; its result last stood in build 2',
  );
});

test('long values are told by the words that differ', () => {
  const from = `-O2 ${'-ffile-prefix-map=/very/long/path/of/a/build/directory=/usr/src '.repeat(3)}`;
  const cause = { ...cflags, from, to: `${from} -g` };
  expect(lines({ ...explained, causes: [cause] })[0]).toContain('variable CFLAGS: now also "-g"');
});

test('a function is told by the lines that changed', () => {
  const cause = {
    ...cflags,
    kind: 'function' as const,
    name: 'do_compile',
    from: '\techo a\n\tmake\n\techo c\n',
    to: '\techo a\n\tmake -s\n\techo c\n',
  };
  expect(lines({ ...explained, causes: [cause] })[0]).toContain('function do_compile: "make" → "make -s" (');
  const more = { ...cause, to: '\techo a\n\tmake -s\n\tmake check\n\techo c\n' };
  expect(lines({ ...explained, causes: [more] })[0]).toContain(
    'function do_compile: +2 -1, "make" → "make -s" (',
  );
});

test('a file is told by how much of it changed, and from where the reader stands', () => {
  const file = (from: string, to: string, more: Partial<ExplainedCause> = {}): string | undefined => {
    const cause = {
      ...cflags,
      kind: 'file' as const,
      name: 'a.c',
      from,
      to,
      at: '/work/layer/files/a.c',
      ...more,
    };
    return lines({ ...explained, causes: [cause] })[0];
  };
  const lineCount = { stat: { lines: { added: 2, deleted: 1 }, bytes: [10, 20] as const } };
  expect(file('sha256:aa 644', 'sha256:bb 644', lineCount)).toBe(
    'file a.c: +2 -1 (../layer/files/a.c) in zlib:do_compile',
  );
  expect(file('sha256:aa 644', 'sha256:bb 755', { stat: { bytes: [10, 2048] } })).toContain(
    'a.c: 10 bytes → 2.0 KiB, mode 644 → 755 (',
  );
  expect(file('sha256:aa 644', 'sha256:aa 755')).toContain('a.c: mode 644 → 755 (');
  expect(file('sha256:aa 644', 'sha256:bb 644')).toContain('a.c: its content changed (');
});

test('where a statement is gone, it is told beside the one that holds now', () => {
  const cause = { ...cflags, from: '-O2 -g', to: '-O2', at: 'conf/distro.conf:5', was: 'conf/local.conf:3' };
  expect(lines({ ...explained, causes: [cause] })[0]).toContain(
    '(conf/distro.conf:5, no longer conf/local.conf:3)',
  );
});

test('five lines are told at most, all of them with -v', () => {
  const causes = Array.from({ length: 8 }, (_, i): ExplainedCause => ({ ...cflags, name: `V${i}` }));
  expect(lines({ ...explained, causes })).toEqual([
    'variable V0: "-O2" → "-O3" (conf/local.conf:3) in zlib:do_compile',
    'variable V1: "-O2" → "-O3" (conf/local.conf:3) in zlib:do_compile',
    'and 6 further causes (-v tells all)',
    'app:do_configure ran in build 3: its inputs changed since build 2',
    'what followed: app:do_compile, app:do_install',
  ]);
  expect(formatExplanation({ ...explained, causes }, { ...view, verbose: true })).toContain('variable V7');
});

test('a task that nothing touched is told so', () => {
  expect(lines({ task: compile, verdict: 'current', from: 2, to: 3, causes: [], cascade: [] })).toEqual([
    'zlib:do_compile: nothing that it depends on changed from build 2 to build 3',
  ]);
});

test('a build is told with what came of its tasks', () => {
  const counts = { run: 0, restore: 0, current: 4, covered: 2, failed: 0, skipped: 0 };
  const build: Explanation = { verdict: 'current', from: 2, to: 3, counts, causes: [], cascade: [] };
  expect(lines(build)).toEqual(['nothing changed from build 2 to build 3: 4 current, 2 covered']);
  expect(lines({ ...build, causes: [cflags], appeared: ['app'] })[1]).toBe(
    'build 3, compared with build 2: 4 current, 2 covered; nothing ran, older results were taken up; new: app',
  );
});

test('as a document it has the fields that tools rely on', () => {
  expect(explanationDocument(explained)).toEqual({
    schema: 1,
    task: 'app:do_configure',
    verdict: 'run',
    reason: { kind: 'inputs-changed' },
    from: 2,
    to: 3,
    outcome: { kind: 'ran', run: run(3) },
    causes: [cflags],
    cascade: ['app:do_compile', 'app:do_install'],
  });
});

test('edits that are used no more are told apart from those that came', () => {
  const edited = { task: compile, kind: 'edited', name: 'do_compile', via: [] } as const;
  const firstLine = (cause: ExplainedCause): string | undefined =>
    lines({ ...explained, causes: [cause] })[0];
  const told = 'edits of a person in the WORKDIR, from do_compile on in zlib:do_compile';
  expect(firstLine({ ...edited, to: 'f00d' })).toBe(told);
  expect(firstLine({ ...edited, from: 'f00d' })).toBe(`no longer ${told}`);
});
