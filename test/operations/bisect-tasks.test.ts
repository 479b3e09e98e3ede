import { expect, test } from 'vitest';
import { bisectTasks } from '../../lib/operations/bisect/bisect-tasks.ts';
import { PATCH } from '../../lib/history/patch-commits.ts';
import { buildDir, historyOf, treeOf, worldWithBuilds, type BuildState } from './recorded.ts';

const app: BuildState = {
  recipes: {
    app: {
      tasks: {
        do_fetch: { files: {} },
        do_unpack: { files: { a: '1\n' } },
        do_configure: { files: { a: '1\n' } },
        do_compile: { files: { a: '1\n', b: '2\n' } },
        do_install: { files: { a: '1\n', b: '2\n', 'image/b': '2\n' } },
      },
      artifact: { b: '2\n' },
    },
  },
};

/** Bisects with a command that looks at the names in the WORKDIR; which tasks it ran for. */
function bisecting(judge: (names: readonly string[]) => number) {
  const tried: string[] = [];
  let world = worldWithBuilds([app]);
  const run = (
    _program: string,
    _args: readonly string[],
    { cwd = '', env = {} }: { cwd?: string; env?: object },
  ) => {
    tried.push((env as Record<string, string>)['VARVE_TASK'] ?? '');
    const status = judge(world.fs.readdirSync(cwd).map(String));
    return { status, signal: null, stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
  };
  world = worldWithBuilds([app], { run });
  const bisect = (ends: { readonly good?: string; readonly bad?: string; readonly rev?: string } = {}) =>
    bisectTasks(world, { buildDir, rev: 'app', command: ['judge'], again: false, ...ends }, () => {});
  return { bisect, tried, world };
}

test('the first task after which the command fails is found, from do_unpack on, and no task runs', async () => {
  const { bisect, tried } = bisecting((names) => (names.includes('b') ? 1 : 0));
  expect(await bisect()).toMatchObject({
    over: 'tasks',
    build: 1,
    firstBad: { task: 'do_compile' },
    lastGood: { task: 'do_unpack' },
    predicateRuns: 3,
    tasksRun: 0,
  });
  expect(tried).toEqual(['do_unpack', 'do_install', 'do_compile']);
});

test('ends may be named, and must be what they are said to be', async () => {
  const { bisect } = bisecting((names) => (names.includes('image') ? 1 : 0));
  expect(await bisect({ good: 'compile', bad: 'do_install' })).toMatchObject({
    firstBad: { task: 'do_install' },
    lastGood: { task: 'do_compile' },
  });
  await expect(bisect({ rev: 'app@1:compile' })).rejects.toThrow('do_compile was given as bad and is good');
  await expect(bisect({ good: 'install', bad: 'unpack' })).rejects.toThrow(
    'nothing was changed in app from do_install to do_unpack',
  );
  await expect(bisect({ good: 'unpak' })).rejects.toThrow(
    expect.objectContaining({ hints: ['did you mean "do_unpack"?'] }),
  );
});

test('a patch is told as such', async () => {
  const { bisect, world } = bisecting((names) => (names.includes('new') ? 1 : 0));
  const history = historyOf(world, 'app');
  const commit = (
    subject: string,
    files: Record<string, string>,
    parents: readonly string[],
    trailers: [string, string][],
  ) =>
    history.commit({
      tree: treeOf(world, 'app', files),
      parents: parents as never,
      subject,
      trailers,
      time: 0,
    });
  const task = (name: string): [string, string][] => [
    ['Task', `app:${name}`],
    ['Signature', '0'.repeat(64)],
    ['Step', '0'.repeat(64)],
  ];
  const unpacked = commit('do_unpack', { a: '1\n' }, [], task('do_unpack'));
  const first = commit('first', { a: '2\n' }, [unpacked], [[PATCH, '1.patch']]);
  const second = commit('second', { a: '2\n', new: '' }, [first], [[PATCH, '2.patch']]);
  const patched = commit('do_patch', { a: '2\n', new: '' }, [second], task('do_patch'));
  history.refs.write('refs/tags/do_patch@failed', patched);
  // What failed can be searched as well.
  await expect(bisect({ rev: 'app:patch@failed' })).resolves.toMatchObject({
    firstBad: { task: 'do_patch', patch: '2.patch' },
    lastGood: { task: 'do_patch', patch: '1.patch' },
  });
});
