import { expect, test } from 'vitest';
import { explainChanges, explainTask, type InputsOf } from '../../lib/signatures/explain-changes.ts';
import type { TaskId } from '../../lib/terms/ids.ts';
import type { Input, InputKind } from '../../lib/terms/inputs.ts';

const input = (kind: InputKind, name: string, value: string, at?: string): Input => ({
  kind,
  name,
  value,
  ...(at === undefined ? {} : { at }),
});

/** What changed, by task: the inputs before and after. */
function changes(tasks: Readonly<Record<string, InputsOf>>): ReadonlyMap<TaskId, InputsOf> {
  return new Map(Object.entries(tasks) as [TaskId, InputsOf][]);
}

/** CFLAGS of zlib's do_compile changed; its do_install and app's do_configure follow. */
const flags = changes({
  'zlib:do_compile': {
    before: [input('variable', 'CFLAGS', '-O2'), input('variable', 'CC', 'gcc')],
    after: [input('variable', 'CFLAGS', '-O3', 'conf/local.conf:3'), input('variable', 'CC', 'gcc')],
  },
  'zlib:do_install': {
    before: [input('after', 'do_compile', '11')],
    after: [input('after', 'do_compile', '22')],
  },
  'app:do_configure': { before: [input('artifact', 'zlib', 'aa')], after: [input('artifact', 'zlib', 'bb')] },
});

test('the variable that changed is the cause, and what follows from it is told apart', () => {
  expect(explainChanges(flags)).toEqual({
    causes: [
      {
        task: 'zlib:do_compile',
        kind: 'variable',
        name: 'CFLAGS',
        from: '-O2',
        to: '-O3',
        at: 'conf/local.conf:3',
        via: [],
      },
    ],
    cascade: ['zlib:do_install', 'app:do_configure'],
  });
});

test('asked about a task far below, the cause is found through the tasks between', () => {
  expect(explainTask(flags, 'app:do_configure' as TaskId)).toEqual({
    causes: [
      {
        task: 'zlib:do_compile',
        kind: 'variable',
        name: 'CFLAGS',
        from: '-O2',
        to: '-O3',
        at: 'conf/local.conf:3',
        via: ['zlib:do_install', 'zlib:do_compile'],
      },
    ],
    cascade: [],
  });
});

test('asked about the task with the cause, what follows is its cascade', () => {
  expect(explainTask(flags, 'zlib:do_compile' as TaskId).cascade).toEqual([
    'zlib:do_install',
    'app:do_configure',
  ]);
});

test('an artifact that changed though no input of its recipe did is a cause itself', () => {
  const changed = changes({
    'app:do_configure': {
      before: [input('artifact', 'zlib', 'aa')],
      after: [input('artifact', 'zlib', 'bb')],
    },
  });
  expect(explainChanges(changed).causes).toEqual([
    { task: 'app:do_configure', kind: 'dependency', name: 'zlib', from: 'aa', to: 'bb', via: [] },
  ]);
});

test('one change that reaches several tasks is one cause', () => {
  const pair: InputsOf = {
    before: [input('variable', 'DISTRO', 'a')],
    after: [input('variable', 'DISTRO', 'b')],
  };
  expect(explainChanges(changes({ 'zlib:do_compile': pair, 'app:do_compile': pair })).causes).toEqual([
    {
      task: 'zlib:do_compile',
      kind: 'variable',
      name: 'DISTRO',
      from: 'a',
      to: 'b',
      via: [],
      tasks: ['app:do_compile', 'zlib:do_compile'],
    },
  ]);
});

test('two causes at once are both told', () => {
  const changed = changes({
    'zlib:do_compile': {
      before: [input('variable', 'CFLAGS', '-O2'), input('hosttool', 'gcc', '12')],
      after: [input('variable', 'CFLAGS', '-O3'), input('hosttool', 'gcc', '13')],
    },
  });
  expect(explainChanges(changed).causes.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    'hosttool gcc',
    'variable CFLAGS',
  ]);
});

test('tasks that came or went are causes', () => {
  const changed = changes({
    'zlib:do_check': { after: [input('task', 'do_check', 'true')] },
    'zlib:do_old': { before: [] },
  });
  expect(explainChanges(changed).causes).toEqual([
    { task: 'zlib:do_check', kind: 'task-added', name: 'do_check', via: [] },
    { task: 'zlib:do_old', kind: 'task-removed', name: 'do_old', via: [] },
  ]);
});

test('a variable that is used no longer has no new value', () => {
  const changed = changes({ 'zlib:do_compile': { before: [input('variable', 'OLD', '1')], after: [] } });
  expect(explainChanges(changed).causes).toEqual([
    { task: 'zlib:do_compile', kind: 'variable', name: 'OLD', from: '1', via: [] },
  ]);
});
