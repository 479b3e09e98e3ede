/** The lines at the foot of a terminal that show what is going on; redrawn in place, in one write. */
import type { Output } from '../ports/world.ts';
import type { BuildEvent } from '../terms/events.ts';
import type { TaskId } from '../terms/ids.ts';
import { formatDuration } from './format-quantity.ts';
import type { Paint } from './paint.ts';

/** Running tasks shown at once; more are counted. */
const SHOWN_TASKS = 8;

export interface LiveView {
  /** Takes note of an event; draws nothing. */
  note(event: BuildEvent): void;
  /** Puts lines above the view, and draws it anew. */
  print(lines: string): void;
  /** Takes the view off the screen. */
  clear(): void;
}

/** Makes a live view on a terminal. `now` is the clock that running times are read from. */
export function createLiveView(output: Output, now: () => number, paint: Paint): LiveView {
  const running = new Map<TaskId, number>();
  let progress = { done: 0, total: 0 };
  let restored = 0;
  let drawn = 0;

  function lines(): readonly string[] {
    const width = Math.max(20, output.columns - 1);
    const shown = [...running].slice(0, SHOWN_TASKS);
    const tasks = shown.map(([task, since]) => `  ${cut(`${task}  ${elapsed(now() - since)}`, width - 2)}`);
    const more = running.size > shown.length ? [`  ${running.size - shown.length} more`] : [];
    const parts = [`${running.size} running`, ...(restored > 0 ? [`${restored} restored`] : [])];
    const status = cut(`[${progress.done}/${progress.total}] ${parts.join(', ')}`, width);
    return [...tasks, ...more, paint.bold(status)];
  }

  function draw(above: string, view: readonly string[]): void {
    const up = drawn > 0 ? `\u001b[${drawn}A` : '';
    // Lines are overwritten and only their rests erased, so that nothing flickers.
    const text = [...above.split('\n').slice(0, -1), ...view].map((line) => `${line}\u001b[K\n`).join('');
    output.write(`${up}\r${text}\u001b[J`);
    drawn = view.length;
  }

  return {
    note(event) {
      if (event.event === 'progress') progress = { done: event.done, total: event.total };
      if (event.event === 'task-started') running.set(event.task, now());
      if (event.event !== 'task-finished') return;
      running.delete(event.task);
      if (event.verdict === 'restore') restored += 1;
    },
    print: (above) => draw(above, lines()),
    clear: () => draw('', []),
  };
}

/** Whole seconds: a running time that jumps by tenths only draws the eye. */
function elapsed(milliseconds: number): string {
  return milliseconds < 60_000 ? `${Math.floor(milliseconds / 1000)} s` : formatDuration(milliseconds);
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}
