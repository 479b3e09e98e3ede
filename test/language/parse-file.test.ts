import { expect, test } from 'vitest';
import { parseText } from '../../lib/language/parse-file.ts';
import type { Statement } from '../../lib/language/statements.ts';
import { errorOf } from './reading.ts';

function parse(file: string, ...lines: readonly string[]): readonly Statement[] {
  return parseText(`${lines.join('\n')}\n`, file, () => undefined);
}

test('an assignment that goes on over lines knows where it begins and where it ends', () => {
  expect(parse('/a.conf', '# list', 'A[doc] .= "x \\', '  y"')).toEqual([
    {
      kind: 'assign',
      file: '/a.conf',
      line: 2,
      lastLine: 3,
      name: 'A',
      flag: 'doc',
      operator: '.=',
      value: 'x   y',
      exported: false,
    },
  ]);
});

test('a function keeps its lines as they are, but for white space at their ends', () => {
  expect(parse('/a.bb', 'fakeroot python do_x:append () {', '    a = 1  ', '', '}')).toEqual([
    {
      kind: 'function',
      file: '/a.bb',
      line: 1,
      lastLine: 4,
      name: 'do_x:append',
      body: '    a = 1\n\n',
      python: true,
      fakeroot: true,
    },
  ]);
});

test('a def ends before the next line that is not indented', () => {
  const [first, second] = parse('/a.bb', 'def f(d):', '    return 1', '', 'A = "1"');
  expect(first).toEqual({
    kind: 'def',
    file: '/a.bb',
    line: 1,
    lastLine: 3,
    name: 'f',
    text: 'def f(d):\n    return 1\n',
  });
  expect(second).toMatchObject({ kind: 'assign', line: 4 });
});

test('addtask takes before and after in any order', () => {
  expect(parse('/a.bb', 'addtask a b before do_z after do_x do_y # why')).toMatchObject([
    { kind: 'addtask', tasks: 'a b', before: 'do_z', after: 'do_x do_y ' },
  ]);
});

test('each statement that is none says where it stands and what may be meant', () => {
  const hint = (file: string, line: string): readonly string[] => errorOf(() => parse(file, 'A = "1"', line));
  const message = 'this line is no statement of the BitBake language';
  expect(hint('/a.bb', 'B = "open')).toEqual([
    '/a.bb:2',
    message,
    'the value is not closed by the quote that opens it',
  ]);
  expect(hint('/a.bb', 'B = "x \\\nC = "y"')).toEqual([
    '/a.bb:3',
    message,
    'lines 2 to 3 are one statement: a "\\" at the end of a line joins the next one to it',
    'use the other kind of quotes around a value that holds quotes',
  ]);
  expect(hint('/a.bb', 'B = bare')).toEqual([
    '/a.bb:2',
    message,
    'the value stands in quotes: NAME = "value"',
  ]);
  expect(hint('/a.conf', 'B -= "x"')).toEqual([
    '/a.conf:2',
    message,
    'there is no "-="; NAME:remove = "…" takes words out',
  ]);
  expect(hint('/a.conf', '  B = "x"')).toEqual([
    '/a.conf:2',
    message,
    'a statement begins at the start of the line',
  ]);
  expect(hint('/a.conf', 'inherit x')).toEqual([
    '/a.conf:2',
    message,
    'this belongs into a recipe or a class; in a configuration, INHERIT += "…" names classes',
  ]);
  expect(hint('/a.bb', 'do_x()')).toEqual([
    '/a.bb:2',
    message,
    'the "{" of a function stands on the same line as its name',
  ]);
  expect(hint('/a.bb', 'unset A:o')).toEqual(['/a.bb:2', message, 'unset takes a name without override']);
});

test('a function that is never closed is named with the line where it begins', () => {
  expect(errorOf(() => parse('/a.bb', 'do_x() {', '    :'))).toEqual([
    '/a.bb:3',
    'the function do_x of line 1 is never closed',
    'a "}" alone at the start of a line closes it',
  ]);
});

test('white space that is missing around an operator is warned of', () => {
  const warnings: string[] = [];
  parseText(
    'A="1"\nB = "2"\n',
    '/a.conf',
    (text, place) => void warnings.push(`${place?.line ?? 0}: ${text}`),
  );
  expect(warnings).toEqual(['1: there is no white space around the "=" of A']);
});
