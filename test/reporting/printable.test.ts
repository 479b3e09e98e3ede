import { expect, test } from 'vitest';
import { printable } from '../../lib/reporting/printable.ts';

test('output of a task cannot command the terminal', () => {
  expect(printable('\u001b[31merror\u001b[0m: \u001b]0;title\u0007 in\tfile\r')).toBe(
    'error: ·]0;title· in\tfile·',
  );
});

test('a line without an end is shown by its beginning and its end', () => {
  expect(printable(`first ${'x'.repeat(100_000)} last`)).toMatch(/^first x{194} … x{195} last$/);
});
