/** Whole builds in memory, held against the simplest engine there is: one that always builds everything. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { catFile } from '../../lib/operations/cat-file.ts';
import type { World } from '../../lib/ports/world.ts';
import type { BuildEvent } from '../../lib/terms/events.ts';
import { buildIn, engineWorld } from '../support/memory-engine.ts';

/** A recipe: what its tasks write is made of these, and of the artifacts of what it needs. */
interface Recipe {
  readonly needs: readonly number[];
  readonly source: string;
  readonly flags: string;
  /** do_compile forgets the case of its flags: other flags may give the same output. */
  readonly forgets: boolean;
  /** do_install leaves the sources out: other sources give the same artifact. */
  readonly small: boolean;
}
type Layer = readonly Recipe[];

/** The naive engine: what the artifact of a recipe is when everything is made from nothing. */
function artifactOf(layer: Layer, index: number): string {
  const recipe = layer[index];
  if (recipe === undefined) throw new Error(`no recipe ${index}`);
  const flags = recipe.forgets ? recipe.flags.toLowerCase() : recipe.flags;
  const needed = recipe.needs.map((need) => artifactOf(layer, need)).join('');
  return recipe.small ? `[${flags}${needed}]` : `[${flags}${needed}${recipe.source}]`;
}

/** The same recipe in BitBake's language, for a runner that knows one command. */
function recipeText(recipe: Recipe): string {
  const needed = recipe.needs.map((need) => `@\${STAGING}/share/r${need}`).join(' ');
  return `DEPENDS = "${recipe.needs.map((need) => `r${need}`).join(' ')}"
FLAGS = "${recipe.flags}"
do_unpack() {
	emit \${B}/source as-it-is ${recipe.source}
}
do_compile() {
	emit \${B}/flags ${recipe.forgets ? 'lower' : 'as-it-is'} \${FLAGS}
	emit \${B}/needed as-it-is ${needed}
}
do_install() {
	emit \${D}/share/\${PN} as-it-is [ @\${B}/flags @\${B}/needed ${recipe.small ? '' : '@${B}/source'} ]
}
`;
}

function worldOf(layer: Layer): World {
  return engineWorld(
    Object.fromEntries(layer.map((recipe, index) => [`r${index}_1.0.bb`, recipeText(recipe)])),
  );
}

interface Built {
  readonly ran: readonly string[];
  readonly restored: number;
  readonly artifact: string;
}

async function buildAll(world: World, target: number): Promise<Built> {
  const events: BuildEvent[] = [];
  const outcome = await buildIn(world, `r${target}`, (event) => events.push(event));
  const failures = events.filter((event) => event.event === 'task-finished' && !event.ok);
  expect([outcome.ok, failures]).toEqual([true, []]);
  const finished = events.flatMap((event) => (event.event === 'task-finished' ? [event] : []));
  const path = `share/r${target}`;
  return {
    ran: finished.filter(({ verdict }) => verdict === 'run').map(({ task }) => task),
    restored: finished.filter(({ verdict }) => verdict === 'restore').length,
    artifact: catFile(world, { buildDir: '/build', rev: `r${target}`, path }).bytes.toString(),
  };
}

/** What may happen between two builds. */
type Step =
  | { readonly kind: 'edit'; readonly recipe: number; readonly change: Partial<Omit<Recipe, 'needs'>> }
  | { readonly kind: 'undo' }
  | { readonly kind: 'remove'; readonly path: string };

const word = fc.constantFrom('a', 'A', 'b', 'B');
const arbitraryLayer: fc.Arbitrary<Layer> = fc.integer({ min: 1, max: 5 }).chain((size) =>
  fc.tuple(
    ...Array.from({ length: size }, (_, index) =>
      fc.record({
        needs: fc.subarray(Array.from({ length: index }, (__, need) => need)),
        source: word,
        flags: word,
        forgets: fc.boolean(),
        small: fc.boolean(),
      }),
    ),
  ),
);
const arbitraryStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('edit' as const),
      recipe: fc.nat(4),
      change: fc.oneof(
        fc.record({ source: word }),
        fc.record({ flags: word }),
        fc.record({ forgets: fc.boolean() }),
        fc.record({ small: fc.boolean() }),
      ),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ kind: 'undo' as const }) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom('tmp', 'tmp/work', 'artifacts', 'artifacts/cas', 'history', 'history/any/r0.git')
      .map((path) => ({ kind: 'remove' as const, path })),
  },
);

/** The layer after a step; `before` are the layers so far, the newest last. */
function after(before: readonly Layer[], step: Step): Layer {
  const layer = before.at(-1) ?? [];
  if (step.kind === 'undo') return before.at(-2) ?? layer;
  if (step.kind === 'remove') return layer;
  return layer.map((recipe, index) =>
    index === step.recipe % layer.length ? { ...recipe, ...step.change } : recipe,
  );
}

/** Recipes whose own text changed, or the artifact of something that they need: no other has anything to do. */
function touched(from: Layer, to: Layer): ReadonlySet<string> {
  const isTouched = (recipe: Recipe, index: number): boolean =>
    recipe !== from[index] || recipe.needs.some((need) => artifactOf(from, need) !== artifactOf(to, need));
  return new Set(to.flatMap((recipe, index) => (isTouched(recipe, index) ? [`r${index}`] : [])));
}

test(
  'whatever is edited, undone or deleted: the artifacts of an engine that builds everything, and no task for nothing',
  { timeout: 900_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryLayer, fc.array(arbitraryStep, { maxLength: 6 }), async (first, steps) => {
        const world = worldOf(first);
        const target = first.length - 1;
        const layers: Layer[] = [first];
        expect((await buildAll(world, target)).artifact).toBe(artifactOf(first, target));
        for (const step of steps) {
          const layer = after(layers, step);
          layer.forEach((recipe, index) =>
            world.fs.writeFileSync(`/layer/r${index}_1.0.bb`, recipeText(recipe)),
          );
          if (step.kind === 'remove')
            world.fs.rmSync(`/build/${step.path}`, { recursive: true, force: true });
          const built = await buildAll(world, target);
          expect(built.artifact).toBe(artifactOf(layer, target));
          expect(new Set(built.ran).size).toBe(built.ran.length);
          if (step.kind === 'edit') {
            const may = touched(layers.at(-1) ?? [], layer);
            expect(built.ran.filter((task) => !may.has(task.split(':')[0] ?? ''))).toEqual([]);
          }
          if (step.kind === 'undo' && !steps.some(({ kind }) => kind === 'remove'))
            expect(built.ran).toEqual([]);
          layers.push(layer);
          expect(await buildAll(world, target)).toMatchObject({ ran: [], restored: 0 });
        }
      }),
      { numRuns: process.env['VARVE_TEST_ALL'] === '1' ? 100 : 20, seed: 5 },
    );
  },
);
