import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { findPlaces } from '../../lib/operations/record/find-places.ts';
import type { World } from '../../lib/ports/world.ts';
import { engineWorld } from '../support/memory-engine.ts';

// Times tell what was touched when.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2030-01-01T00:00:00.500Z') });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Finds the record, a while later, with what was read for it. */
function found(world: World): { readonly record: string; readonly read: readonly string[] } {
  vi.advanceTimersByTime(3001);
  const read: string[] = [];
  const readFileSync = ((path: string, ...options: []) => {
    if (path.endsWith('.conf')) read.push(path);
    return world.fs.readFileSync(path, ...options);
  }) as World['fs']['readFileSync'];
  const fs = { ...world.fs, readFileSync };
  return { record: findPlaces({ ...world, now: () => Date.now(), fs }, '/build').historyDir, read };
}

test('where the record is, is known until the configuration says otherwise', () => {
  const world = engineWorld({});
  // Before there was a build nothing is kept.
  expect([found(world), found(world)].map(({ read }) => read.length > 0)).toEqual([true, true]);
  world.fs.mkdirSync('/build/tmp/cache/idle-builds', { recursive: true });
  expect(found(world)).toMatchObject({
    record: '/build/history',
    read: expect.arrayContaining(['/build/conf/local.conf']),
  });
  expect(found(world)).toEqual({ record: '/build/history', read: [] });
  world.fs.writeFileSync(
    '/layer/conf/bitbake.conf',
    `${world.fs.readFileSync('/layer/conf/bitbake.conf', 'utf8')}HISTORY_DIR = "/elsewhere"\n`,
  );
  expect(found(world).record).toBe('/elsewhere');
  expect(found(world)).toEqual({ record: '/elsewhere', read: [] });
});
