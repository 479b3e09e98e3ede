import { expect, test } from 'vitest';
import { logRevision } from '../../lib/operations/log-revision.ts';
import { hintsOf } from '../support/hints-of.ts';
import { type BuildState, buildDir, worldWithBuilds } from './recorded.ts';

const program = { 'src/app': 'program\n' };
const world = () =>
  worldWithBuilds([
    {
      recipes: {
        app: {
          tasks: {
            do_unpack: { files: { 'src/app.in': 'source\n', twin: 'twice\n', 'src/twin': 'twice\n' } },
            do_configure: {
              files: { 'src/app.in': 'source\n', twin: 'twice\n', 'src/twin': 'twice\n', ...program },
            },
            do_compile: { files: { 'src/app.in': 'source\n', ...program, 'b/app': 'program\n' } },
            do_install: { files: { ...program, 'image/bin/prog': 'program\n', 'image/twin': 'twice\n' } },
          },
        },
      },
    },
  ]);

const rows = (...paths: readonly string[]): readonly string[] =>
  logRevision(world(), { buildDir, rev: 'app:install', across: false, paths }, () => {}).map(
    ({ task, path, files }) =>
      `${task} +${files.added} ~${files.modified} -${files.deleted}${path === undefined ? '' : ` ${path}`}`,
  );

test('a file is followed to what it was copied from, under the name that it had then', () => {
  expect(rows('b/app')).toEqual([
    'do_configure +1 ~0 -0 src/app',
    'do_compile +1 ~0 -0',
    'do_install +0 ~0 -1',
  ]);
});

test('where several files may be meant, or several paths are asked for, nothing is followed', () => {
  expect(rows('image/bin/prog')).toEqual(['do_install +1 ~0 -0']);
  expect(rows('b/app', 'image')).toEqual(['do_compile +1 ~0 -0', 'do_install +2 ~0 -1']);
});

test('over builds there is a row for each state of the path, with all builds that have it', () => {
  const build = (object: string): BuildState => ({
    recipes: { app: { tasks: { do_compile: { files: { 'a.c': 'source\n', 'a.o': object } } } } },
  });
  const builds = (path: string) =>
    logRevision(
      worldWithBuilds([build('1'), build('2'), build('1')]),
      {
        buildDir,
        rev: 'app:compile',
        across: true,
        paths: [path],
      },
      () => {},
    ).map((row) => row.builds);
  expect(builds('a.o')).toEqual([[1, 3], [2]]);
  expect(builds('a.c')).toEqual([[1, 2, 3]]);
});

test('a history that is gone is told, and is not taken for a result from the store', () => {
  const gone = world();
  gone.fs.rmSync(`${buildDir}/history/x/app.git`, { recursive: true });
  const log = (): unknown => logRevision(gone, { buildDir, rev: 'app', across: false, paths: [] }, () => {});
  expect(log).toThrow('what the tasks of app did in build 1 is no longer in its history');
  expect(hintsOf(log)).toEqual([
    'varve build -f -c install app   makes it anew',
    'varve fsck   tells what else is missing',
  ]);
});

test('after a build that failed before it, a file is followed in the newest build that has it; in what failed where that has it', () => {
  const source = { 'a.c': 'source\n' };
  const failed: BuildState = {
    ok: false,
    recipes: { app: { tasks: { do_unpack: { files: { 'a.c': 'other\n' } } } } },
  };
  const whole = {
    do_unpack: { files: source },
    do_install: { files: { ...source, 'image/bin/app': 'program\n' } },
  };
  const asked = (rev: string, path: string) =>
    logRevision(
      worldWithBuilds([{ recipes: { app: { tasks: whole, artifact: { 'bin/app': 'program\n' } } } }, failed]),
      { buildDir, rev, across: false, paths: [path] },
      () => {},
    ).map(({ task, builds }) => `${task} ${builds.join()}`);
  expect(asked('app', 'bin/app')).toEqual(['do_install 1']);
  expect(asked('app', 'a.c')).toEqual(['do_unpack 2']);
  expect(asked('app@2', 'bin/app')).toEqual([]);
});
