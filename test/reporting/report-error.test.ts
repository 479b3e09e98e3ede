import { expect, test } from 'vitest';
import { createPaint } from '../../lib/reporting/paint.ts';
import { errorDocument, exitCodeOf, formatError } from '../../lib/reporting/report-error.ts';
import { VarveError } from '../../lib/terms/varve-error.ts';

const plain = { paint: createPaint(false), cwd: '/work' };

test('an error in metadata shows place, line, caret, the way there and hints', () => {
  const error = new VarveError('metadata', 'a value must be quoted', {
    place: {
      file: '/work/meta/zlib.bb',
      line: 7,
      column: 6,
      text: 'PV = 1.3',
      via: ['/work/meta/app.bb:3 requires it'],
    },
    hints: ['write PV = "1.3"'],
  });
  expect(formatError(error, plain)).toBe(
    'error: meta/zlib.bb:7:6: a value must be quoted\n' +
      '    7 | PV = 1.3\n' +
      '      |      ^\n' +
      '  from meta/app.bb:3 requires it\n' +
      'hint: write PV = "1.3"\n',
  );
});

test('the caret stands below its column where tabs come before it', () => {
  const error = new VarveError('metadata', 'unknown', {
    place: { file: '/x.bb', line: 1, column: 3, text: '\tab' },
  });
  expect(formatError(error, plain).split('\n')[2]).toBe('      | \t ^');
});

test('a hint of several lines stands below its first', () => {
  const error = new VarveError('usage', 'wrong', { hints: ['write:\nA = "1"', 'or leave it'] });
  expect(formatError(error, plain)).toBe('error: wrong\nhint: write:\n      A = "1"\nhint: or leave it\n');
});

test('a file outside the current directory keeps its whole path', () => {
  const error = new VarveError('metadata', 'unknown', { place: { file: '/elsewhere/x.bb' } });
  expect(formatError(error, plain)).toBe('error: /elsewhere/x.bb: unknown\n');
});

test('a fault of varve itself shows its stack and how to report it', () => {
  const text = formatError(new TypeError('x is not a function'), plain);
  expect(text).toMatch(/^error: varve itself failed; .*\nTypeError: x is not a function\n {4}at /);
  expect(text).toMatch(/\nhint: please report it .*\n$/);
});

test('the exit code follows from who can mend it', () => {
  const codes = (['usage', 'metadata', 'task', 'internal'] as const).map((fault) =>
    exitCodeOf(new VarveError(fault, 'x')),
  );
  expect(codes).toEqual([2, 2, 1, 70]);
  expect(exitCodeOf(new Error('x'))).toBe(70);
});

test('as a document an error has its place in fields of their own', () => {
  const error = new VarveError('metadata', 'bad', {
    place: { file: '/a.bb', line: 1, column: 2 },
    hints: ['do'],
  });
  expect(errorDocument(error)).toEqual({
    schema: 1,
    error: { message: 'bad', file: '/a.bb', line: 1, column: 2, hints: ['do'] },
  });
});
