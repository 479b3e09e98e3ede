/** Whatever a person types, and whatever is asked then: nothing is lost, and nothing passed over without a word. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openHistory } from '../../lib/history/history.ts';
import { catFile } from '../../lib/operations/cat-file.ts';
import { dropEdits } from '../../lib/operations/drop-edits.ts';
import type { World } from '../../lib/ports/world.ts';
import type { BuildRequest } from '../../lib/terms/build-request.ts';
import { VarveError } from '../../lib/terms/varve-error.ts';
import { listEntries } from '../../lib/trees/list-entries.ts';
import { buildIn, engineWorld } from '../support/memory-engine.ts';

const recipe = (source: string, flags: string): string => `do_unpack() {
	emit \${B}/source as-it-is ${source}
}
do_compile() {
	emit \${B}/object as-it-is ${flags}- @\${B}/source
}
do_install() {
	emit \${D}/share/lib as-it-is @\${B}/object
}
`;
const directory = '/build/tmp/work/any/lib/b';
const asked = {
  build: {},
  compile: { force: true, task: 'do_compile' },
  install: { force: true, task: 'do_install' },
  'dry run': { dryRun: true },
  'dry compile': { dryRun: true, force: true, task: 'do_compile' },
} satisfies Record<string, Partial<BuildRequest>>;

type Deed =
  | { readonly kind: 'type'; readonly file: string }
  | { readonly kind: 'ask'; readonly what: keyof typeof asked }
  | { readonly kind: 'drop' | 'unlink' }
  | { readonly kind: 'recipe'; readonly source: string; readonly flags: string };

const type: fc.Arbitrary<Deed> = fc.record({
  kind: fc.constant('type'),
  file: fc.constantFrom('source', 'source', 'new', 'object'),
});
const askFor: fc.Arbitrary<Deed> = fc.record({
  kind: fc.constant('ask'),
  what: fc.constantFrom(...(Object.keys(asked) as (keyof typeof asked)[])),
});
const dropOrUnlink: fc.Arbitrary<Deed> = fc.record({ kind: fc.constantFrom('drop', 'unlink') });
const changeRecipe: fc.Arbitrary<Deed> = fc.record({
  kind: fc.constant('recipe'),
  source: fc.constantFrom('s1', 's2'),
  flags: fc.constantFrom('f1', 'f2'),
});
const deed = fc.oneof(type, type, askFor, askFor, askFor, dropOrUnlink, changeRecipe);

/** What stands in the files of the WORKDIR. */
function onDisk({ fs }: World): readonly string[] {
  if (!fs.existsSync(directory)) return [];
  return fs.readdirSync(directory).map((name) => fs.readFileSync(`${directory}/${name}`, 'utf8'));
}

/** What stands in the files of everything that the history names. */
function inRecord({ fs }: World): readonly string[] {
  const history = openHistory({
    fs,
    gitDir: '/build/history/any/lib.git',
    workdir: '/build/tmp/work/any/lib',
    now: () => 0,
  });
  return [...history.refs.list('refs/tags/').values()].flatMap((commit) =>
    listEntries(history.objects, history.objects.readCommit(commit).tree).map(({ oid }) =>
      oid === undefined ? '' : history.objects.readBlob(oid).toString('utf8'),
    ),
  );
}

/** What was said of edits. */
async function ask(world: World, what: keyof typeof asked): Promise<readonly string[]> {
  const said: string[] = [];
  const { ok } = await buildIn(
    world,
    'lib',
    (event) => {
      if (event.event === 'message') said.push(event.text);
    },
    asked[what],
  );
  expect(ok).toBe(true);
  return said.filter((text) => text.includes('edits'));
}

async function drop(world: World): Promise<void> {
  try {
    await dropEdits(world, { buildDir: '/build', recipe: 'lib' }, () => {});
  } catch (error) {
    if (!(error instanceof VarveError) || !error.message.includes('no edits to drop')) throw error;
  }
}

const artifact = (world: World): string =>
  catFile(world, { buildDir: '/build', rev: 'lib', path: 'share/lib' }).bytes.toString('utf8');

test(
  'what was typed is on the disk or in the record, whatever was asked since, and a build speaks of it',
  { timeout: 900_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(deed, { minLength: 2, maxLength: 10 }), async (deeds) => {
        const world = engineWorld({ 'lib_1.0.bb': recipe('s1', 'f1') });
        await ask(world, 'build');
        let [wanted, typed, unsaid] = ['f1-s1', 0, false];
        for (const each of deeds) {
          const before = onDisk(world).filter((text) => text.startsWith('typed'));
          switch (each.kind) {
            case 'type':
              if (!world.fs.existsSync(directory)) break;
              world.fs.writeFileSync(`${directory}/${each.file}`, `typed ${(typed += 1)}`);
              unsaid = true;
              continue;
            case 'ask':
              if ((await ask(world, each.what)).length === 0) expect(unsaid).toBe(false);
              unsaid = false;
              break;
            case 'drop':
              await drop(world);
              unsaid = false;
              break;
            case 'unlink':
              world.fs.rmSync('/build/tmp/work/any/lib/.git', { force: true });
              break;
            case 'recipe':
              world.fs.writeFileSync('/layer/lib_1.0.bb', recipe(each.source, each.flags));
              wanted = `${each.flags}-${each.source}`;
              break;
            default:
              each satisfies never;
          }
          const kept = new Set([...onDisk(world), ...inRecord(world)]);
          expect(before.filter((text) => !kept.has(text))).toEqual([]);
        }
        await drop(world);
        await ask(world, 'build');
        expect(artifact(world)).toBe(wanted);
        expect(await ask(world, 'dry run')).toEqual([]);
      }),
      { numRuns: process.env['VARVE_TEST_ALL'] === '1' ? 120 : 40, seed: 7 },
    );
  },
);
