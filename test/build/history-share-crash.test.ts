/** An export and an import that are stopped, or lose their power, at any call that changes a file. */
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkRecord } from '../../lib/operations/check-record.ts';
import { exportHistory } from '../../lib/operations/export-history.ts';
import { importHistory } from '../../lib/operations/import-history.ts';
import { restoreRevision } from '../../lib/operations/restore-revision.ts';
import type { World } from '../../lib/ports/world.ts';
import { forgetfulFiles, fullFiles, stoppingFiles } from '../support/failing-files.ts';
import { buildDir, memoryBuild, type MemoryBuild } from '../support/memory-build.ts';
import { withFiles } from '../support/memory-engine.ts';
import { plainRecipe } from '../support/workspace.ts';

const file = '/shared.varve';
const imports = `${buildDir}/imports`;

/** A build directory with two builds, the second a failure, and their export. */
async function built(): Promise<MemoryBuild> {
  const recipe = (compile: string): string => plainRecipe({ do_compile: compile, do_install: 'echo it' });
  const memory = memoryBuild({ files: { 'recipes/app_1.bb': recipe('echo app') } });
  await memory.build('app');
  memory.write('recipes/app_1.bb', recipe('exit 1'));
  await memory.build('app');
  exportAll(memory.world);
  return memory;
}

/** How many calls come between two that are tried. */
const step = process.env['VARVE_TEST_ALL'] === '1' ? 1 : 29;
const minutes = { timeout: 900_000 };

const exportAll = (world: World): unknown => exportHistory(world, { buildDir, revs: ['@1', '@2'], file });
const importAll = (world: World): unknown => importHistory(world, { buildDir, file, name: 'ann' });

/** Does something that is stopped after so many changes; false where it came to its end before. */
function stoppedAfter(calls: number, world: World, deed: (world: World) => unknown): boolean {
  const fs = stoppingFiles(world.fs, calls);
  try {
    deed(withFiles(world, fs));
    return fs.made() > calls;
  } catch {
    return true;
  }
}

function expectWhole(world: World, label: object): void {
  expect({ ...label, damaged: checkRecord(world, { buildDir }).damaged }).toEqual({ ...label, damaged: [] });
}

test('an export that is stopped at any change leaves the older file or none, and the next one is whole', async () => {
  const { world } = await built();
  const whole = world.fs.readFileSync(file);
  for (const older of [undefined, gzipSync('older')]) {
    for (let calls = 0; ; calls++) {
      world.fs.rmSync(file, { force: true });
      if (older !== undefined) world.fs.writeFileSync(file, older);
      const stopped = stoppedAfter(calls, world, exportAll);
      const left = world.fs.existsSync(file) ? world.fs.readFileSync(file) : undefined;
      expect({ calls, left }).toEqual({ calls, left: left?.equals(whole) === true ? whole : older });
      exportAll(world);
      expect(world.fs.readFileSync(file)).toEqual(whole);
      expect(world.fs.readdirSync('/').filter((name) => String(name).includes('shared'))).toEqual([
        'shared.varve',
      ]);
      if (!stopped) break;
    }
  }
});

test(
  'an import that is stopped at any change is there whole or not at all, and can be taken in then',
  minutes,
  async () => {
    const { world } = await built();
    for (let calls = 0; ; calls += step) {
      const stopped = stoppedAfter(calls, world, importAll);
      const isThere = world.fs.existsSync(`${imports}/ann`);
      expectWhole(world, { calls });
      if (!isThere) importAll(world);
      expect({ calls, names: world.fs.readdirSync(imports) }).toEqual({ calls, names: ['ann'] });
      expectWhole(world, { calls });
      world.fs.rmSync(imports, { recursive: true });
      if (!stopped) break;
    }
  },
);

test('what is there after a power cut, of an export or an import, is whole', minutes, async () => {
  const { world } = await built();
  const whole = world.fs.readFileSync(file);
  for (let calls = 0, going = true; going; calls += step) {
    const forgetful = forgetfulFiles(world.fs);
    const mortal = { ...withFiles(world, forgetful.fs), sync: () => forgetful.sync() };
    world.fs.rmSync(file);
    going = [exportAll, importAll].map((deed) => stoppedAfter(calls, mortal, deed)).includes(true);
    const random = fc.sample(fc.constantFrom(0, 0.5, 1), { seed: calls + 1, numRuns: 400 });
    forgetful.cut(() => random.pop() ?? 0);
    if (world.fs.existsSync(file)) expect(world.fs.readFileSync(file)).toEqual(whole);
    expectWhole(world, { calls });
    world.fs.rmSync(imports, { recursive: true, force: true });
    world.fs.writeFileSync(file, whole);
  }
});

const restored = '/out/tree';
const restoreAll = (world: World): unknown =>
  restoreRevision(world, { buildDir, rev: 'app@1:compile', dir: restored });

test('a restore that is stopped at any change leaves no directory, or the whole', async () => {
  const { world } = await built();
  const tree = (): readonly string[] | undefined =>
    world.fs.existsSync(restored)
      ? world.fs.readdirSync(restored, { recursive: true }).map(String)
      : undefined;
  restoreAll(world);
  const whole = tree();
  expect(whole?.length).toBeGreaterThan(1);
  for (let calls = 0; ; calls++) {
    world.fs.rmSync('/out', { recursive: true });
    const stopped = stoppedAfter(calls, world, restoreAll);
    expect({ calls, left: tree() ?? whole }).toEqual({ calls, left: whole });
    if (tree() === undefined) restoreAll(world);
    expect({ calls, beside: world.fs.readdirSync('/out') }).toEqual({ calls, beside: ['tree'] });
    expect(tree()).toEqual(whole);
    if (!stopped) break;
  }
});

test('on a disk that is full from any moment on, nothing half is left of an export, an import or a restore', async () => {
  const { world } = await built();
  const whole = world.fs.readFileSync(file);
  const there = (path: string): readonly string[] =>
    world.fs.existsSync(path) ? world.fs.readdirSync(path).map(String) : [];
  const left = (): readonly string[] => [...there(imports), ...there('/out')];
  for (const deed of [exportAll, importAll, restoreAll]) {
    const before = left();
    for (let calls = 0; ; calls += deed === importAll ? step : 1) {
      const fs = fullFiles(world.fs, calls);
      if (deed !== importAll) world.fs.writeFileSync(file, 'older');
      let said = 'it had room';
      try {
        deed({ ...world, fs });
      } catch (error) {
        said = String(error);
      }
      if (!fs.isFull()) break;
      expect({ calls, said }).toEqual({ calls, said: expect.stringContaining('ENOSPC') });
      if (deed === exportAll) expect(world.fs.readFileSync(file, 'utf8')).toBe('older');
      expect({ calls, left: left() }).toEqual({ calls, left: before });
      expectWhole(world, { calls });
    }
    world.fs.writeFileSync(file, whole);
  }
  expect(left()).toEqual(['ann', 'tree']);
});
