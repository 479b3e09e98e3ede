import fc from 'fast-check';
import { expect, test } from 'vitest';
import { computeSignature, sortInputs, writeInput } from '../../lib/signatures/compute-signature.ts';
import type { Input } from '../../lib/terms/inputs.ts';

const kinds = ['after', 'artifact', 'edited', 'produced', 'task', 'variable'] as const;
const input = fc.record({
  kind: fc.constantFrom(...kinds),
  name: fc.string({ maxLength: 3, unit: 'grapheme' }),
  value: fc.string({ maxLength: 3, unit: 'grapheme' }),
});

test('inputs that are written already enter a signature as they do among all others', () => {
  fc.assert(
    fc.property(fc.array(input, { maxLength: 12 }), fc.constantFrom(...kinds), (inputs: Input[], kind) => {
      const isWritten = (one: Input): boolean => one.kind === kind;
      const text = sortInputs(inputs.filter(isWritten)).map(writeInput).join('');
      const others = inputs.filter((one) => !isWritten(one));
      expect(computeSignature(others, { kind, text })).toBe(computeSignature(inputs));
    }),
    { seed: 7 },
  );
});

test('files whose names differ in a byte that is no UTF-8 have different signatures', () => {
  const file = (name: string): Input => ({ kind: 'file', name, value: 'sha256:11 644' });
  const names = ['bad\udcff', 'bad\udcfe', 'bad\ufffd', '"bad\\udcff"'];
  expect(new Set(names.map((name) => computeSignature([file(name)]))).size).toBe(names.length);
});
