import { expect, test } from 'vitest';
import { parseMoment } from '../../lib/terms/parse-moment.ts';
import { parseSize } from '../../lib/terms/parse-size.ts';

test('sizes are read as people write them', () => {
  expect(['0', '1500', '2K', '1.5M', '20G', '20GiB', '3 TB'].map(parseSize)).toEqual([
    0,
    1500,
    2048,
    1.5 * 2 ** 20,
    20 * 2 ** 30,
    20 * 2 ** 30,
    3 * 2 ** 40,
  ]);
  expect(['', 'much', '-1', '1 X', 'G'].map(parseSize)).toEqual(Array(5).fill(undefined));
});

test('a moment is how long ago it was, or a date; without a zone it is UTC', () => {
  const now = Date.parse('2026-02-01T00:00:00Z');
  const moments = ['12h', '31d', '1w', '2026-01-31', '2026-01-31T14:05', '2026-01-31T14:05:00+02:00'];
  const read = moments.map((text) => new Date(parseMoment(text, now) ?? 0).toISOString());
  expect(read).toEqual([
    '2026-01-31T12:00:00.000Z',
    '2026-01-01T00:00:00.000Z',
    '2026-01-25T00:00:00.000Z',
    '2026-01-31T00:00:00.000Z',
    '2026-01-31T14:05:00.000Z',
    '2026-01-31T12:05:00.000Z',
  ]);
  expect(['', 'soon', '12', '5m', '2026-13-01', '31.01.2026'].map((text) => parseMoment(text, now))).toEqual(
    Array(6).fill(undefined),
  );
});
