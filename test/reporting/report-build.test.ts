import { expect, test } from 'vitest';
import { createPaint } from '../../lib/reporting/paint.ts';
import { reportBuild } from '../../lib/reporting/report-build.ts';
import type { BuildEvent } from '../../lib/terms/events.ts';
import { taskId, type Signature } from '../../lib/terms/ids.ts';
import type { VerdictKind } from '../../lib/terms/verdict.ts';
import { memoryWorld } from '../support/memory-world.ts';

const options = { paint: createPaint(false), verbose: false, quiet: false, json: false };
const signature = 'f'.repeat(64) as Signature;

function finished(task: string, verdict: VerdictKind, durationMs: number): BuildEvent {
  const id = taskId(task.split(':')[0] ?? '', task.split(':')[1] ?? '');
  return { event: 'task-finished', task: id, verdict, ok: true, signature, durationMs, recordMs: 1 };
}

const failed: BuildEvent = {
  event: 'task-finished',
  task: taskId('app', 'do_compile'),
  verdict: 'run',
  ok: false,
  signature,
  durationMs: 2340,
  recordMs: 2,
  log: 'tmp/work/x/app/temp/log.do_compile',
  exitCode: 2,
  failure: {
    message: 'exit status 2',
    tail: ['app.c:3: error: expected ;', 'make: *** [app.o] Error 1'],
    script: 'tmp/work/x/app/temp/run.do_compile',
    hints: [],
  },
};
const started: BuildEvent = { event: 'build-started', schema: 1, build: 3, targets: ['app'] };
const counts = { run: 1, restore: 1, current: 80, covered: 5, failed: 1, skipped: 2 };
const ended: BuildEvent = {
  event: 'build-finished',
  build: 3,
  ok: false,
  counts,
  warnings: 0,
  errors: 0,
  durationMs: 4100,
};

function said(
  events: readonly BuildEvent[],
  changes: Partial<typeof options> = {},
): { stdout: string; stderr: string } {
  const world = memoryWorld();
  const report = reportBuild(world, { ...options, ...changes });
  for (const event of events) report.event(event);
  report.close();
  return world.written();
}

test('piped, a build is a line for each task that did something, and a summary', () => {
  const events = [
    started,
    finished('zlib:do_compile', 'run', 1200),
    finished('onig:do_install', 'restore', 40),
    finished('jq:do_fetch', 'current', 0),
    failed,
    ended,
  ];
  expect(said(events).stdout).toBe(`build 3: app
zlib:do_compile  ran 1.2 s
onig:do_install  restored 40 ms
app:do_compile  failed after 2.3 s: exit status 2
  | app.c:3: error: expected ;
  | make: *** [app.o] Error 1
  log     tmp/work/x/app/temp/log.do_compile
  script  tmp/work/x/app/temp/run.do_compile
hint: varve shell app:do_compile@failed   a shell where it stopped
hint: varve show app:do_compile@failed    its inputs and its whole log
hint: varve why app:do_compile            why it ran
build 3 failed: 1 failed, 2 not tried, 1 ran, 1 restored, 80 current, 5 covered in 4.1 s
`);
});

test('of what was interrupted it is told that the same command runs it anew, and how to go on where it stopped', () => {
  const { failure: _failure, exitCode: _exitCode, ...rest } = { ...failed, interrupted: true };
  expect(said([started, rest, { ...ended, interrupted: true }]).stdout).toBe(`build 3: app
app:do_compile  interrupted after 2.3 s
  log     tmp/work/x/app/temp/log.do_compile
hint: varve shell app:do_compile@failed   goes on by hand where it stopped
build 3 interrupted: 1 failed, 2 not tried, 1 ran, 1 restored, 80 current, 5 covered in 4.1 s
hint: the same command goes on; what was interrupted runs from its beginning
`);
});

test('-q leaves failures and the summary', () => {
  const events = [started, finished('zlib:do_compile', 'run', 1200), { ...ended, ok: true }] as const;
  expect(said(events, { quiet: true }).stdout).toBe(
    'build 3 ok: 1 failed, 2 not tried, 1 ran, 1 restored, 80 current, 5 covered in 4.1 s\n',
  );
});

test('-n is a line for each verdict that means work, and what the others are', () => {
  const task = (name: string) => taskId('zlib', name);
  const events: BuildEvent[] = [
    { event: 'verdict', task: task('do_fetch'), verdict: 'current' },
    { event: 'verdict', task: task('do_compile'), verdict: 'run', reason: { kind: 'inputs-changed' } },
    { event: 'verdict', task: taskId('app', 'do_configure'), verdict: 'depends', on: [task('do_install')] },
    { ...ended, ok: true },
  ];
  expect(said(events).stdout).toBe(`zlib:do_compile  run  its inputs changed
app:do_configure  depends  on what zlib will produce
1 would run, 1 may run (they depend on what others produce), 1 current (their results stand)
`);
});

test('under --json each event is a line; standing tasks are told only with -v', () => {
  const events = [
    started,
    { event: 'progress', done: 1, total: 2 } as const,
    finished('jq:do_fetch', 'current', 0),
    ended,
  ];
  const lines = said(events, { json: true }).stdout.trimEnd().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as BuildEvent).event)).toEqual([
    'build-started',
    'build-finished',
  ]);
  expect(said(events, { json: true, verbose: true }).stdout.trimEnd().split('\n')).toHaveLength(3);
});

test('warnings go to stderr and do not disturb the lines', () => {
  const warning: BuildEvent = {
    event: 'message',
    level: 'warning',
    about: 'zlib',
    text: 'zlib goes on with edits',
    hints: ['varve edit drop zlib'],
  };
  expect(said([warning])).toEqual({
    stdout: '',
    stderr: 'warning: zlib goes on with edits\nhint: varve edit drop zlib\n',
  });
});

test('what a file is called does not command the terminal that a build is shown at', () => {
  const text = 'so\u001b[2Jck is a socket';
  const events = [started, { event: 'message', level: 'warning', text } as const, ended];
  expect(said(events).stderr).toBe('warning: so·[2Jck is a socket\n');
});
