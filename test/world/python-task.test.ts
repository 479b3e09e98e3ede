import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { answerPython } from '../../lib/language/answer-python.ts';
import { createDatastore } from '../../lib/language/datastore.ts';
import { pythonView } from '../../lib/language/python-view.ts';
import type { TaskOutcome } from '../../lib/ports/task-runner.ts';
import { createLocalTaskRunner } from '../../lib/world/local-task-runner.ts';
import { environmentOf } from '../language/memory-source.ts';

const program = join(import.meta.dirname, '../../lib/meta/python/run_task.py');

interface Task {
  readonly body: string;
  readonly variables?: Readonly<Record<string, string>>;
  /** `def` blocks of the recipe, from line 1 on. */
  readonly definition?: string;
}

/** Runs the body of a Python task whose head stands in line 20 of a recipe. */
async function run({ body, variables = {}, definition }: Task): Promise<TaskOutcome & { log: string }> {
  const workdir = mkdtempSync(join(tmpdir(), 'varve-test-'));
  onTestFinished(() => rmSync(workdir, { recursive: true }));
  const path = (name: string): string => join(workdir, name);
  writeFileSync(path('body'), body);
  const definitions =
    definition === undefined ? [] : [{ text: definition, file: '/layer/a.bbclass', line: 1 }];
  writeFileSync(path('definitions'), JSON.stringify(definitions));
  const data = createDatastore(environmentOf({}));
  for (const [name, value] of Object.entries(variables)) data.set(name, value);
  const view = pythonView(data, undefined);
  const outcome = await createLocalTaskRunner({ path: process.env['PATH'] ?? '', plain: true }).run({
    workdir,
    cwd: workdir,
    command: [
      'python3',
      '-I',
      '-B',
      program,
      'do_it',
      path('body'),
      '/layer/a.bb',
      '20',
      path('definitions'),
    ],
    env: { PATH: process.env['PATH'] ?? '' },
    log: path('log'),
    writable: [],
    network: false,
    umask: 0o22,
    signal: new AbortController().signal,
    answer: (request) => answerPython(view, request),
  });
  return { ...outcome, log: readFileSync(path('log'), 'utf8') };
}

test('a task asks d, writes files, and says what it has to say in the log', async () => {
  const body = `
    bb.note('for ', d.getVar('PN'))
    bb.warn('ümlaut')
    bb.plain(os.path.basename(os.getcwd())[:11])
    print(oe.utils.conditional('PN', 'zlib', 'is zlib', 'is not', d))
`;
  expect(await run({ body, variables: { PN: '${BPN}', BPN: 'zlib' } })).toEqual({
    exitCode: 0,
    signal: null,
    log: 'NOTE: for zlib\nWARNING: ümlaut\nvarve-test-\nis zlib\n',
  });
});

test('bb.fatal says why, and the task fails with 1', async () => {
  expect(await run({ body: "    bb.fatal('there is no ', 'way')\n    print('on')" })).toEqual({
    exitCode: 1,
    signal: null,
    log: 'ERROR: there is no way\n',
  });
});

test('an exception shows a traceback with the lines of the recipe and of the class that it came through', async () => {
  const definition = 'def halve(x):\n    return x / 0\n';
  expect(await run({ body: '    x = 1\n    halve(x)', definition })).toEqual({
    exitCode: 1,
    signal: null,
    log: [
      'ERROR: Python failed:',
      '  File "/layer/a.bb", line 22, in do_it',
      '  File "/layer/a.bbclass", line 2, in halve',
      'ZeroDivisionError: division by zero',
      '',
    ].join('\n'),
  });
});

test('a syntax error names its line too', async () => {
  const { exitCode, log } = await run({ body: '    x = 1\n    y = = 2' });
  expect(exitCode).toBe(1);
  expect(log).toContain('File "/layer/a.bb", line 22');
  expect(log).toContain('SyntaxError: invalid syntax');
});

test('a task that exits by itself ends with its own exit code', async () => {
  expect(await run({ body: '    import sys; sys.exit(7)' })).toEqual({ exitCode: 7, signal: null, log: '' });
});

test('programs that a task starts do not get at the line to varve', async () => {
  const body = `
    os.system('echo garbage >&3 2>/dev/null')
    print(d.getVar('PN'))
`;
  const { exitCode, log } = await run({ body, variables: { PN: 'zlib' } });
  expect([exitCode, log.split('\n').at(-2)]).toEqual([0, 'zlib']);
});

test('a task calls functions of its recipe, Python and shell', async () => {
  const body = "    bb.build.exec_func('say', d)";
  expect(await run({ body, variables: { say: '    echo "from ${PN}"\n', PN: 'zlib' } })).toEqual({
    exitCode: 0,
    signal: null,
    log: 'from zlib\n',
  });
});

test('what a task cannot expand is an error of the recipe', async () => {
  const { exitCode, log } = await run({ body: "    d.getVar('A')", variables: { A: '${B}', B: '${A}' } });
  expect(exitCode).toBe(1);
  expect(log).toContain('File "/layer/a.bb", line 21');
  expect(log).toContain('ExpansionError');
});
