import { expect, test } from 'vitest';
import { runSearch } from '../../lib/operations/bisect/run-search.ts';
import type { World } from '../../lib/ports/world.ts';
import { memoryWorld } from '../support/memory-world.ts';

/** A world in which a person may interrupt. */
function interruptible(): { readonly world: World; interrupt(): void } {
  const listeners = new Set<() => void>();
  const onInterrupt = (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  return {
    world: { ...memoryWorld(), onInterrupt },
    interrupt: () => listeners.forEach((listener) => listener()),
  };
}

test.each([
  ['fails', () => Promise.reject(new Error('git was killed'))],
  ['comes to an end', () => Promise.resolve('every commit makes the same')],
])('a search that %s just before the interruption is heard of is interrupted', async (_, end) => {
  const { world, interrupt } = interruptible();
  const search = runSearch(world, () => {
    setTimeout(interrupt, 1);
    return end();
  });
  expect(await search).toBe(undefined);
});

test('else it is as it ended', async () => {
  const { world } = interruptible();
  expect(await runSearch(world, () => Promise.resolve('found'))).toBe('found');
  await expect(runSearch(world, () => Promise.reject(new Error('no git')))).rejects.toThrow('no git');
});
