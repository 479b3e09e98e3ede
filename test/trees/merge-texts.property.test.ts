import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mergeTexts } from '../../lib/trees/merge-texts.ts';

const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');
const line = fc.constantFrom('', 'a', 'b', '}', 'same');

test('what one of two left alone is what the other made of it', () => {
  const lines = fc.array(line, { maxLength: 12 }).map(text);
  fc.assert(
    fc.property(lines, lines, (base, other) => {
      expect(mergeTexts({ base, ours: base, theirs: other })).toBe(other);
      expect(mergeTexts({ base, ours: other, theirs: base })).toBe(other);
      expect(mergeTexts({ base, ours: other, theirs: other })).toBe(other);
    }),
  );
});

test('changes with a line between them that stands once are both made, whatever comes before', () => {
  const part = fc.array(line, { maxLength: 6 });
  fc.assert(
    fc.property(part, part, part, part, (old, now, oldTail, nowTail) => {
      const of = (head: readonly string[], tail: readonly string[]): string =>
        text([...head, 'middle', ...tail]);
      const states = { base: of(old, oldTail), ours: of(now, oldTail), theirs: of(old, nowTail) };
      expect(mergeTexts(states)).toBe(of(now, nowTail));
    }),
  );
});

test('where both changed a line nothing is claimed', () => {
  expect(mergeTexts({ base: 'a\nb\n', ours: 'a\nmine\n', theirs: 'a\ntheirs\n' })).toBeUndefined();
  expect(mergeTexts({ base: 'a\n', ours: 'a', theirs: 'a\nb\n' })).toBeUndefined();
});
