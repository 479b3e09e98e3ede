/** What nobody asked for: gc after every tenth build, compression after one that stored much, and never in anybody's way. */
import { expect, test } from 'vitest';
import { holdBuildLock, IDLE_GC } from '../../lib/execution/holding/hold-build-lock.ts';
import { deflatedPieces, STORED } from '../../lib/history/deflated-pieces.ts';
import { createPackWriter } from '../../lib/history/pack-writer.ts';
import { storedPacks } from '../../lib/history/stored-packs.ts';
import { findPlaces } from '../../lib/operations/record/find-places.ts';
import { collectGarbage } from '../../lib/operations/collect-garbage.ts';
import { compressWaiting } from '../../lib/operations/compress-waiting.ts';
import type { World } from '../../lib/ports/world.ts';
import { objectId } from '../../lib/trees/object-id.ts';
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

/** A megabyte and more that was stored in haste, in the history of a recipe. */
function storeInHaste({ fs }: World, gitDir: string): void {
  const body = Buffer.alloc(2 << 20, 'stored in haste ');
  const writer = createPackWriter(fs, `${gitDir}/objects/pack`, 'haste');
  writer.append(
    { oid: objectId('blob', body), type: 'blob', size: body.length },
    deflatedPieces(body, STORED),
  );
  writer.seal();
}

test('what a build stored in haste is compressed after it, or after the next where there was no room or no time', async () => {
  const started: (readonly string[])[] = [];
  const plain = engineWorld({ 'lib_1.0.bb': lib(0), 'other_1.0.bb': lib(0) });
  const world: World = { ...plain, startIdle: (args) => void started.push(args) };
  const gitDir = '/build/history/any/lib.git';
  const waiting = (): number => storedPacks(world.fs, gitDir).length;
  const build = async (name: string, text: number): Promise<number> => {
    world.fs.writeFileSync(`/layer/${name}_1.0.bb`, lib(text));
    await buildIn(world, name, () => {});
    return started.splice(0).length;
  };
  expect(await build('lib', 1)).toBe(0);
  storeInHaste(world, gitDir);
  expect([await build('lib', 2), waiting()]).toEqual([1, 1]);
  const full: World = { ...world, diskSpace: () => ({ bytes: 3 << 20, inodes: undefined }) };
  expect([await compressWaiting(full, '/build', () => {}), waiting()]).toEqual([false, 1]);
  // A build with nothing to do, and one of another recipe: what waits is not forgotten.
  expect([await build('lib', 2), waiting()]).toEqual([1, 1]);
  expect([await build('other', 1), waiting()]).toEqual([1, 1]);
  expect([await compressWaiting(world, '/build', () => {}), waiting()]).toEqual([false, 0]);
  expect([await build('other', 2), await build('lib', 3)]).toEqual([0, 0]);
});

test('nothing comes by itself where HISTORY_GC_BUILDS is 0; then gc compresses', async () => {
  const started: (readonly string[])[] = [];
  const plain = engineWorld({ 'lib_1.0.bb': lib(0) });
  plain.fs.writeFileSync('/build/conf/local.conf', 'HISTORY_GC_BUILDS = "0"\n');
  const world: World = { ...plain, startIdle: (args) => void started.push(args) };
  const gitDir = '/build/history/any/lib.git';
  await buildIn(world, 'lib', () => {});
  storeInHaste(world, gitDir);
  world.fs.writeFileSync('/layer/lib_1.0.bb', lib(1));
  await buildIn(world, 'lib', () => {});
  expect([started, storedPacks(world.fs, gitDir).length]).toEqual([[], 1]);
  const asked = { buildDir: '/build', dryRun: false, idle: false, maxSize: undefined, since: undefined };
  await collectGarbage(world, asked, () => {});
  expect(storedPacks(world.fs, gitDir)).toEqual([]);
});
