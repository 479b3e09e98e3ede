import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quotedName, unquotedName } from '../../lib/trees/quoted-name.ts';
import { ownPath, rawPath, systemPath } from '../../lib/trees/raw-text.ts';

/** Names of any bytes, many of them nearly UTF-8. */
const raw = fc
  .array(
    fc.oneof(
      fc.constantFrom('\u00ed\u00a0\u0080', '\u00f0\u009f\u0098\u0080', '\u00e2\u0080', '\u00c3', '\n', ' '),
      fc.string({ unit: 'grapheme' }).map(rawPath),
      fc.integer({ min: 0, max: 255 }).map((byte) => String.fromCharCode(byte)),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''));

test('whatever bytes a name has come back from the text that stands for it, and from quotes', () => {
  fc.assert(
    fc.property(raw, (name) => {
      const own = ownPath(name);
      expect(rawPath(own)).toBe(name);
      expect(Buffer.from(systemPath(own) as string).toString('latin1')).toBe(name);
      const quoted = quotedName(name);
      expect(quoted.startsWith('"') ? unquotedName(quoted) : quoted).toBe(name);
    }),
    { numRuns: 500 },
  );
});

test('a name that is UTF-8 is the same text as ever', () => {
  expect(ownPath(rawPath('caf\u00e9 \u{1f600}'))).toBe('caf\u00e9 \u{1f600}');
  expect(ownPath('bad\u00ff')).toBe('bad\udcff');
});
