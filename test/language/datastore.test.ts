import { expect, test } from 'vitest';
import { configuration, errorOf } from './reading.ts';

test('every statement that had a part in a value is remembered, those of an active override last', () => {
  const { data } = configuration(
    'OVERRIDES = "arm"',
    'A ?= "1"',
    'A:append = " 2"',
    'A:arm = "3"',
    'A[doc] = "d"',
  );
  const at = { file: '/conf/t.conf' };
  expect(data.origins('A')).toEqual([
    { ...at, line: 2, operation: 'set?', detail: '1' },
    { ...at, line: 3, operation: ':append', detail: ' 2' },
    { ...at, line: 5, operation: 'set', detail: 'd', flag: 'doc' },
    { ...at, line: 4, operation: 'override[arm]:set', detail: '3' },
  ]);
  expect(data.get('A')).toBe('3 2');
});

test('what a variable refers to in a circle is named with its whole way', () => {
  const { data } = configuration('A = "${B}"', 'B = "${C}"', 'C = "x ${A}"');
  expect(errorOf(() => data.get('A'))).toEqual(['/conf/t.conf:1', 'A refers to itself: A -> B -> C -> A']);
  expect(errorOf(() => data.expand('${B}'))).toEqual([
    '/conf/t.conf:2',
    'B refers to itself: B -> C -> A -> B',
  ]);
});

test('a task sees its own override, the weakest of all', () => {
  const { data } = configuration(
    'OVERRIDES = "arm"',
    'FLAGS = "all"',
    'FLAGS:task-populate-sysroot = "task"',
    'FLAGS:arm:append = ""',
    'WORDS:append:task-populate-sysroot = "late"',
  );
  const task = data.withTask('do_populate_sysroot');
  expect(task.overrides()).toEqual(['task-populate-sysroot', 'arm']);
  expect(task.get('WORDS')).toBe('late');
  expect(data.get('WORDS')).toBeUndefined();
  expect(data.overrides()).toEqual(['arm']);
});

test('overrides are worked out anew when a variable that OVERRIDES depends on changes', () => {
  const { data } = configuration(
    'OVERRIDES = "pn-${PN}"',
    'PN = "${NAME}"',
    'NAME = "a"',
    'V = "0"',
    'V:pn-b = "b"',
  );
  expect(data.get('V')).toBe('0');
  data.set('NAME', 'b');
  expect(data.get('V')).toBe('b');
  data.assign('NAME:pn-b', 'c');
  expect(errorOf(() => data.get('V'))[1]).toBe(
    'OVERRIDES depends on variables that it changes, and never comes to rest',
  );
});

test('setVar drops what was added late and what active overrides say; an assignment keeps both', () => {
  const lines = ['OVERRIDES = "o"', 'A = "a"', 'A:append = "+"', 'A:o = "over"'];
  const { data } = configuration(...lines);
  data.assign('A', 'new');
  expect(data.get('A')).toBe('over+');
  data.set('A', 'new');
  expect(data.get('A')).toBe('new');
});

test('flags that the engine keeps are readable but not listed', () => {
  const { data } = configuration('A[doc] = "${B}"', 'B = "b"', 'C[weak] ??= "w"');
  data.setFlag('A', 'func', '1');
  expect([...data.flags('A')]).toEqual([['doc', 'b']]);
  expect(data.rawFlag('A', 'func')).toBe('1');
  expect(data.flag('C', 'weak')).toBe('w');
  expect(data.names()).toEqual(['FILE', 'A', 'B', 'C']);
});

test('the override syntax of old is refused with the new way to write it', () => {
  expect(errorOf(() => configuration('A_append = "x"'))).toEqual([
    '/conf/t.conf:1',
    'A_append uses the override syntax of old, with an underscore',
    'write A:append',
  ]);
});
