import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Datastore } from '../../lib/language/datastore.ts';
import { setInputs, type InputsByTask } from '../../lib/language/set-inputs.ts';
import { taskInputs } from '../../lib/language/signature-text.ts';
import { recipe } from './reading.ts';

const tasks = ['do_a', 'do_b'];

function read(lines: readonly string[]): Datastore {
  const text = [...lines, 'addtask a', 'addtask b', ''].join('\n');
  return recipe({ files: { '/recipes/demo_1.0.bb': text } }).data;
}

function inputsOf(data: Datastore): InputsByTask {
  const plain = (task: string) =>
    taskInputs(data, task).map(({ kind, name, value }) => ({ kind, name, value }));
  return new Map(tasks.map((task) => [task, plain(task)]));
}

/** Gives the first recipe what the tasks of the second are made from. */
function brought(
  from: readonly string[],
  to: readonly string[],
): { got: InputsByTask; wanted: InputsByTask } {
  const [data, wanted] = [read(from), inputsOf(read(to))];
  setInputs(data, wanted);
  return { got: inputsOf(data), wanted };
}

const body = ['do_a() {\n\tmake ${FLAGS}\n}', 'do_b() {\n\techo ${FLAGS} ${OPTIONS}\n}'];

test('a variable gets the value that is recorded, whatever was appended or overrides it now', () => {
  const data = read([...body, 'FLAGS = "-O0"\nFLAGS:append = " -g"\nOVERRIDES = "fast"\nFLAGS:fast = "-O3"']);
  setInputs(data, new Map([['do_a', [{ kind: 'variable', name: 'FLAGS', value: '-O2 ${MORE}' }]]]));
  expect(data.getRaw('FLAGS')).toBe('-O2 ${MORE}');
});

test.each([
  [
    'a function that is called',
    'do_a() {\n\tone\n}\none() {\n\t:\n}\n',
    'do_a() {\n\tone\n}\none() {\n\ttrue ${X}\n}\n',
  ],
  ['a function that is new', 'do_a() {\n\t:\n}\n', 'do_a() {\n\ttwo\n}\ntwo() {\n\ttrue\n}\n'],
  [
    'a flag of the task',
    'do_a() {\n\t:\n}\ndo_a[umask] = "022"\n',
    'do_a() {\n\t:\n}\ndo_a[dirs] = "${D}"\n',
  ],
  [
    'a value for one task only',
    'do_a() {\n\t: ${F}\n}\nF = "1"\n',
    'do_a() {\n\t: ${F}\n}\nF:task-a = "2"\n',
  ],
  [
    'no value for one task any more',
    'do_a() {\n\t: ${F}\n}\nF:task-a = "2"\nF = "3"\n',
    'do_a() {\n\t: ${F}\n}\nF = "1"\n',
  ],
  ['a variable that is exported', 'do_a() {\n\t:\n}\nA = "1"\n', 'do_a() {\n\t:\n}\nexport A = "2"\n'],
  ['a variable that is not exported any more', 'do_a() {\n\t:\n}\nexport A = "1"\n', 'do_a() {\n\t:\n}\n'],
  [
    'what an exported variable names for one task only',
    'do_a() {\n\t:\n}\n',
    'do_a() {\n\t:\n}\nexport B\nB:task-a = "${C}"\n',
  ],
  ['a value that is unset', 'do_a() {\n\t: ${F}\n}\nF = "1"\n', 'do_a() {\n\t: ${F}\n}\n'],
  [
    'words that are removed',
    'do_a() {\n\t: ${F}\n}\nF = "a b"\n',
    'do_a() {\n\t: ${F}\n}\nF = "a b c"\nF:remove = "b"\n',
  ],
  [
    'what is asked of a variable',
    'do_a() {\n\t: ${@bb.utils.contains("FEATURES", "pam", "yes", "no", d)}\n}\nFEATURES = "x11"\n',
    'do_a() {\n\t: ${@bb.utils.contains("FEATURES", "pam", "yes", "no", d)}\n}\nFEATURES = "pam usb"\n',
  ],
  [
    'a feature of PACKAGECONFIG',
    'do_a() {\n\t: ${@varve.packageconfig_confargs(d)}\n}\nPACKAGECONFIG = "ssl"\nPACKAGECONFIG[ssl] = "--with-ssl,--without-ssl"\nPACKAGECONFIG[zip] = "--zip"\n',
    'do_a() {\n\t: ${@varve.packageconfig_confargs(d)}\n}\nPACKAGECONFIG = "zip"\nPACKAGECONFIG[ssl] = "--with-ssl,--without-ssl"\nPACKAGECONFIG[zip] = "--zip"\n',
  ],
])('%s comes back as it was', (_what, from, to) => {
  for (const [one, other] of [
    [from, to],
    [to, from],
  ] as const) {
    const { got, wanted } = brought([one, 'do_b() {\n\t:\n}'], [other, 'do_b() {\n\t:\n}']);
    expect(got).toEqual(wanted);
  }
});

test('the version that a file name said comes back', () => {
  const text = `do_x() {\n\t: \${PV}\n}\naddtask x\nPV = "\${@bb.parse.vars_from_file(d.getVar('FILE', False), d)[1]}"\nBB_BASEHASH_IGNORE_VARS = "FILE"\n`;
  const { data } = recipe({ files: { '/recipes/demo_1.0.bb': text } });
  const inputs = taskInputs(data, 'do_x').map((input) => ({
    ...input,
    value: input.value.replace('= 1.0', '= 1.1'),
  }));
  setInputs(data, new Map([['do_x', inputs]]));
  expect(data.get('PV')).toBe('1.1');
});

test('whatever is written in two recipes, the tasks of one get the inputs of the other', () => {
  // No value refers to itself.
  const values = { A: ['1', 'a b', '${B}', '${C} x'], B: ['2', '${C}', ''], C: ['3', 'c d', ''] };
  const name = fc.constantFrom('A', 'B', 'C');
  const how = fc.constantFrom(' = ', ':append = ', ':prepend = ', ':task-a = ', ' ?= ', '[doc] = ');
  const line = fc.oneof(
    fc.tuple(name, how, fc.nat(3)).map(([n, set, v]) => `${n}${set}"${values[n][v % values[n].length]}"`),
    name.map((n) => `export ${n}`),
    fc
      .tuple(
        fc.constantFrom('do_a', 'do_b', 'one'),
        fc.constantFrom(':', 'one', ': ${A}', ': ${A} ${B}', 'one ${C}'),
      )
      .map(([n, command]) => `${n}() {\n\t${command}\n}`),
    fc.constantFrom('do_a[umask] = "022"', 'do_b[dirs] = "${A}"', 'one[dirs] = "${C}"', 'A:remove = "a"'),
  );
  const body = ['do_a() {\n\t: ${A}\n}', 'do_b() {\n\tone\n}', 'one() {\n\t: ${C}\n}'];
  const lines = fc.array(line, { maxLength: 8 }).map((drawn) => [...body, ...drawn]);
  fc.assert(
    fc.property(lines, lines, (from, to) => {
      const { got, wanted } = brought(from, to);
      expect(got).toEqual(wanted);
    }),
    { numRuns: 300 },
  );
});
