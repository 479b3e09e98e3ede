/** Whole builds in memory, of recipes whose do_install and do_pack come out otherwise each time that they are forced. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { catFile } from '../../lib/operations/cat-file.ts';
import type { World } from '../../lib/ports/world.ts';
import type { BuildEvent } from '../../lib/terms/events.ts';
import { buildIn, engineWorld } from '../support/memory-engine.ts';

const recipes = ['r0', 'r1', 'r2'];

/** Each needs the one before it; do_pack is made of its artifact, do_write of what do_pack made. */
function recipeText(index: number, flags: string): string {
  const before = index === 0 ? '' : `r${index - 1}`;
  return `DEPENDS = "${before}"
do_compile() {
	emit \${B}/needed as-it-is ${flags} ${before === '' ? '' : `@\${STAGING}/share/${before}`}
}
do_install() {
	emit \${D}/share/\${PN} as-it-is ( @/lot @\${B}/needed )
}
addtask pack after do_install
do_pack[artifact] = "\${WORKDIR}/pack"
do_pack() {
	emit \${WORKDIR}/pack/all as-it-is [ @/lot @\${D}/share/\${PN} ]
}
addtask write after do_pack before do_build
do_write[artifact] = "\${WORKDIR}/written"
do_write() {
	emit \${WORKDIR}/written/all as-it-is < @\${WORKDIR}/pack/all >
}
`;
}

async function build(world: World, targets: readonly string[], force = false): Promise<readonly string[]> {
  const ran: string[] = [];
  const note = (event: BuildEvent): void => {
    if (event.event === 'task-finished' && event.verdict === 'run') ran.push(event.task);
  };
  const { ok } = await buildIn(world, '', note, { targets: [...targets], force });
  expect(ok).toBe(true);
  return ran;
}

/** Expects that whatever holds something of another result holds what that one is now. */
function expectWhole(world: World): void {
  const text = (rev: string, path: string): string =>
    catFile(world, { buildDir: '/build', rev, path }).bytes.toString();
  recipes.forEach((name, index) => {
    const installed = text(name, `share/${name}`);
    const packed = text(`${name}:do_pack`, 'pack/all');
    expect(packed).toContain(`${installed}]`);
    expect(text(`${name}:do_write`, 'written/all')).toBe(`<${packed}>`);
    if (index > 0) expect(installed).toContain(text(`r${index - 1}`, `share/r${index - 1}`));
  });
}

const step = fc.record({
  recipe: fc.nat(2),
  what: fc.constantFrom('do_install', 'do_pack', 'do_write', 'a', 'b'),
  removed: fc.constantFrom(undefined, undefined, 'tmp', 'artifacts'),
});

test(
  'a forced task that comes out otherwise leaves nothing that is made of what it made before',
  { timeout: 300_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 5 }), async (steps) => {
        const world = engineWorld(
          Object.fromEntries(recipes.map((name, index) => [`${name}_1.0.bb`, recipeText(index, 'a')])),
        );
        world.fs.writeFileSync('/lot', '0');
        await build(world, recipes);
        for (const [at, { recipe, what, removed }] of steps.entries()) {
          world.fs.writeFileSync('/lot', String(at + 1));
          if (removed !== undefined) world.fs.rmSync(`/build/${removed}`, { recursive: true, force: true });
          if (what.startsWith('do_')) await build(world, [`r${recipe}:${what}`], true);
          else world.fs.writeFileSync(`/layer/r${recipe}_1.0.bb`, recipeText(recipe, what));
          await build(world, recipes);
          expectWhole(world);
          expect(await build(world, recipes)).toEqual([]);
        }
      }),
      { numRuns: process.env['VARVE_TEST_ALL'] === '1' ? 60 : 8, seed: 5 },
    );
  },
);
