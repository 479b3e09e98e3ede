import { expect, test } from 'vitest';
import { hangingWithin } from '../../lib/operations/explaining/hanging-within.ts';
import { computeSignature } from '../../lib/signatures/compute-signature.ts';
import { formatInputs } from '../../lib/signatures/inputs-text.ts';
import type { Signature } from '../../lib/terms/ids.ts';
import type { Input } from '../../lib/terms/inputs.ts';
import { objectId } from '../../lib/trees/object-id.ts';

type Lists = Readonly<Record<string, readonly Input[]>>;

/** How zlib stood in a build with these inputs; signed as the program of that time did. */
function zlib(lists: Lists, sign: (inputs: readonly Input[]) => Signature = computeSignature) {
  const texts = new Map(Object.entries(lists).map(([task, inputs]) => [task, formatInputs(inputs)]));
  return {
    recipe: {
      recipe: 'zlib',
      inputIds: () => new Map([...texts].map(([task, text]) => [task, objectId('blob', Buffer.from(text))])),
    },
    text: texts.get('do_install'),
    signatures: new Map(Object.entries(lists).map(([task, inputs]) => [task, sign(inputs)])),
  };
}

const hangs = (before: ReturnType<typeof zlib>, after: ReturnType<typeof zlib>) =>
  hangingWithin(before, after)('do_install', before.text);

const compiled = (flags: string): readonly Input[] => [{ kind: 'variable', name: 'CFLAGS', value: flags }];
const installed = (flags: string, prefix = '/usr', line = 1): readonly Input[] => [
  { kind: 'after', name: 'do_compile', value: computeSignature(compiled(flags)) },
  { kind: 'variable', name: 'prefix', value: prefix, at: `zlib.bb:${line}` },
];
const lists = (flags: string, ...own: [prefix?: string, line?: number]): Lists => ({
  do_compile: compiled(flags),
  do_install: installed(flags, ...own),
});

test('a task that changed with the one before it, and not by itself, hangs on that', () => {
  expect(hangs(zlib(lists('-O1')), zlib(lists('-O2')))).toEqual({
    before: [],
    after: [],
    was: computeSignature(installed('-O1')),
    hangsOn: ['zlib:do_compile'],
  });
});

test.each([
  ['has a value of its own that changed', zlib(lists('-O2', '/opt'))],
  ['is told of another line', zlib(lists('-O2', '/usr', 2))],
  ['comes after one whose inputs are not recorded', zlib({ do_install: installed('-O2') })],
])('a task that %s is compared', (_, after) => {
  expect(hangs(zlib(lists('-O1')), after)).toBeUndefined();
});

test('a task before it that another program signed otherwise, and that did not change, is nothing to hang on', () => {
  const other = (inputs: readonly Input[]): Signature =>
    computeSignature([...inputs, { kind: 'variable', name: 'PROGRAM', value: 'another' }]);
  const [compile, install] = [compiled('-O1'), installed('-O1')];
  const resigned = { ...install[0], value: other(compile) } as Input;
  const after = zlib({ do_compile: compile, do_install: [resigned, ...install.slice(1)] }, other);
  expect(hangs(zlib(lists('-O1')), after)).toBeUndefined();
});
