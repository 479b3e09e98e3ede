/** Builds leave the record: what only they needed goes, whatever stops it, and what is kept stays whole. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openBuilds } from '../../lib/history/builds.ts';
import { holdLease } from '../../lib/execution/holding/hold-lease.ts';
import { cleanRecipes } from '../../lib/operations/clean-recipes.ts';
import { openRecord } from '../../lib/operations/record/open-record.ts';
import { showArtifact } from '../../lib/operations/artifacts.ts';
import { catFile } from '../../lib/operations/cat-file.ts';
import { checkRecord } from '../../lib/operations/check-record.ts';
import { collectGarbage, type CollectedGarbage } from '../../lib/operations/collect-garbage.ts';
import type { World } from '../../lib/ports/world.ts';
import { forgetfulFiles, stoppingFiles } from '../support/failing-files.ts';
import {
  anotherProcess,
  buildIn,
  copyOf,
  engineWorld,
  processStat,
  withFiles,
} from '../support/memory-engine.ts';

const lib = (text: string): string => `do_compile() {
	emit \${B}/object as-it-is compiled- ${text}
}
do_install() {
	emit \${D}/share/lib as-it-is @\${B}/object
}
`;
const app = `DEPENDS = "lib"
do_install() {
	emit \${D}/share/app as-it-is linked- @\${STAGING}/share/lib
}
`;
const everything = process.env['VARVE_TEST_ALL'] === '1';

/** Four builds, the second with a name, each of another text, and another recipe that stands as in the first. */
async function builtFourTimes(): Promise<World> {
  const world = engineWorld({ 'lib_1.0.bb': lib('1'), 'app_1.0.bb': app, 'other_1.0.bb': lib('other') });
  for (const n of [1, 2, 3, 4]) {
    world.fs.writeFileSync('/layer/lib_1.0.bb', lib(String(n)));
    const asked = { targets: n === 1 ? ['app', 'other'] : ['app'], ...(n === 2 && { name: 'release' }) };
    expect(await buildIn(world, 'app', () => {}, asked)).toMatchObject({ ok: true });
  }
  return world;
}

const gc = (world: World, more: { readonly dryRun?: boolean } = {}): Promise<CollectedGarbage> =>
  collectGarbage(
    world,
    { buildDir: '/build', dryRun: false, idle: false, maxSize: undefined, since: Date.now() + 1, ...more },
    () => {},
  );

/** Another process, the same files. */
function afterwards(world: World): World {
  world.fs.rmSync('/proc/1', { recursive: true, force: true });
  world.fs.mkdirSync('/proc/2', { recursive: true });
  world.fs.writeFileSync('/proc/2/stat', processStat(2));
  return withFiles(world, world.fs, 2);
}

const read = (world: World, rev: string): string =>
  catFile(world, { buildDir: '/build', rev, path: 'share/app' }).bytes.toString();

function expectKept(world: World, label: unknown, isFine = (_damage: string): boolean => false): void {
  const { damaged: all } = checkRecord(world, { buildDir: '/build' });
  const damaged = all.filter(({ what }) => !isFine(what));
  const texts = ['app@release', 'app@4', 'app'].map((rev) => read(world, rev));
  expect({ label, damaged, texts }).toEqual({
    label,
    damaged: [],
    texts: ['linked-compiled-2', 'linked-compiled-4', 'linked-compiled-4'],
  });
}

const numbers = ({ fs }: World): readonly number[] =>
  openBuilds({ fs, gitDir: '/build/history/builds.git' }).list();

test('what goes with a build is told before, and then goes', async () => {
  const world = await builtFourTimes();
  const told = await gc(world, { dryRun: true });
  expect(told.builds).toEqual({ kept: [2, 4], dropped: [1, 3] });
  expect(told.histories.freed).toBeGreaterThan(0);
  expect(numbers(world)).toEqual([1, 2, 3, 4]);
  expect((await gc(world)).builds).toEqual(told.builds);
  expect(numbers(world)).toEqual([2, 4]);
  expect(() => read(world, 'app@1')).toThrow('build 1 is no longer in the record');
  // What has a name can be pushed and exported still.
  for (const rev of ['app@release', 'lib@release'])
    expect(showArtifact(world, { buildDir: '/build', rev })).toMatchObject({ task: 'do_install' });
  expectKept(world, 'afterwards');
});

test('what is dropped leaves nothing behind: neither names, nor notes, nor what they led to', async () => {
  const world = await builtFourTimes();
  const bytes = (): readonly string[] => {
    const names = world.fs.readdirSync('/build/history', { recursive: true }).map(String);
    return names.filter((name) => /objects\/../.test(name)).toSorted();
  };
  const changes = (): number => world.fs.readdirSync('/build/history/builds.git/varve/changes').length;
  expect(changes()).toBe(3);
  await gc(world);
  // Of the two that stay neither is what its file is named after.
  expect(changes()).toBe(0);
  const once = bytes();
  expect(once.filter((name) => name.endsWith('.pack')).length).toBe(4);
  expect(once.filter((name) => /objects\/[0-9a-f]{2}\/./.test(name))).toEqual([]);
  expect((await gc(world, { dryRun: true })).histories.freed).toBe(0);
  await gc(world);
  expect(bytes()).toEqual(once);
});

test('numbers of dropped builds are not given again, and nothing runs that stands', async () => {
  const world = await builtFourTimes();
  await gc(world);
  const ran: string[] = [];
  await buildIn(world, 'app', (event) => {
    if (event.event === 'task-finished' && event.verdict === 'run') ran.push(event.task);
  });
  expect(ran).toEqual([]);
  expect(numbers(world)).toEqual([2, 4, 5]);
});

test('a person may go back to the text of a dropped build, and it is made anew', async () => {
  const world = await builtFourTimes();
  await gc(world);
  world.fs.writeFileSync('/layer/lib_1.0.bb', lib('1'));
  expect(await buildIn(world, 'app', () => {})).toMatchObject({ ok: true });
  expect(read(world, 'app')).toBe('linked-compiled-1');
  expect(checkRecord(world, { buildDir: '/build' }).damaged).toEqual([]);
});

test('HISTORY_MAX_SIZE drops the oldest builds, but none that is always kept', async () => {
  const world = await builtFourTimes();
  const kept = async (size: string): Promise<readonly number[]> => {
    world.fs.writeFileSync('/build/conf/local.conf', `HISTORY_MAX_SIZE = "${size}"\n`);
    const asked = { buildDir: '/build', dryRun: true, idle: false, maxSize: undefined, since: undefined };
    return (await collectGarbage(world, asked, () => {})).builds.kept;
  };
  expect([await kept('1G'), await kept('1')]).toEqual([
    [1, 2, 3, 4],
    [2, 4],
  ]);
});

test('what somebody reads who began before stays until they end, and all is as small afterwards', async () => {
  const [world, other] = [await builtFourTimes(), await builtFourTimes()];
  const reader = anotherProcess(world, ['bisect', 'app']);
  const record = openRecord(reader, '/build');
  const [first] = record.builds;
  const readers = [expect.stringMatching(/^process 3 on host \("varve bisect app", since /)];
  expect((await gc(world)).histories).toMatchObject({ freed: 0, readers });
  expect(numbers(world)).toEqual([1, 2, 3, 4]);
  if (first === undefined) throw new Error('there is no build 1');
  for (const recipe of record.recipes(first))
    for (const { commit } of recipe.tasks())
      expect(commit && record.history('any', recipe.recipe)?.holds(commit)).toBe(true);
  record.release();
  expect((await gc(world)).histories.readers).toEqual([]);
  expect(numbers(world)).toEqual([2, 4]);
  await gc(other);
  const files = ({ fs }: World): number => fs.readdirSync('/build/history', { recursive: true }).length;
  expect(files(world)).toBe(files(other));
});

test('a reader that died holds nothing', async () => {
  const world = await builtFourTimes();
  openRecord(anotherProcess(world), '/build');
  world.fs.rmSync('/proc/3', { recursive: true });
  const { histories } = await gc(world);
  expect(histories.readers).toEqual([]);
  expect(histories.freed).toBeGreaterThan(0);
});

test('a reader for whose lease a full disk had only a name holds as long as it runs', async () => {
  const world = await builtFourTimes();
  const reader = anotherProcess(world);
  openRecord(reader, '/build');
  world.fs.writeFileSync('/build/history/builds.git/varve/leases/host.3', '');
  expect((await gc(world)).histories).toMatchObject({ freed: 0, readers: ['a process'] });
  world.fs.rmSync('/proc/3', { recursive: true });
  expect((await gc(world)).histories.readers).toEqual([]);
});

test('who begins to read while names go waits until that is over', async () => {
  const world = await builtFourTimes();
  const mark = '/build/history/builds.git/varve/closed';
  world.fs.mkdirSync('/proc/3', { recursive: true });
  world.fs.writeFileSync('/proc/3/stat', processStat(3));
  let pauses = 0;
  const pause = (): void => {
    pauses += 1;
    if (pauses === 3) world.fs.rmSync(mark);
  };
  const closedBy = (pid: number): void => {
    const holder = { pid, host: 'host', ticks: String(pid * 100), what: 'closed', since: '2026-01-01' };
    world.fs.writeFileSync(mark, JSON.stringify(holder));
  };
  closedBy(3);
  openRecord({ ...world, pause }, '/build');
  expect(pauses).toBe(3);
  // A process that is gone takes nothing away any more.
  closedBy(4);
  openRecord({ ...world, pause }, '/build');
  expect(pauses).toBe(3);
});

test('clean leaves a history and artifacts that somebody reads, and a WORKDIR that somebody has a shell in', async () => {
  const world = await builtFourTimes();
  const reader = anotherProcess(world, ['log', 'lib']);
  const cleanLib = (what: { readonly artifacts?: true; readonly history?: true }): Promise<unknown> =>
    cleanRecipes(
      world,
      { buildDir: '/build', recipes: ['lib'], artifacts: false, history: false, downloads: false, ...what },
      () => {},
    );
  const record = openRecord(reader, '/build');
  const isRead =
    /^the record of this build directory is in use by process 3 on host \("varve log lib", since /;
  await expect(cleanLib({ history: true })).rejects.toThrow(isRead);
  await expect(cleanLib({ artifacts: true })).rejects.toThrow(isRead);
  record.release();
  const leave = holdLease(reader, '/build/history/any/lib.git');
  await expect(cleanLib({})).rejects.toThrow('the WORKDIR of lib is in use by process 3');
  leave();
  expect(await cleanLib({ artifacts: true, history: true })).toMatchObject([{ recipe: 'lib', kept: [] }]);
});

const minutes = { timeout: 900_000 };

test(
  'gc that is stopped at any change leaves a record that is whole, and the next one completes it',
  minutes,
  async () => {
    const built = await builtFourTimes();
    for (let calls = 0; ; calls += everything ? 2 : 71) {
      const world = copyOf(built);
      const files = stoppingFiles(world.fs, calls);
      const stopped = await gc(withFiles(world, files)).then(
        () => false,
        () => true,
      );
      const again = afterwards(world);
      expectKept(again, calls);
      expect((await gc(again)).builds.kept).toEqual([2, 4]);
      expectKept(again, calls);
      expect(numbers(again)).toEqual([2, 4]);
      if (!stopped) break;
    }
  },
);

test('gc that a power cut ends at any change leaves a record that is whole', minutes, async () => {
  const built = await builtFourTimes();
  for (let calls = 0, seed = 1; ; calls += everything ? 5 : 97, seed += 1) {
    const plain = copyOf(built);
    const forgetful = forgetfulFiles(plain.fs);
    const world = { ...withFiles(plain, stoppingFiles(forgetful.fs, calls)), sync: () => forgetful.sync() };
    const stopped = await gc(world).then(
      () => false,
      () => true,
    );
    const random = fc.sample(fc.constantFrom(0, 0.5, 1), { seed, numRuns: 4000 });
    forgetful.cut(() => random.pop() ?? 0);
    plain.fs.writeFileSync('/proc/sys/kernel/random/boot_id', 'second\n');
    const again = afterwards(plain);
    // An entry of the store may be there again whose archive is gone: a miss, which the next gc removes.
    expectKept(again, calls, (damage) => /: its archive \w+ is missing$/.test(damage));
    await gc(again);
    expectKept(again, calls);
    if (!stopped) break;
  }
});
