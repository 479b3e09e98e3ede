import { expect, test } from 'vitest';
import type { ShownTask } from '../../lib/operations/lineage/shown-revision.ts';
import { formatShown, shownDocument } from '../../lib/reporting/format-shown.ts';
import { createPaint } from '../../lib/reporting/paint.ts';
import { type CommitId, type ObjectId, taskId, type TaskId, type TreeId } from '../../lib/terms/ids.ts';

const view = { world: { cwd: '/b', now: () => 0 }, paint: createPaint(false), verbose: false, quiet: false };
const failed: ShownTask = {
  kind: 'task',
  rev: 'zlib:do_compile@failed',
  task: 'zlib:do_compile',
  ok: false,
  commit: 'c'.repeat(40) as CommitId,
  tree: 'd'.repeat(40) as TreeId,
  builds: [3],
  runs: [
    {
      build: 3,
      task: taskId('zlib', 'do_compile'),
      ok: false,
      start: '',
      durationMs: 1200,
      recordMs: 1,
      host: 'here',
      exitCode: 2,
    },
  ],
  inputs: [
    { kind: 'variable', name: 'CFLAGS', value: '-O2' },
    { kind: 'hosttool', name: 'gcc', value: 'gcc 12' },
  ],
  files: [{ path: 'zlib.o', status: 'A' }],
  counts: { added: 1, modified: 0, deleted: 0 },
  consumers: [],
  log: 'cc: broken\n',
};

test('of a failure the log comes first, and inputs are only counted', () => {
  expect(formatShown(failed, view)).toBe(`zlib:do_compile@failed failed
  commit       ${'c'.repeat(40)}
  tree         ${'d'.repeat(40)}
  builds       3
  ran          1.2 s in build 3 on here
  exit status  2
log
cc: broken
files: 1 added, 0 modified, 0 deleted
  A  zlib.o
2 inputs (-v tells them)
`);
});

test('with -v the inputs of a failure are told, after all else', () => {
  expect(formatShown(failed, { ...view, verbose: true })).toMatch(
    /log\ncc: broken\nfiles: [^]*\n2 inputs\n {2}variable CFLAGS = "-O2"\n/,
  );
});

test('of a success the log comes last', () => {
  expect(formatShown({ ...failed, rev: 'zlib@3:do_compile', ok: true }, view)).toMatch(
    /files: [^]*\n2 inputs\n[^]*\nlog\ncc: broken\n$/,
  );
});

test('files are told with the sizes that they were left with, and the script as the recipe has it', () => {
  const done: ShownTask = {
    ...failed,
    ok: true,
    files: [
      { path: 'b/zlib.o', status: 'A', to: { mode: 0o100644, size: 1234, oid: 'e'.repeat(40) as ObjectId } },
      { path: 'gone', status: 'D', from: { mode: 0o100644, size: 1 } },
    ],
    inputs: [
      { kind: 'function', name: 'oe_runmake', value: '\n\tmake "$@"\n' },
      {
        kind: 'task',
        name: 'do_compile',
        value: '\tif true; then\n\t\toe_runmake all\n\tfi\n',
        at: 'zlib.bb:3',
      },
      ...failed.inputs,
    ],
  };
  const told = formatShown(done, view);
  expect(told).toContain('\n  A  1234  b/zlib.o\n  D        gone\n');
  expect(told).toContain(`
script
  do_compile  (zlib.bb:3)
  \tif true; then
  \t\toe_runmake all
  \tfi
  oe_runmake
  \tmake "$@"
4 inputs
  variable CFLAGS = "-O2"
`);
  expect(shownDocument(done)).toMatchObject({ files: [{ path: 'b/zlib.o', size: 1234 }, { path: 'gone' }] });
});

test('who was given what a task made is told with a line a recipe', () => {
  const consumers = ['zlib:do_install', 'app:do_configure', 'app:do_compile'] as TaskId[];
  expect(formatShown({ ...failed, ok: true, consumers }, view)).toContain(
    '\nused by\n  zlib: do_install\n  app: do_configure, do_compile\n2 inputs\n',
  );
});
