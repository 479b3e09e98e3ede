import { expect, test } from 'vitest';
import { findText } from '../../lib/operations/lineage/find-text.ts';
import { logRevision } from '../../lib/operations/log-revision.ts';
import { formatLog } from '../../lib/reporting/format-log.ts';
import { createPaint } from '../../lib/reporting/paint.ts';
import { memoryObjects } from '../support/memory-objects.ts';
import { buildDir, worldWithBuilds, type BuildState } from './recorded.ts';

const state = (greeting: string): BuildState => ({
  recipes: {
    app: {
      tasks: {
        do_unpack: { files: { 'a.c': 'int main;\n' } },
        do_patch: { files: { 'a.c': `${greeting} ${greeting}\n` } },
        do_compile: { files: { 'a.c': `${greeting} ${greeting}\n`, 'a.o': `\0${greeting}` } },
        do_install: { files: { 'a.c': `${greeting}\n`, 'image/a': `\0${greeting}` } },
      },
      artifact: { 'usr/a': greeting },
    },
  },
});

const greeted = [state('hello'), state('hello'), state('ahoy')];
const ask = (rev: string, across: boolean, paths: readonly string[] = [], builds = greeted) =>
  logRevision(
    worldWithBuilds(builds),
    {
      buildDir,
      rev,
      across,
      paths,
      text: 'hello',
    },
    () => {},
  ).map(({ task, builds, found }) => [
    task,
    builds,
    ...(found ?? []).map(({ path, from, to }) => `${from} -> ${to} ${path}`),
  ]);

test('log -S leaves the tasks by which a text came or went, with the files', () => {
  expect(ask('app@1', false)).toEqual([
    ['do_patch', [1, 2], '0 -> 2 a.c'],
    ['do_compile', [1, 2], '0 -> 1 a.o'],
    ['do_install', [1, 2], '2 -> 1 a.c', '1 -> 0 a.o', '0 -> 1 image/a'],
  ]);
  expect(ask('app@1', false, ['image'])).toEqual([['do_install', [1, 2], '0 -> 1 image/a']]);
  expect(ask('app@3', false)).toEqual([]);
});

test('over builds it tells since when a text is in a result', () => {
  expect(ask('app', true)).toEqual([
    ['do_install', [1, 2], '0 -> 1 image/usr/a'],
    ['do_install', [3], '1 -> 0 image/usr/a'],
  ]);
  expect(ask('app:patch', true, ['b'])).toEqual([]);
  // Build 4 takes up what build 1 made: the fifth is compared with that, not with the row above.
  const back = [...greeted, state('hello'), state('hello again')];
  expect(ask('app', true, [], back)).toEqual([
    ['do_install', [1, 2, 4], '0 -> 1 image/usr/a'],
    ['do_install', [3], '1 -> 0 image/usr/a'],
  ]);
});

test('a text that lies across two pieces of a large file is found, and counted once', () => {
  const objects = memoryObjects();
  const oid = objects.writeBlob(Buffer.from('xhellohelloy'));
  const cut = (size: number) => ({
    ...objects,
    openBlob: () => {
      const bytes = objects.readBlob(oid);
      const starts = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => i * size);
      return { size: bytes.length, pieces: () => starts.map((at) => bytes.subarray(at, at + size)) };
    },
  });
  const change = { status: 'A', path: 'a', to: { kind: 'file', mode: 0o100644, oid } } as const;
  for (const size of [1, 2, 3, 4, 5, 7, 12])
    expect(findText(cut(size), [change], 'hello')).toEqual([{ path: 'a', from: 0, to: 2 }]);
});

test('where no task changed what is asked for, that is said', () => {
  const paint = createPaint(false);
  expect(formatLog([], { paint, sought: 'usr/bin' })).toBe('no task commit changed usr/bin\n');
  expect(formatLog([], { paint })).toBe('no task commits: its result came from the artifact store\n');
});

test('the files stand below their row', () => {
  const row = {
    task: 'do_patch',
    tree: '0' as never,
    builds: [1],
    ok: true,
    files: { added: 0, modified: 1, deleted: 0 },
  };
  expect(
    formatLog([{ ...row, found: [{ path: 'a.c', from: 0, to: 2 }] }, row], { paint: createPaint(false) }),
  ).toBe('do_patch  +0  ~1  -0  build 1\n  +2 in a.c\ndo_patch  +0  ~1  -0  build 1\n');
});

test('a row tells since when its result is there: when the first build that has it ended', () => {
  const row = {
    task: 'do_patch',
    tree: '0' as never,
    builds: [1, 2],
    ok: true,
    durationMs: 40,
    files: { added: 0, modified: 1, deleted: 0 },
  };
  const dated = { ...row, since: new Date(2026, 0, 31, 14, 5).toISOString() };
  expect(formatLog([dated], { paint: createPaint(false) })).toBe(
    'do_patch  +0  ~1  -0  2026-01-31 14:05  40 ms  builds 1-2\n',
  );
});

test('a result of an earlier build has the time when that ended, over builds too', () => {
  const world = worldWithBuilds([state('hello'), state('hello'), state('ahoy')]);
  const times = (rev: string, across: boolean) =>
    logRevision(world, { buildDir, rev, across, paths: [] }, () => {}).map(({ since }) => since);
  const ended = (build: number): string => new Date((1_700_000_000 + build - 1) * 1000).toISOString();
  expect(new Set(times('app@2', false))).toEqual(new Set([ended(1)]));
  expect(times('app', false)).toContain(ended(3));
  expect(times('app', true)).toEqual([ended(1), ended(3)]);
});
