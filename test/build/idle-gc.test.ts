/** gc that nobody asked for: after every tenth build, and never in anybody's way. */
import { expect, test } from 'vitest';
import { holdBuildLock, IDLE_GC } from '../../lib/execution/holding/hold-build-lock.ts';
import { findPlaces } from '../../lib/operations/record/find-places.ts';
import { collectGarbage } from '../../lib/operations/collect-garbage.ts';
import type { World } from '../../lib/ports/world.ts';
import { buildIn, engineWorld, processStat, withFiles } from '../support/memory-engine.ts';

const lib = (text: string | number): string => `do_install() {
\temit \${D}/share/lib as-it-is ${text}
}
`;

test('gc is started after builds that did something, when the last time is long ago', async () => {
  const started: (readonly string[])[] = [];
  const plain = engineWorld({ 'lib_1.0.bb': lib(0) });
  plain.fs.writeFileSync('/build/conf/local.conf', 'HISTORY_GC_BUILDS = "3"\n');
  const world: World = { ...plain, startIdle: (args) => void started.push(args) };
  const build = async (text: number): Promise<number> => {
    world.fs.writeFileSync('/layer/lib_1.0.bb', lib(text));
    await buildIn(world, 'lib', () => {});
    return started.length;
  };
  expect([await build(1), await build(2), await build(2), await build(2), await build(3)]).toEqual([
    0, 0, 0, 0, 1,
  ]);
  expect(started).toEqual([['gc', '--idle', '-B', '/build']]);
  const asked = { buildDir: '/build', dryRun: false, idle: true, maxSize: undefined, since: undefined };
  await collectGarbage(world, asked, () => {});
  expect([await build(4), await build(5), await build(6)]).toEqual([1, 1, 2]);
});

test('who wants the build directory ends it, and says nothing of that', async () => {
  const world = engineWorld({ 'lib_1.0.bb': lib(1) });
  const places = findPlaces(world, '/build');
  await holdBuildLock(world, places, { what: IDLE_GC, wait: false, say: () => {} });
  world.fs.mkdirSync('/proc/2');
  world.fs.writeFileSync('/proc/2/stat', processStat(2));
  const ended: number[] = [];
  const other: World = {
    ...withFiles(world, world.fs, 2),
    end: (pid) => {
      world.fs.rmSync(`/proc/${pid}`, { recursive: true, force: true });
      return ended.push(pid) > 0;
    },
  };
  const said: string[] = [];
  await holdBuildLock(other, places, { what: 'varve build lib', wait: true, say: (text) => said.push(text) });
  expect({ ended, said }).toEqual({ ended: [1], said: [] });
});
