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
    idleAfter: () => [],
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
    looksInto: () => [],
    preference: () => 0,
    urgency: () => 0,
  } as Partial<Deeds> as Deeds;
  const work = carryOut(plannerOf(['slow:do_compile', 'full:do_compile'], ended), deeds, {
    jobs: 2,
    signal: new AbortController().signal,
    onProgress: () => {},
    mayStart: () => true,
  });
  await expect(work).rejects.toThrow('ENOSPC');
  expect(order).toEqual(['the disk is full', 'slow is recorded']);
  expect(ended).toEqual(['slow:do_compile']);
});

test('what comes of a restored artifact is gone on with, whenever it comes', async () => {
  const signature = 'f'.repeat(64) as never;
  const id = (task: string): TaskId => task as TaskId;
  const queue: Step[] = [
    { kind: 'restore', task: id('lib:do_install'), signature },
    { kind: 'look', task: id('app:do_install'), signature },
  ];
  const ran: string[] = [];
  const planner = {
    next: () => queue.splice(0),
    found: () => {},
    restored: () =>
      queue.push({ kind: 'run', task: id('app:do_install'), signature, reason: { kind: 'never-built' } }),
    ended: (task: TaskId) => void ran.push(task),
    idleAfter: () => [],
    stop: () => {},
    stopped: () => false,
    progress: () => ({ done: 0, total: 1 }),
  } as unknown as Planner;
  const deeds: Deeds = {
    // The artifact is here before the answer is.
    look: async (looks) => {
      await new Promise((resolve) => setImmediate(resolve));
      return looks.map(() => ({ kind: 'none', reason: { kind: 'never-built' } }));
    },
    restore: () => Promise.resolve(true),
    run: () => Promise.resolve({ kind: 'done', id: 'tree', repeated: false }),
    retire: () => {},
    looksInto: () => [],
    preference: () => 0,
    urgency: () => 0,
  };
  const options = {
    jobs: 1,
    signal: new AbortController().signal,
    onProgress: () => {},
    mayStart: () => true,
  };
  expect(await carryOut(planner, deeds, options)).toBe('done');
  expect(ran).toEqual(['app:do_install']);
});
