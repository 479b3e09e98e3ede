import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readShellWords, shellWord } from '../../lib/terms/shell-word.ts';

test('plain words stay plain', () => {
  expect(['/usr/bin', '', 'a b', "o'clock", '-Wl,-O1'].map(shellWord)).toEqual([
    '/usr/bin',
    "''",
    "'a b'",
    "'o'\\''clock'",
    '-Wl,-O1',
  ]);
});

test('the shell reads any text as that one word', () => {
  const texts = fc.sample(fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 20 }), {
    seed: 7,
    numRuns: 20,
  });
  for (const words of texts.map((each) => each.map((word) => word.replaceAll('\0', '')))) {
    const ran = spawnSync('sh', ['-c', `printf '%s\\0' "$#" ${words.map(shellWord).join(' ')}`], {
      encoding: 'utf8',
    });
    expect(ran.stdout.split('\0').slice(1, -1)).toEqual(words);
  }
});

test('words that were written are read again, whatever is in them', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: fc.constantFrom('a', "'", ' ', '\\', '"', '\n', '$', 'é') })),
      (words) => {
        expect(readShellWords(words.map(shellWord).join(' '))).toEqual(words);
      },
    ),
  );
});
