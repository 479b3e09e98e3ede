import { expect, test } from 'vitest';
import { carryOut, type Deeds } from '../../lib/execution/carry-out.ts';
import type { Planner, Step } from '../../lib/planning/planner.ts';
import type { TaskId } from '../../lib/terms/ids.ts';

/** A planner that lets these tasks run at once. */
function plannerOf(tasks: readonly string[], ended: string[]): Planner {
  let steps: readonly Step[] = tasks.map((task) => ({
    kind: 'run',
    task: task as TaskId,
    signature: 'f'.repeat(64) as never,
    reason: { kind: 'never-built' },
  }));
  let stopped = false;
  return {
    next: () => {
      const now = steps;
      steps = [];
      return now;
    },
    ended: (task: TaskId) => void ended.push(task),
    stop: () => {
      stopped = true;
    },
    stopped: () => stopped,
    progress: () => ({ done: 0, total: tasks.length }),
  } as unknown as Planner;
}

test('where one task cannot be recorded, those that run beside it come to their end first', async () => {
  const ended: string[] = [];
  const order: string[] = [];
  let endSlow = (): void => {};
  const deeds = {
    run: ({ task }) => {
      if (task === 'full:do_compile') {
        order.push('the disk is full');
        setImmediate(() => endSlow());
        return Promise.reject(new Error('ENOSPC'));
      }
      return new Promise((resolve) => {
        endSlow = () => {
          order.push('slow is recorded');
          resolve({ kind: 'done', id: 'tree', repeated: false });
        };
      });
    },
    preference: () => 0,
  } as Partial<Deeds> as Deeds;
  const work = carryOut(plannerOf(['slow:do_compile', 'full:do_compile'], ended), deeds, {
    jobs: 2,
    signal: new AbortController().signal,
    onProgress: () => {},
  });
  await expect(work).rejects.toThrow('ENOSPC');
  expect(order).toEqual(['the disk is full', 'slow is recorded']);
  expect(ended).toEqual(['slow:do_compile']);
});
