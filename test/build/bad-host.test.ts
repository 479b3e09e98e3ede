import { expect, test } from 'vitest';
import { revokeArtifacts } from '../../lib/operations/revoke-artifacts.ts';
import type { World } from '../../lib/ports/world.ts';
import type { BuildEvent } from '../../lib/terms/events.ts';
import { buildIn, engineWorld } from '../support/memory-engine.ts';

/**
 * Two hundred recipes: the first ten need nothing, each of the others the one that is ten before it. Each installs what it
 * found in its sysroot, and what the machine adds of its own.
 */
const recipes = Object.fromEntries(
  Array.from({ length: 200 }, (_, n) => [
    `part-${n}_1.bb`,
    `DEPENDS = "${n < 10 ? '' : `part-${n - 10}`}"
do_unpack() {
	:
}
do_compile() {
	:
}
do_install() {
	emit \${D}/part-${n} plain made ${n < 10 ? '' : `@\${STAGING}/part-${n - 10}`} @/etc/flaw
}
`,
  ]),
);
const parts = (wanted: (n: number) => boolean): readonly string[] =>
  [...Array(200).keys()]
    .filter(wanted)
    .map((n) => `part-${n}`)
    .sort();

/** Builds, and answers whose tasks ran. */
async function recipesRun(world: World, targets: readonly string[]): Promise<readonly string[]> {
  const run = new Set<string>();
  const note = (event: BuildEvent): void => {
    if (event.event === 'task-finished' && event.verdict === 'run') run.add(event.task.split(':')[0] ?? '');
  };
  expect((await buildIn(world, '', note, { targets })).ok).toBe(true);
  return [...run].sort();
}

test('of 200 artifacts 7 come from a bad host: these and what they got into are made again, and nothing else', async () => {
  let time = Date.UTC(2026, 0, 1);
  const world = { ...engineWorld(recipes), now: () => (time += 1) };
  const { fs } = world;
  const says = (flaw: string): void => fs.writeFileSync('/etc/flaw', flaw);
  /** As if it went on in another build directory, with the same store. */
  const elsewhere = (): void => {
    for (const dir of ['history', 'tmp']) fs.rmSync(`/build/${dir}`, { recursive: true });
  };
  const bad = [60, 131, 142, 186, 193, 194, 195];
  const isBad = (n: number): boolean => bad.includes(n);
  const above = (n: number): boolean => bad.some((each) => n > each && n % 10 === each % 10);
  const all = parts((n) => n >= 190);
  fs.mkdirSync('/etc', { recursive: true });
  says('');
  await recipesRun(
    world,
    parts((n) => isBad(n + 10)),
  );
  elsewhere();
  says('a bit flips');
  expect(await recipesRun({ ...world, hostname: 'farm' }, parts(isBad))).toEqual(parts(isBad));
  elsewhere();
  says('');
  await recipesRun(world, all);

  const rule = { builder: 'farm', until: new Date(world.now()).toISOString() };
  const request = { buildDir: '/build', rule, write: true };
  const { artifacts, dependants } = revokeArtifacts(world, request, () => {});
  expect(artifacts.map(({ recipe }) => recipe).sort()).toEqual(parts(isBad));
  expect(dependants.map(({ recipe }) => recipe).sort()).toEqual(parts((n) => above(n) && !isBad(n)));
  expect(await recipesRun(world, all)).toEqual(parts((n) => isBad(n) || above(n)));
  expect(await recipesRun(world, all)).toEqual([]);
  for (const n of bad)
    expect(fs.readFileSync(`/build/tmp/work/any/part-${n}/image/part-${n}`, 'utf8')).not.toContain('flips');
});
