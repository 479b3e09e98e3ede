import { expect, test } from 'vitest';
import type { Python } from '../../lib/ports/python.ts';
import { errorOf, recipe } from './reading.ts';

/** A Python whose statements are commands for this test: `NAME=value`, or `skip WHY`. */
function scripted(known: string[] = []): Python {
  return {
    evaluate: (expression) => ({ ok: true, value: expression }),
    define: ({ text }) => {
      known.push(text.trim());
      return { ok: true, value: '' };
    },
    execute: ({ text, file, line: head }, data) => {
      for (const line of text.split('\n').map((one) => one.trim())) {
        const [name = '', value] = line.split('=');
        if (value !== undefined) data.set(name, value);
        else if (line.startsWith('skip ')) {
          return { ok: false, failure: { type: 'bb.parse.SkipRecipe', message: line.slice(5), frames: [] } };
        } else if (line !== '') {
          return {
            ok: false,
            failure: {
              type: 'NameError',
              message: `name '${line}' is not defined`,
              frames: [{ file, line: head + 1 }],
            },
          };
        }
      }
      return { ok: true, value: '' };
    },
    fire: () => ({ ok: true, value: '' }),
  };
}

test('anonymous functions run after all appends, in order, before tasks are taken', () => {
  const { data, tasks } = recipe({
    files: {
      '/recipes/demo_1.0.bb': 'python () {\n    A=one\n}\nA = "recipe"\naddtask ${A}\n',
      '/layer/demo.bbappend': 'A = "append"\npython () {\n    B=two\n}\n',
    },
    appends: ['/layer/demo.bbappend'],
    python: () => scripted(),
  });
  expect([data.get('A'), data.get('B')]).toEqual(['one', 'two']);
  expect(tasks).toEqual([{ name: 'do_one', deps: [] }]);
});

test('a recipe that skips itself says why', () => {
  const { skipped } = recipe({
    files: { '/recipes/demo_1.0.bb': 'python () {\n    skip not for this machine\n}\n' },
    python: () => scripted(),
  });
  expect(skipped).toBe('not for this machine');
});

test('a Python function that fails is named with its line', () => {
  const files = { '/recipes/demo_1.0.bb': '\npython () {\n    boom\n}\n' };
  expect(errorOf(() => recipe({ files, python: () => scripted() }))).toEqual([
    '/recipes/demo_1.0.bb:3',
    "an anonymous function fails with NameError: name 'boom' is not defined",
  ]);
});

test('Python learns the functions of a recipe only when it is asked something, the last of a name', () => {
  const known: string[] = [];
  const text = 'def f():\n    return 1\n\ndef f():\n    return 2\n\nA = "${@f()}"\n';
  const { data } = recipe({ files: { '/recipes/demo_1.0.bb': text }, python: () => scripted(known) });
  expect(known).toEqual([]);
  expect(data.get('A')).toBe('f()');
  expect(known).toEqual(['def f():\n    return 2']);
});

test('an error in a class tells how the reader came there', () => {
  const files = {
    '/recipes/demo_1.0.bb': 'A = "1"\ninherit one\n',
    '/classes/one.bbclass': 'require one.inc\n',
    '/classes/one.inc': '\noops\n',
  };
  expect(errorOf(() => recipe({ files })).slice(0, 4)).toEqual([
    '/classes/one.inc:2',
    'this line is no statement of the BitBake language',
    'included from /classes/one.bbclass:1',
    'inherited from /recipes/demo_1.0.bb:2',
  ]);
});

test('a class that is not there is an error with the name that was likely meant', () => {
  const files = { '/recipes/demo_1.0.bb': 'inherit autotool\n', '/classes/autotools.bbclass': '' };
  expect(errorOf(() => recipe({ files }))).toEqual([
    '/recipes/demo_1.0.bb:1',
    'there is no class autotool',
    'did you mean "autotools"?',
  ]);
});

test('a required file that is not there is an error with the places that were searched', () => {
  const files = { '/recipes/demo_1.0.bb': 'require demo.inc\n' };
  expect(errorOf(() => recipe({ files }))).toEqual([
    '/recipes/demo_1.0.bb:1',
    'the required file demo.inc is not found',
    'it was looked for in /recipes, /',
  ]);
});

test('nothing is included from where the command was typed', () => {
  const files = {
    '/recipes/demo_1.0.bb': 'A = "own"\ninclude conf/site.conf\n',
    'conf/site.conf': 'A = "of whatever directory"\n',
  };
  expect(recipe({ files }).data.get('A')).toBe('own');
});

test('a variant of BBCLASSEXTEND has its own name and classes; the recipe itself has not', () => {
  const files = {
    '/recipes/demo_1.0.bb': 'PN = "demo"\nA = "target"\nBBCLASSEXTEND = "native"\n',
    '/classes/native.bbclass': 'A = "native"\n',
  };
  const own = recipe({ files });
  const native = recipe({ files, variant: 'native' });
  expect([own.data.get('PN'), own.data.get('A'), own.variants]).toEqual(['demo', 'target', ['', 'native']]);
  expect([native.data.get('PN'), native.data.get('A'), native.inherited]).toEqual([
    'demo-native',
    'native',
    ['/classes/native.bbclass'],
  ]);
  expect(errorOf(() => recipe({ files, variant: 'cross' }))[1]).toBe(
    '/recipes/demo_1.0.bb has no variant cross',
  );
});

test('all files that took part are told, in order', () => {
  const { files } = recipe({
    files: {
      '/recipes/demo_1.0.bb': 'require demo.inc\ninherit one\ninclude none.inc\n',
      '/recipes/demo.inc': '',
      '/classes/one.bbclass': '',
      '/layer/demo_%.bbappend': '',
    },
    appends: ['/layer/demo_%.bbappend'],
  });
  expect(files).toEqual([
    '/recipes/demo_1.0.bb',
    '/recipes/demo.inc',
    '/classes/one.bbclass',
    '/layer/demo_%.bbappend',
  ]);
});

test('what a task depends on must name a recipe and a task', () => {
  const files = { '/recipes/demo_1.0.bb': 'addtask x\ndo_x[depends] = "zlib"\n' };
  expect(errorOf(() => recipe({ files }))).toEqual([
    '/recipes/demo_1.0.bb:2',
    'do_x[depends] names zlib, which is not RECIPE:TASK',
  ]);
});

/** The error that a recipe of this text ends with. */
function refusal(text: string): readonly string[] {
  return errorOf(() => recipe({ files: { '/recipes/demo_1.0.bb': text } })).slice(0, 2);
}

test('Python that cannot be read is refused before anything runs', () => {
  expect(refusal('def f():\n    return (1\n\nA = "1"\n')).toEqual([
    '/recipes/demo_1.0.bb:2',
    'this Python cannot be read: "(" is never closed',
  ]);
  expect(refusal('python () {\n    a = "x\n}\n')).toEqual([
    '/recipes/demo_1.0.bb:2',
    'this Python cannot be read: a string is not closed on its line',
  ]);
  expect(refusal('A = "1"\npython () {\n    # nothing\n}\n')).toEqual([
    '/recipes/demo_1.0.bb:3',
    'this Python cannot be read: its last block is empty',
  ]);
});

test('where Python is to read everything, what only Python can see is refused too', () => {
  const python: Python = {
    ...scripted(),
    define: ({ file, line }) => ({
      ok: false,
      failure: { type: 'SyntaxError', message: 'invalid syntax', frames: [{ file, line: line + 1 }] },
    }),
  };
  const files = { '/recipes/demo_1.0.bb': 'A = "1"\ndef f():\n    x = = 1\n' };
  expect(errorOf(() => recipe({ files, python: () => python, eager: true }))).toEqual([
    '/recipes/demo_1.0.bb:3',
    'the Python function f cannot be read: SyntaxError: invalid syntax',
  ]);
  expect(recipe({ files, python: () => python }).data.get('A')).toBe('1');
});
