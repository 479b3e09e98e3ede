import { expect, test } from 'vitest';
import {
  formatBuilds,
  formatCount,
  formatDuration,
  formatSize,
} from '../../lib/reporting/format-quantity.ts';
import { formatTable } from '../../lib/reporting/format-table.ts';

test('durations are written in the unit that people would use', () => {
  expect([0, 12, 99.6, 100, 1234, 59_940, 59_960, 125_000, 3_700_000].map(formatDuration)).toEqual([
    '0 ms',
    '12 ms',
    '100 ms',
    '0.1 s',
    '1.2 s',
    '59.9 s',
    '1 min 00 s',
    '2 min 05 s',
    '1 h 01 min',
  ]);
});

test('sizes are written in powers of 1024', () => {
  expect([0, 1, 1023, 1536, 26_214_400].map(formatSize)).toEqual([
    '0 bytes',
    '1 byte',
    '1023 bytes',
    '1.5 KiB',
    '25.0 MiB',
  ]);
});

test('builds are written as ranges', () => {
  expect(formatBuilds([5, 1, 2, 3])).toBe('1-3, 5');
  expect(formatCount(1, 'file')).toBe('1 file');
});

test('columns line up and no line ends in blanks', () => {
  expect(
    formatTable([
      ['A', 'BB'],
      ['aaa', ''],
      ['a', 'b'],
    ]),
  ).toBe('A    BB\naaa\na    b\n');
});
