import { expect, test } from 'vitest';
import { shellFunctions } from '../../lib/language/shell-functions.ts';
import { taskInputs } from '../../lib/language/signature-text.ts';
import { recipe } from './reading.ts';

function inputsOf(text: string, task: string, file = '/recipes/demo_1.0.bb'): readonly string[] {
  const { data } = recipe({ files: { '/recipes/demo_1.0.bb': text, [file]: text } });
  return taskInputs(data, task).map(({ kind, name, value }) => `${kind} ${name} = ${value}`);
}

test("a task's inputs are its text and all that it uses, each with where it was set", () => {
  const text = [
    'do_compile() {',
    '    build ${CFLAGS}',
    '}',
    'build() {',
    '    cc "$@" ${LATER}',
    '}',
    'CFLAGS = "-O2 ${MORE}"',
    'MORE = "-g"',
    'UNUSED = "x"',
    'addtask compile',
  ];
  const { data } = recipe({ files: { '/recipes/demo_1.0.bb': `${text.join('\n')}\n` } });
  expect(taskInputs(data, 'do_compile')).toEqual([
    { kind: 'variable', name: 'B', value: '${B}' },
    { kind: 'variable', name: 'CFLAGS', value: '-O2 ${MORE}', at: '/recipes/demo_1.0.bb:7' },
    { kind: 'variable', name: 'LATER', value: '${LATER}' },
    { kind: 'variable', name: 'MORE', value: '-g', at: '/recipes/demo_1.0.bb:8' },
    { kind: 'function', name: 'build', value: '    cc "$@" ${LATER}\n', at: '/recipes/demo_1.0.bb:4' },
    { kind: 'task', name: 'do_compile', value: '    build ${CFLAGS}\n', at: '/recipes/demo_1.0.bb:1' },
  ]);
});

test('a default that another statement stands before has no part in the value, wherever it is', () => {
  const text =
    'do_x() {\n    echo ${TAG} ${OTHER}\n}\nTAG = "alpha"\nTAG ??= "none"\nOTHER ??= "none"\naddtask x\n';
  const { data } = recipe({ files: { '/recipes/demo_1.0.bb': text } });
  const variables = taskInputs(data, 'do_x').filter(({ kind }) => kind === 'variable');
  expect(variables).toEqual([
    { kind: 'variable', name: 'B', value: '${B}' },
    { kind: 'variable', name: 'OTHER', value: 'none', at: '/recipes/demo_1.0.bb:6' },
    { kind: 'variable', name: 'TAG', value: 'alpha', at: '/recipes/demo_1.0.bb:4' },
  ]);
});

test('where a task runs is an input, with the variables that say so', () => {
  expect(inputsOf('do_x() {\n    :\n}\ndo_x[dirs] = "${B}"\nB = "build"\naddtask x\n', 'do_x')).toEqual([
    'variable B = build',
    'task do_x =     :\n',
    'flag do_x[dirs] = ${B}',
  ]);
});

test('where a function before it runs, or one that is called as tasks are, is an input too; without [dirs] that is B', () => {
  const functions =
    "do_x() {\n    g\n}\ng() {\n    :\n}\nf() {\n    :\n}\npython pre() {\n    bb.build.exec_func('f', d)\n}\naddtask x\n";
  const flags =
    'do_x[dirs] = "${S}"\nf[cleandirs] = "a"\ng[dirs] = "no"\npre[dirs] = "b"\ndo_x[prefuncs] = "pre"\n';
  const inputs = inputsOf(`${functions}${flags}`, 'do_x');
  expect(inputs).toContain('flag f[cleandirs] = a');
  expect(inputs).toContain('flag pre[dirs] = b');
  expect(inputs.join()).not.toMatch(/variable B|g\[dirs\]/);
  expect(inputsOf(`${functions}${flags}do_x[dirs] = ""\n`, 'do_x')).toContain('variable B = ${B}');
});

test('the time that everything in an artifact has is an input of the task that makes it', () => {
  const text = 'python do_x() {\n    pass\n}\naddtask x\nSOURCE_DATE_EPOCH = "5"\n';
  expect(inputsOf(text, 'do_x')).not.toContain('variable SOURCE_DATE_EPOCH = 5');
  expect(inputsOf(`${text}do_x[artifact] = "out"\n`, 'do_x')).toContain('variable SOURCE_DATE_EPOCH = 5');
});

test('a value for one task only is an input of that task only', () => {
  const text = [
    'do_a() {\n    : ${F}\n}\ndo_b() {\n    : ${F}\n}',
    'F = "1"\nF:task-a = "2"\nF:append:task-a = "3"\naddtask a\naddtask b\n',
  ].join('\n');
  expect(inputsOf(text, 'do_a')).toContain('variable F = 23');
  expect(inputsOf(text, 'do_b')).toContain('variable F = 1');
});

test('what a file name or PACKAGECONFIG says enters with the answer, not with its text alone', () => {
  const text = [
    'do_x() {\n    : ${PV} ${ARGS}\n}\naddtask x',
    'PV = "${@bb.parse.vars_from_file(d.getVar(\'FILE\', False), d)[1]}"',
    'ARGS = "${@varve.packageconfig_confargs(d)}"',
    'PACKAGECONFIG ??= "ssl"\nPACKAGECONFIG[ssl] = "--with-ssl,--without-ssl,openssl"',
    'BB_BASEHASH_IGNORE_VARS = "FILE"\n',
  ].join('\n');
  const inputs = inputsOf(text, 'do_x').join('\n');
  expect(inputs).toContain('[1] = 1.0');
  expect(inputs).toContain('varve.packageconfig_confargs(d) = --with-ssl');
  expect(inputs).not.toContain('openssl');
});

test('variables that tasks find in their environment are inputs of every shell task', () => {
  const text = 'do_x() {\n    :\n}\naddtask x\nexport CC = "gcc"\nexport NONE\nexport PATH = "/bin"\n';
  const { data } = recipe({
    files: { '/recipes/demo_1.0.bb': `${text}BB_BASEHASH_IGNORE_VARS = "PATH NONE"\n` },
  });
  expect(taskInputs(data, 'do_x').map(({ name }) => name)).toEqual(['B', 'CC', 'do_x']);
});

test('that a variable is exported is an input where the task uses it anyway', () => {
  const text = 'do_x() {\n    : ${CC}\n}\naddtask x\nCC = "gcc"\n';
  expect(inputsOf(text, 'do_x').join()).not.toContain('export');
  expect(inputsOf(`${text}export CC\n`, 'do_x')).toContain('flag CC[export] = 1');
});

test('what is exported is an input of Python that starts programs, and of no other', () => {
  const python = (line: string): readonly string[] =>
    inputsOf(`python do_x() {\n    ${line}\n}\naddtask x\nexport CC = "gcc"\n`, 'do_x');
  for (const line of ["subprocess.run(['make'])", "os.system('make')", "bb.process.run('make')"])
    expect(python(line)).toContain('variable CC = gcc');
  expect(python("open('x')")).not.toContain('variable CC = gcc');
});

test('a write to the datastore is seen in the inputs that are asked for next', () => {
  const { data } = recipe({ files: { '/recipes/demo_1.0.bb': 'do_x() {\n    : ${A}\n}\naddtask x\n' } });
  const value = (): string | undefined => taskInputs(data, 'do_x').find(({ name }) => name === 'A')?.value;
  expect(value()).toBe('${A}');
  data.set('A', '1');
  expect(value()).toBe('1');
});

test('a run script needs the functions that its task calls, directly or not', () => {
  const text = [
    'do_x() {',
    '    if probe; then echo unused; fi',
    '    out=$(collect "a `inner`" | sort)',
    '    named_by_variable',
    '}',
    'probe() {\n    deeper\n}\ndeeper() {\n    :\n}\ncollect() {\n    :\n}\ninner() {\n    :\n}\nunused() {\n    :\n}',
    'named() {\n    :\n}\nnamed_by_variable() {\n    $1\n}\nnamed_by_variable[vardeps] = "named"',
    'python sort() {\n    pass\n}\n',
  ].join('\n');
  const { data } = recipe({ files: { '/recipes/demo_1.0.bb': text } });
  expect(shellFunctions(data, 'do_x')).toEqual([
    'do_x',
    'probe',
    'collect',
    'inner',
    'named_by_variable',
    'deeper',
    'named',
  ]);
});
