/** A task is run once more and leaves something else, in a build that is stopped or loses its power: that is no damage. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openHistory } from '../../lib/history/history.ts';
import { checkRecord } from '../../lib/operations/check-record.ts';
import type { World } from '../../lib/ports/world.ts';
import { afterwards, everything, minutes } from '../support/crash-scene.ts';
import { forgetfulFiles, stoppingFiles } from '../support/failing-files.ts';
import { buildIn, engineWorld, withFiles } from '../support/memory-engine.ts';

/** What do_compile leaves hangs on the machine; do_mark does nothing, and do_install stands on both. */
const recipe = `do_compile() {
	emit \${B}/object as-it-is @/machine
}
do_mark[noexec] = "1"
addtask mark after do_compile before do_install
do_install() {
	emit \${D}/share/lib as-it-is @\${B}/object
}
`;

/** A build directory where the recipe was built on one machine, which is another now. */
async function builtOnce(): Promise<World> {
  const world = engineWorld({ 'lib_1.0.bb': recipe });
  world.fs.writeFileSync('/machine', 'one');
  expect(await buildIn(world, 'lib', () => {})).toMatchObject({ ok: true });
  world.fs.writeFileSync('/machine', 'two');
  return world;
}

/** Does the task once more until the program is gone; false where it came to its end before. */
async function stoppedAfter(calls: number, world: World): Promise<boolean> {
  const fs = stoppingFiles(world.fs, calls);
  try {
    await buildIn(withFiles(world, fs), 'lib', () => {}, { force: true, task: 'do_compile' });
    return fs.made() > calls;
  } catch {
    return true;
  }
}

const damaged = (world: World): readonly string[] =>
  checkRecord(world, { buildDir: '/build' }).damaged.map(({ place, what }) => `${place}: ${what}`);

/** The commit that the stamp of do_compile names. */
function stamped(world: World): string {
  const [gitDir, workdir] = ['/build/history/any/lib.git', '/build/tmp/work/any/lib'];
  const { refs } = openHistory({ fs: world.fs, gitDir, workdir, now: () => 0 });
  return [...refs.list('refs/tags/do_compile@')].join();
}

/** Looks at the record when the program is gone, and after a build that goes on. */
async function expectQuiet(world: World, calls: number): Promise<void> {
  const left = damaged(world);
  expect(await buildIn(world, 'lib', () => {})).toMatchObject({ ok: true });
  expect({ calls, left, after: damaged(world) }).toEqual({ calls, left: [], after: [] });
}

test('a program that is killed at any change', minutes, async () => {
  let moved = 0;
  for (let calls = 0; ; calls += everything ? 1 : 7) {
    const world = await builtOnce();
    const before = stamped(world);
    if (!(await stoppedAfter(calls, world))) break;
    if (stamped(world) !== before) moved++;
    await expectQuiet(afterwards(world), calls);
  }
  expect(moved).toBeGreaterThan(0);
});

test('a power cut at any change', minutes, async () => {
  for (let calls = 0, seed = 1; ; calls += everything ? 1 : 11, seed += 1) {
    const plain = await builtOnce();
    const forgetful = forgetfulFiles(plain.fs);
    const world = { ...withFiles(plain, forgetful.fs), sync: () => forgetful.sync() };
    if (!(await stoppedAfter(calls, world))) break;
    const random = fc.sample(fc.constantFrom(0, 0.5, 1), { seed, numRuns: 4000 });
    forgetful.cut(() => random.pop() ?? 0);
    plain.fs.writeFileSync('/proc/sys/kernel/random/boot_id', 'second\n');
    await expectQuiet(afterwards(plain), calls);
  }
});

/** A build directory in which such a build was killed when it had named what do_compile left. */
async function namedAnew(): Promise<World> {
  for (let calls = 0; ; calls += 3) {
    const world = await builtOnce();
    const before = stamped(world);
    expect(await stoppedAfter(calls, world)).toBe(true);
    if (stamped(world) !== before) return afterwards(world);
  }
}

test('a power cut that takes nothing but what was jotted down', minutes, async () => {
  const world = await namedAnew();
  world.fs.rmSync('/build/history/any/lib.git/varve/notes');
  world.fs.writeFileSync('/proc/sys/kernel/random/boot_id', 'second\n');
  await expectQuiet(world, 0);
});
