import { expect, test } from 'vitest';
import { compareVersions } from '../../lib/language/compare-versions.ts';
import { pythonView } from '../../lib/language/python-view.ts';
import { at, bodyOf, python, store } from './python-store.ts';

test('a function changes the datastore as d says', () => {
  const { data, view } = store({ SET: 'old', APPEND: 'a', GONE: '1', MOVED: 'm' });
  data.setFlag('SET', 'doc', 'text');
  const body = `
    d.setVar('SET', 'new')
    d.appendVar('APPEND', 'b')
    d.prependVar('APPEND', '_')
    d.delVar('GONE')
    d.renameVar('MOVED', 'THERE')
    d.setVarFlag('SET', 'flag', '1')
    d.appendVarFlag('SET', 'flag', '2')
    d.setVar('FLAGS', ' '.join(sorted(d.getVarFlags('SET'))))
    d.setVar('HAS', str('SET' in d) + str('GONE' in d))
    d.setVar('EXPANDED', d.expand('<\${SET}>'))
`;
  expect(python().execute(bodyOf(body), view)).toEqual({ ok: true, value: '' });
  const names = ['SET', 'APPEND', 'GONE', 'MOVED', 'THERE', 'FLAGS', 'HAS', 'EXPANDED'];
  expect(Object.fromEntries(names.map((name) => [name, data.get(name)]))).toEqual({
    SET: 'new',
    APPEND: '_ab',
    GONE: undefined,
    MOVED: undefined,
    THERE: 'm',
    FLAGS: 'doc flag',
    HAS: 'TrueFalse',
    EXPANDED: '<new>',
  });
  expect(data.flag('SET', 'flag')).toBe('12');
});

test('what Python sets has the line that sets it as its origin, in a function that is called too', () => {
  const child = python();
  const { data, view } = store({}, child);
  const text = "def helper(d):\n    d.appendVar('A', 'y')\n";
  child.define({ name: 'helper', text, file: '/layer/a.bbclass', line: 3 });
  const body = "    x = 1\n    d.setVar('A', 'x')\n    helper(d)\n    d.setVarFlag('A', 'f', '1')\n";
  expect(child.execute(bodyOf(body), view).ok).toBe(true);
  expect(data.origins('A')).toEqual([
    { file: '/layer/a.bb', line: 12, operation: 'setVar', detail: 'x' },
    { file: '/layer/a.bbclass', line: 4, operation: ':append', detail: 'y' },
    { file: '/layer/a.bb', line: 14, operation: 'setVarFlag', detail: '1', flag: 'f' },
  ]);
});

test('values that are no texts come back as they were, and say so where they are told as text', () => {
  const child = python();
  const { data, view } = store({}, child);
  const body = `
    d.setVar('LIST', ['a', 'b'])
    d.setVar('NUMBER', 5)
    d.setVar('NONE', None)
    d.setVar('OBJECT', open)
    d.setVarFlag('NUMBER', 'on', True)
    values = (d.getVar('LIST')[1], d.getVar('NUMBER') + 1, d.getVar('NONE'), d.getVar('OBJECT') is open)
    d.setVar('SEEN', repr(values) + repr(d.getVarFlag('NUMBER', 'on')))
`;
  expect(child.execute(bodyOf(body), view)).toEqual({ ok: true, value: '' });
  expect(data.get('SEEN')).toBe("('b', 6, None, True)True");
  expect(['LIST', 'NUMBER', 'NONE'].map((name) => data.get(name))).toEqual(["['a', 'b']", '5', undefined]);
  expect(() => data.expand('${NUMBER}')).toThrow(
    'NUMBER is 5, which is no text that could stand for ${NUMBER}',
  );
});

test('an object that was made while recipes were read is not known to a task, which is told so', () => {
  const { data, view } = store();
  expect(python().execute(bodyOf("    d.setVar('OBJECT', open)"), view).ok).toBe(true);
  const other = python().evaluate("d.getVar('OBJECT')", pythonView(data, at));
  expect(other).toMatchObject({
    ok: false,
    failure: { message: expect.stringContaining('was made while the recipe was read') },
  });
});

test('bb.event.fire calls the handlers that listen to the class of the event, in order', () => {
  const { data, view } = store();
  const handler = (name: string, events: readonly string[]) => ({
    name,
    events,
    file: '/layer/a.bb',
    line: 1,
    body: `    d.setVar('HEARD', (d.getVar('HEARD') or '') + ' ${name}:' + bb.event.getName(e))\n`,
  });
  data.note({
    registered: [
      handler('all', []),
      handler('parsed', ['bb.event.RecipeParsed']),
      handler('other', ['bb.event.BuildStarted']),
    ],
  });
  expect(python().fire({ name: 'RecipeParsed', args: ['/layer/a.bb'] }, view)).toEqual({
    ok: true,
    value: '',
  });
  expect(data.get('HEARD')).toBe(' all:RecipeParsed parsed:RecipeParsed');
});

test('a copy of d goes its own way, and so does a copy of the copy', () => {
  const { data, view } = store({ A: 'own', B: 'plain', 'B:z': 'overridden' });
  const body = `
    copy = d.createCopy()
    copy.setVar('A', 'copied')
    copy.setVar('OVERRIDES', 'z')
    second = bb.data.createCopy(copy)
    second.setVar('A', 'second')
    d.setVar('SEEN', ' '.join([copy.getVar('A'), copy.getVar('B'), second.getVar('A'), second.getVar('B')]))
`;
  expect(python().execute(bodyOf(body), view)).toEqual({ ok: true, value: '' });
  expect([data.get('SEEN'), data.get('A'), data.get('B')]).toEqual([
    'copied overridden second overridden',
    'own',
    'plain',
  ]);
});

test('a def block is known to what is run after it', () => {
  const child = python();
  const text = 'def twice(x, d):\n    return d.getVar(x) * 2\n';
  expect(child.define({ name: 'twice', text, file: '/layer/a.bbclass', line: 3 })).toEqual({
    ok: true,
    value: '',
  });
  expect(child.evaluate("twice('A', d)", store({ A: 'ab' }).view)).toEqual({ ok: true, value: 'abab' });
});

test('what a value cannot be expanded for is an ExpansionError in Python', () => {
  const { view } = store({ A: '${B}', B: '${A}' });
  const body = `
    try:
        d.getVar('A')
    except bb.data_smart.ExpansionError as error:
        d.setVar('SEEN', 'caught')
`;
  expect(python().execute(bodyOf(body), view)).toEqual({ ok: true, value: '' });
  expect(view.get('SEEN', true)).toBe('caught');
});

test('a recipe that is skipped while a value is expanded is skipped, not broken', () => {
  const child = python();
  const text = "def skip(d):\n    raise bb.parse.SkipRecipe('not for ' + d.getVar('M'))\n";
  child.define({ name: 'skip', text, file: '/layer/a.bb', line: 1 });
  const { view } = store({ A: '${@skip(d)}', M: 'arm' }, child);
  expect(child.execute(bodyOf("    d.getVar('A')"), view)).toEqual({
    ok: false,
    failure: {
      type: 'bb.parse.SkipRecipe',
      message: 'not for arm',
      frames: [{ file: '/layer/a.bb', line: 11 }],
    },
  });
});

test('bb.warn and bb.error are told at the line that says them, and which of the two it was', () => {
  const { view, environment } = store();
  const body = "    bb.warn('odd ', '1')\n    bb.error('bad')\n    bb.debug(1, 'never shown')";
  expect(python().execute(bodyOf(body), view).ok).toBe(true);
  expect(environment.warnings).toEqual([
    { text: 'odd 1', place: { file: '/layer/a.bb', line: 11 } },
    { text: 'ERROR: bad', place: { file: '/layer/a.bb', line: 12 } },
  ]);
});

test('versions compare in Python as they do here', () => {
  const versions = ['1.0', '1.0.1', '1.10', '1.9', '1.0~rc1', '1.0-r1', '1:0.1', '1.0a', '1.0+git', '1_0'];
  const pairs = versions.flatMap((a) => versions.map((b) => [a, b] as const));
  const expression = `[bb.utils.vercmp_string(a, b) for a, b in ${JSON.stringify(pairs)}]`;
  const result = python().evaluate(expression, store().view);
  const signs = pairs.map(([a, b]) => Math.sign(compareVersions(a, b)));
  expect(result).toEqual({ ok: true, value: `[${signs.join(', ')}]` });
});

test('the helpers that recipes call most are there', () => {
  const child = python();
  const { view } = store({ F: 'a b c' });
  const values: Readonly<Record<string, string>> = {
    "bb.utils.contains('F', 'a b', 'yes', 'no', d)": 'yes',
    "bb.utils.contains('F', 'a z', 'yes', 'no', d)": 'no',
    "bb.utils.contains_any('F', 'z c', 'yes', 'no', d)": 'yes',
    "bb.utils.filter('F', 'c a z', d)": 'a c',
    "bb.utils.to_boolean('Yes')": 'True',
    "bb.utils.explode_deps('a (>= 1) b')": "['a', 'b']",
    "bb.utils.explode_dep_versions2('b (>= 1), a')": "OrderedDict([('a', []), ('b', ['>= 1'])])",
    "bb.utils.vercmp_string_op('1.10', '1.9', '>>')": 'True',
    "bb.utils.which('/nowhere:/bin', 'sh')": '/bin/sh',
    "bb.utils.which('/nowhere:/bin', 'sh', history=True)": "('/bin/sh', ['/nowhere/sh', '/bin/sh'])",
    "bb.process.run('echo hello')": "('hello\\n', '')",
    "oe.utils.conditional('F', 'a b c', 1, 2, d)": '1',
    "oe.utils.trim_version('1.2.3')": '1.2',
  };
  const found = Object.keys(values).map((text) => [text, child.evaluate(text, view)]);
  expect(Object.fromEntries(found)).toEqual(
    Object.fromEntries(Object.entries(values).map(([text, value]) => [text, { ok: true, value }])),
  );
});
