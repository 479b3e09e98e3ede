import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { memoryDir } from '../../lib/world/memory-dir.ts';
import { startPython } from '../../lib/world/python-child.ts';
import { bodyOf, python, store } from './python-store.ts';

test('an expression is evaluated, and its value is the text of it', () => {
  const { view } = store({ A: 'x ${B}', B: 'y' });
  const { evaluate } = python();
  expect(evaluate("d.getVar('A').upper()", view)).toEqual({ ok: true, value: 'X Y' });
  expect(evaluate("d.getVar('A', False)", view)).toEqual({ ok: true, value: 'x ${B}' });
  expect(evaluate("d.getVar('NOTHING')", view)).toEqual({ ok: true, value: 'None' });
  expect(evaluate('[1, 2]', view)).toEqual({ ok: true, value: '[1, 2]' });
});

test('texts of any length and any letters pass unharmed', () => {
  const value = 'ä\n"\u0000\u{1f600}'.repeat(40_000);
  const { view } = store({ A: value });
  expect(python().evaluate("d.getVar('A')", view)).toEqual({ ok: true, value });
});

test('a value that needs Python is expanded while Python waits for it', () => {
  const child = python();
  const { view } = store({ A: "${@'-'.join(sorted(set(d.getVar('B'))))}", B: 'cab' }, child);
  expect(child.evaluate("d.getVar('A') + '!'", view)).toEqual({ ok: true, value: 'a-b-c!' });
});

test('an exception is told with its type, its message and the line in the text', () => {
  const child = python();
  const { view } = store();
  const failure = (body: string): unknown => {
    const result = child.execute(bodyOf(body), view);
    return result.ok ? result.value : result.failure;
  };
  expect(failure('    x = 1\n    y = x / 0')).toEqual({
    type: 'ZeroDivisionError',
    message: 'division by zero',
    frames: [{ file: '/layer/a.bb', line: 12 }],
  });
  expect(failure('    x = 1\n    y = = 2')).toEqual({
    type: 'SyntaxError',
    message: 'invalid syntax',
    frames: [{ file: '/layer/a.bb', line: 12 }],
  });
  expect(failure("    bb.fatal('no ', 'way')")).toEqual({
    type: 'bb.BBHandledException',
    message: 'no way',
    frames: [{ file: '/layer/a.bb', line: 11 }],
  });
  expect(failure("    raise bb.parse.SkipRecipe('not here')")).toEqual({
    type: 'bb.parse.SkipRecipe',
    message: 'not here',
    frames: [{ file: '/layer/a.bb', line: 11 }],
  });
});

test('a recipe that calls exit() harms nobody else', () => {
  const child = python();
  const { view } = store();
  expect(child.evaluate("__import__('sys').exit(3)", view)).toEqual({
    ok: false,
    failure: { type: 'SystemExit', message: '3', frames: [] },
  });
  expect(child.evaluate('1', view)).toEqual({ ok: true, value: '1' });
});

test('a python3 that dies is told as such, then and later, and nobody waits for it', () => {
  const child = python();
  const { view } = store();
  const gone = {
    ok: false,
    failure: { type: 'PythonGone', message: 'python3 has ended, and answers nothing any more', frames: [] },
  };
  expect(child.evaluate("__import__('os')._exit(1)", view)).toEqual(gone);
  expect(child.evaluate('1', view)).toEqual(gone);
  expect(child.execute(bodyOf('    pass'), view)).toEqual(gone);
});

test('the environment of the caller is not seen, and what is printed is not taken for an answer', () => {
  process.env['VARVE_TEST_LEAK'] = 'leaked';
  onTestFinished(() => void delete process.env['VARVE_TEST_LEAK']);
  const child = python();
  const { view } = store();
  expect(child.evaluate("os.environ.get('VARVE_TEST_LEAK')", view)).toEqual({ ok: true, value: 'None' });
  expect(child.evaluate("os.system('echo a line') + len(__import__('sys').stdin.read())", view)).toEqual({
    ok: true,
    value: '0',
  });
});

test('the order of a set is the same in every run', () => {
  const expression = "' '.join(set('one two three four five six'.split()))";
  const [first, second] = [python(), python()].map((child) => child.evaluate(expression, store().view));
  expect(first).toEqual(second);
});

test('without a python3 in PATH the error says what to install', () => {
  const empty = mkdtempSync(join(tmpdir(), 'varve-test-'));
  onTestFinished(() => rmSync(empty, { recursive: true }));
  expect(() => startPython(empty)).toThrow('this needs Python, and no python3 is in PATH');
});

test('it leaves nothing where it was opened, even while it runs', () => {
  expect(python().evaluate('1', store().view).ok).toBe(true);
  expect(readdirSync(memoryDir()).filter((name) => name.startsWith(`varve-line-${process.pid}-`))).toEqual(
    [],
  );
});

test('it is spoken with, whatever PATH its caller has', () => {
  const path = process.env['PATH'] ?? '';
  onTestFinished(() => void (process.env['PATH'] = path));
  process.env['PATH'] = '/nonexistent';
  const child = startPython(path);
  onTestFinished(() => child.close());
  expect(child.evaluate('1', store().view)).toEqual({ ok: true, value: '1' });
});
