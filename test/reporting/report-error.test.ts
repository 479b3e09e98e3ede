import { expect, test } from 'vitest';
import { createPaint } from '../../lib/reporting/paint.ts';
import { errorDocument, exitCodeOf, formatError, type ErrorView } from '../../lib/reporting/report-error.ts';
import { VarveError } from '../../lib/terms/varve-error.ts';
import { memoryWorld } from '../support/memory-world.ts';

/** A world with these files, without colours. */
function viewOf(files: Readonly<Record<string, string>> = {}): ErrorView {
  return { paint: createPaint(false), world: memoryWorld({ files, cwd: '/work' }) };
}

const plain = viewOf();

test('an error in metadata shows place, line, caret, the way there and hints', () => {
  const error = new VarveError('metadata', 'a value must be quoted', {
    place: {
      file: '/work/meta/zlib.inc',
      line: 2,
      about: '1.3',
      via: [
        { how: 'included', file: '/work/meta/zlib.bb', line: 3 },
        { how: 'inherited', file: '/work/meta/app.bb', line: 1 },
      ],
    },
    hints: ['write PV = "1.3"'],
  });
  const view = viewOf({ '/work/meta/zlib.inc': 'PN = "zlib"\nPV = 1.3\n' });
  expect(formatError(error, view)).toBe(
    'error: meta/zlib.inc:2:6: a value must be quoted\n' +
      '    2 | PV = 1.3\n' +
      '      |      ^\n' +
      '  included from meta/zlib.bb:3\n' +
      '  inherited from meta/app.bb:1\n' +
      'hint: write PV = "1.3"\n',
  );
});

test('the caret stands below the word itself, not below a longer one that holds it', () => {
  const place = { file: '/work/a.bb', line: 1, about: 'it' };
  const error = new VarveError('metadata', 'there is no class it', { place });
  const lines = formatError(error, viewOf({ '/work/a.bb': 'inherit base it\n' })).split('\n');
  expect(lines.slice(0, 3)).toEqual([
    'error: a.bb:1:14: there is no class it',
    '    1 | inherit base it',
    '      |              ^',
  ]);
});

test('the caret stands below its column where tabs come before it', () => {
  const error = new VarveError('metadata', 'unknown', { place: { file: '/work/x.bb', line: 1, about: 'b' } });
  expect(formatError(error, viewOf({ '/work/x.bb': '\ta b' })).split('\n')[2]).toBe('      | \t  ^');
});

test('an error about a line as a whole points to its first word', () => {
  const error = new VarveError('metadata', 'unknown', { place: { file: '/work/x.bb', line: 1 } });
  expect(formatError(error, viewOf({ '/work/x.bb': '  oops' }))).toMatch(/^error: x\.bb:1:3: unknown\n/);
});

test('an error in a file that cannot be read any more is told without the line', () => {
  const error = new VarveError('metadata', 'unknown', { place: { file: '/work/gone.bb', line: 4 } });
  expect(formatError(error, plain)).toBe('error: gone.bb:4: unknown\n');
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
  const codes = (['usage', 'metadata', 'task', 'disk', 'internal'] as const).map((fault) =>
    exitCodeOf(new VarveError(fault, 'x')),
  );
  expect(codes).toEqual([2, 2, 1, 1, 70]);
  expect(exitCodeOf(new Error('x'))).toBe(70);
});

test('as a document an error has its place in fields of their own', () => {
  const error = new VarveError('metadata', 'bad', {
    place: { file: '/a.bb', line: 1, about: 'b', via: [{ how: 'included', file: '/z.bb', line: 2 }] },
    hints: ['do'],
  });
  const { fs } = memoryWorld({ files: { '/a.bb': 'a b\n' } });
  expect(errorDocument(error, fs)).toEqual({
    schema: 1,
    error: {
      message: 'bad',
      file: '/a.bb',
      line: 1,
      column: 3,
      via: [{ how: 'included', file: '/z.bb', line: 2 }],
      hints: ['do'],
    },
  });
});

test('what an error names does not command the terminal, whoever writes it', () => {
  const error = new VarveError('usage', 'no file is called x\u001b[2Jy', { hints: ['rm x\u001b[2Jy'] });
  expect(formatError(error, plain)).toBe('error: no file is called x·[2Jy\nhint: rm x·[2Jy\n');
});
