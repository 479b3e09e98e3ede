import { expect, test } from 'vitest';
import { formatInputs, inputsReader, parseInputs } from '../../lib/signatures/inputs-text.ts';
import type { Input } from '../../lib/terms/inputs.ts';

test('inputs are read as they were written, with the statements that they come from', () => {
  const inputs: readonly Input[] = [
    { kind: 'artifact', name: 'zlib', value: 'aa' },
    { kind: 'file', name: 'a b.c', value: 'sha256:11 644', at: '/layer/a b.c' },
    { kind: 'file', name: 'cr\rX', value: 'sha256:11 644', at: '/layer/cr\rX' },
    { kind: 'file', name: 'd\udcff', value: 'sha256:13 644', at: '/layer/d\udcff' },
    { kind: 'file', name: 'line\u2028\nX', value: 'sha256:11 644', at: '/layer/line\u2028\n"X' },
    { kind: 'variable', name: 'A', value: 'a # "b"\n~', at: '/layer/x.conf:3' },
    {
      kind: 'variable',
      name: 'B',
      value: '1',
      at: '/my layer/x.bb:4',
      parts: [
        { at: '/layer/x.conf:3', mark: '0123abcd' },
        { at: '/my layer/x.bb:4', mark: 'ffffffff' },
      ],
    },
  ];
  const read = inputsReader();
  for (const parse of [parseInputs, read, read]) expect(parse(formatInputs(inputs))).toEqual(inputs);
  expect(formatInputs(inputs).split('\n')[6]).toBe(
    'variable "B" = "1" # /layer/x.conf:3~0123abcd /my layer/x.bb:4~ffffffff',
  );
});
