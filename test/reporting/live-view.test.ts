import { expect, test } from 'vitest';
import { createLiveView } from '../../lib/reporting/live-view.ts';
import { createPaint } from '../../lib/reporting/paint.ts';
import { taskId } from '../../lib/terms/ids.ts';

/** A terminal that knows the few sequences a live view may use, so that tests see what a person sees. */
function terminal(columns: number) {
  const rows: string[] = [''];
  let row = 0;
  let writes = 0;
  const write = (text: string | Uint8Array): void => {
    writes += 1;
    // oxlint-disable-next-line no-control-regex -- control sequences are what is looked for
    for (const [part] of String(text).matchAll(/\u001b\[\d*[A-Z]|\r|\n|[^\u001b\r\n]+/g)) {
      if (part === '\n') {
        row += 1;
        rows[row] ??= '';
      } else if (part === '\r') continue;
      else if (part.endsWith('A') && part.startsWith('\u001b')) row -= Number(part.slice(2, -1));
      else if (part === '\u001b[K') continue;
      else if (part === '\u001b[J') rows.length = row + 1;
      else rows[row] = part;
      if (part === '\u001b[J') rows[row] = '';
    }
  };
  const output = { isTTY: true, columns, write, drained: () => Promise.resolve(true) };
  return { output, rows: () => rows.slice(0, -1), writes: () => writes };
}

const zlib = taskId('zlib', 'do_compile');

test('running tasks are shown with their time below what has scrolled by', () => {
  const { output, rows, writes } = terminal(80);
  let now = 0;
  const view = createLiveView(output, () => now, createPaint(false));
  view.note({ event: 'progress', done: 3, total: 10 });
  view.note({ event: 'task-started', task: zlib, log: 'l' });
  view.print('build 1: app\n');
  now = 4200;
  view.print('');
  expect(rows()).toEqual(['build 1: app', '  zlib:do_compile  4 s', '[3/10] 1 running']);
  view.print('onig:do_compile  ran 1.0 s\n');
  expect(rows()).toEqual([
    'build 1: app',
    'onig:do_compile  ran 1.0 s',
    '  zlib:do_compile  4 s',
    '[3/10] 1 running',
  ]);
  view.clear();
  expect(rows()).toEqual(['build 1: app', 'onig:do_compile  ran 1.0 s']);
  expect(writes()).toBe(4);
});

test('no line is wider than the terminal', () => {
  const { output, rows } = terminal(24);
  const view = createLiveView(output, () => 0, createPaint(false));
  view.note({ event: 'task-started', task: taskId('a-recipe-with-a-long-name', 'do_compile'), log: 'l' });
  view.print('');
  expect(Math.max(...rows().map((line) => line.length))).toBeLessThan(24);
});

test('of many running tasks some are shown and the rest counted', () => {
  const { output, rows } = terminal(80);
  const view = createLiveView(output, () => 0, createPaint(false));
  for (let i = 0; i < 12; i += 1)
    view.note({ event: 'task-started', task: taskId(`r${i}`, 'do_compile'), log: 'l' });
  view.print('');
  expect(rows()).toHaveLength(10);
  expect(rows().slice(-2)).toEqual(['  4 more', '[0/0] 12 running']);
});
