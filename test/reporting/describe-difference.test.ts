import { expect, test } from 'vitest';
import { describeValues } from '../../lib/reporting/describe-difference.ts';

const about = 'for i in LIST; do echo step $i; echo $i >> /a/path/that/is/long/enough/steps; sleep 0; done';
const list = (words: string): string => about.replace('LIST', words);

test('of long texts the words that differ are quoted, and a gap where words between them are in both', () => {
  expect(describeValues(list('a b c'), list('g h k'))).toBe('"a b c;" → "g h k;"');
  expect(describeValues(list('a b c'), list('g for h'))).toBe('"a b c;" → "g … h;"');
});

test('a long text to which words came, or that lost some, is not told as one that was empty', () => {
  expect(describeValues(list('a b;'), list('a more b;'))).toBe('now also "more"');
  expect(describeValues(list('a less b;'), list('a b;'))).toBe('no longer "less"');
  expect(describeValues('', list('a'))).toContain('"" → "for i in a;');
});

test('short texts are quoted whole', () => {
  expect(describeValues('-O2 -g', '-O3 -g')).toBe('"-O2 -g" → "-O3 -g"');
});
