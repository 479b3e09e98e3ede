import { expect, test } from 'vitest';
import { compareStates, type ChangedTasks, type InputsOf } from '../../lib/signatures/compare-states.ts';
import { explainChanges, explainTask } from '../../lib/signatures/explain-changes.ts';
import type { TaskId } from '../../lib/terms/ids.ts';
import type { Input, InputKind } from '../../lib/terms/inputs.ts';

const input = (kind: InputKind, name: string, value: string, at?: string): Input => ({
  kind,
  name,
  value,
  ...(at === undefined ? {} : { at }),
});

/** What changed, by task: the inputs before and after. */
function changes(tasks: Readonly<Record<string, InputsOf>>): ChangedTasks {
  return compareStates(new Map(Object.entries(tasks) as [TaskId, InputsOf][]));
}

/** CFLAGS of zlib's do_compile changed; its do_install and app's do_configure follow. */
const withOtherFlags = {
  'zlib:do_compile': {
    before: [input('variable', 'CFLAGS', '-O2'), input('variable', 'CC', 'gcc')],
    after: [input('variable', 'CFLAGS', '-O3', 'conf/local.conf:3'), input('variable', 'CC', 'gcc')],
  },
  'zlib:do_install': {
    before: [input('after', 'do_compile', '11')],
    after: [input('after', 'do_compile', '22')],
  },
  'app:do_configure': { before: [input('artifact', 'zlib', 'aa')], after: [input('artifact', 'zlib', 'bb')] },
};
const flags = changes(withOtherFlags);

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
    'variable CFLAGS',
    'hosttool gcc',
  ]);
});

test('tasks that came or went are causes', () => {
  const changed = changes({
    'zlib:do_check': { after: [input('task', 'do_check', 'true', 'zlib.bb:9')] },
    'zlib:do_build': { before: [input('after', 'do_old', '1')], after: [input('after', 'do_check', '2')] },
    'zlib:do_old': { before: [] },
  });
  expect(explainChanges(changed)).toEqual({
    causes: [
      { task: 'zlib:do_check', kind: 'task-added', name: 'do_check', at: 'zlib.bb:9', via: [] },
      { task: 'zlib:do_old', kind: 'task-removed', name: 'do_old', via: [] },
    ],
    cascade: ['zlib:do_build'],
  });
});

test('a task that no build had done before is not a new one', () => {
  const changed = changes({ 'zlib:do_install': { after: [input('task', 'do_install', 'true')] } });
  expect(explainChanges(changed).causes).toEqual([]);
});

test('a dependency that came is a cause, whatever it was made from', () => {
  const changed = changes({
    'app:do_configure': { before: [], after: [input('artifact', 'zlib', 'aa', 'app.bb:4')] },
    'zlib:do_install': { before: [input('variable', 'A', '1')], after: [input('variable', 'A', '2')] },
  });
  expect(explainChanges(changed).causes.map(({ kind, name, at }) => [kind, name, at])).toEqual([
    ['variable', 'A', undefined],
    ['dependency', 'zlib', 'app.bb:4'],
  ]);
});

test('a variable that is used no longer has no new value', () => {
  const changed = changes({ 'zlib:do_compile': { before: [input('variable', 'OLD', '1')], after: [] } });
  expect(explainChanges(changed).causes).toEqual([
    { task: 'zlib:do_compile', kind: 'variable', name: 'OLD', from: '1', via: [] },
  ]);
});

test('of several statements the one is named that is new or has another text, though lines moved', () => {
  const flags = (value: string, ...parts: [string, string][]): Input => ({
    kind: 'variable',
    name: 'CFLAGS',
    value,
    at: parts.at(-1)?.[0] ?? '',
    parts: parts.map(([at, mark]) => ({ at, mark })),
  });
  const places = (before: Input, after: Input) =>
    explainChanges(changes({ 'zlib:do_compile': { before: [before], after: [after] } })).causes.map(
      ({ at, was }) => [at, was],
    );
  const base: [string, string] = ['base.conf:9', 'aaaaaaaa'];
  const own: [string, string] = ['zlib.bb:3', 'bbbbbbbb'];
  expect(
    places(flags('1', base), flags('2', base, ['local.conf:1', 'cccccccc'], ['zlib.bb:4', own[1]])),
  ).toEqual([['zlib.bb:4', undefined]]);
  expect(
    places(flags('1', base, own), flags('2', ['base.conf:8', 'dddddddd'], ['zlib.bb:4', own[1]])),
  ).toEqual([['base.conf:8', undefined]]);
  expect(places(flags('1', base, own), flags('2', base))).toEqual([['base.conf:9', 'zlib.bb:3']]);
});

test('a variable that was asked for a word is the cause, not the text that asked', () => {
  const text = (answer: string): Input[] => [
    input(
      'variable',
      'EXTRA',
      `\${@bb.utils.contains('FEATURES', 'pam', 'a', 'b', d)}\nFEATURES{pam} = ${answer}`,
    ),
  ];
  const changed = changes({ 'zlib:do_compile': { before: text('Unset'), after: text('Set') } });
  expect(explainChanges(changed).causes).toMatchObject([
    { kind: 'variable', name: 'FEATURES', from: 'without pam', to: 'with pam' },
  ]);
});

test('what a function answered is told without the call', () => {
  const text = (answer: string): Input[] => [
    input('variable', 'PV', `\${@name(d)[1]}\nname(d)[1] = ${answer}`),
  ];
  const changed = changes({ 'zlib:do_compile': { before: text('1.0'), after: text('1.1') } });
  expect(explainChanges(changed).causes).toMatchObject([{ name: 'PV', from: '1.0', to: '1.1' }]);
  const written = { before: text('1.0'), after: [input('variable', 'PV', '2')] };
  expect(explainChanges(changes({ 'zlib:do_compile': written })).causes).toMatchObject([
    { name: 'PV', from: '1.0', to: '2' },
  ]);
  const plain = { before: text('1.0'), after: [input('variable', 'PV', '1.0')] };
  expect(explainChanges(changes({ 'zlib:do_compile': plain })).causes).toMatchObject([
    { name: 'PV', from: text('1.0')[0]?.value, to: '1.0' },
  ]);
});

test('a patch is one cause, though do_unpack and do_patch both have it', () => {
  const changed = changes({
    'zlib:do_unpack': {
      before: [input('file', 'a.patch', 'sha256:11 644')],
      after: [input('file', 'a.patch', 'sha256:22 644')],
    },
    'zlib:do_patch': {
      before: [input('source', 'a.patch', 'patch 1 sha256:11 644')],
      after: [input('source', 'a.patch', 'patch 1 sha256:22 644')],
    },
  });
  expect(explainChanges(changed).causes).toMatchObject([
    { kind: 'file', name: 'a.patch', tasks: ['zlib:do_patch', 'zlib:do_unpack'] },
  ]);
});

test('what only hangs on others has no cause of its own, and leads on to theirs', () => {
  const hanging = (...on: string[]): InputsOf => ({
    before: [],
    after: [],
    hangsOn: on as TaskId[],
  });
  const all = changes({
    ...withOtherFlags,
    'zlib:do_install': hanging('zlib:do_compile'),
    'app:do_configure': hanging('zlib:do_install'),
    'app:do_compile': hanging('app:do_configure'),
  });
  expect(explainTask(all, 'app:do_configure' as TaskId)).toMatchObject({
    causes: [{ task: 'zlib:do_compile', name: 'CFLAGS', via: ['zlib:do_install', 'zlib:do_compile'] }],
    cascade: ['app:do_compile'],
  });
});
