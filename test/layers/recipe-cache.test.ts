import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadMetadata, type Metadata } from '../../lib/layers/load-metadata.ts';
import type { Python } from '../../lib/ports/python.ts';
import { byCodeUnit } from '../../lib/terms/ids.ts';
import { memoryWorld, type MemoryWorld } from '../support/memory-world.ts';
import { layerConf, refusal } from './build-directory.ts';

type Files = Readonly<Record<string, string>>;

const cacheDir = '/build/tmp/cache/recipes';

/** Two layers that bring all that is read, and a build directory. */
const workspace: Files = {
  '/build/conf/bblayers.conf': 'BBLAYERS = "/one /two"\n',
  '/build/conf/local.conf': 'LOCAL = "local"\n',
  '/one/conf/layer.conf': layerConf('one'),
  '/one/conf/bitbake.conf':
    'TARGET_ARCH = "arm"\nMACHINE ?= "none"\nOVERRIDES = "${MACHINE}"\ninclude conf/local.conf\n',
  '/one/classes/base.bbclass': 'do_install() {\n\t:\n}\naddtask install\n',
  '/one/classes/lib.bbclass': 'DEPENDS += "zlib"\n',
  '/one/recipes/zlib_1.bb': 'V = "zlib"\nV:board = "zlib for the board"\nBBCLASSEXTEND = "native"\n',
  '/one/recipes/app_1.bb':
    'inherit lib\ninclude app.inc\nV = "${LOCAL} ${@os.path.exists(\'/one/here\')} ${EXTRA}"\n',
  '/two/conf/layer.conf': layerConf('two'),
  '/two/recipes/tool_2.bb': 'V = "tool"\n',
};

function worldOf(files: Files = workspace, env: Readonly<Record<string, string>> = {}): MemoryWorld {
  return memoryWorld({ files: { '/varve/meta/none': '', ...files }, env });
}

interface Reading {
  readonly warnings?: string[];
  readonly python?: () => Python;
}

/** Reads the metadata as one run does. */
function load(
  world: MemoryWorld,
  { warnings = [], python = () => expect.unreachable() }: Reading = {},
): Metadata {
  return loadMetadata(world, {
    buildDir: '/build',
    python,
    warn: (text) => void warnings.push(text),
  });
}

/** All that a run finds out about recipes, by name; it is kept for the next. */
function findings(metadata: Metadata): unknown {
  const { recipes, unreadable } = metadata.survey();
  const found = recipes.map((recipe) => {
    const { name, file, version, tasks, provides, depends, variants, dirs } = recipe;
    const v = recipe.remember('v', (data) => data.get('V') ?? null);
    return { name, file, version, tasks, provides, depends, variants, dirs, v };
  });
  metadata.keep();
  return { found, unreadable: unreadable.map(({ file, error }) => [file, error.message]) };
}

/** How often a recipe's variables were asked for what was not known. */
function countedV(metadata: Metadata, name: string): { readonly v: string; readonly asked: number } {
  let asked = 0;
  const v = metadata.recipe(name).remember('v', (data) => {
    asked++;
    return data.get('V') ?? '';
  });
  return { v, asked };
}

test('what was found out about a recipe is known to the next run, until a file that took part says something else', () => {
  const world = worldOf();
  findings(load(world));
  expect(countedV(load(world), 'app')).toEqual({ v: 'local False ${EXTRA}', asked: 0 });
  world.fs.utimesSync('/one/recipes/app_1.bb', 7, 7);
  expect(countedV(load(world), 'app').asked).toBe(0);
  world.fs.writeFileSync('/one/classes/lib.bbclass', 'EXTRA = "from the class"\n');
  expect(countedV(load(world), 'app')).toEqual({ v: 'local False from the class', asked: 1 });
  expect(countedV(load(world), 'tool').asked).toBe(0);
});

test('a file that was looked for and not found counts when it comes', () => {
  const world = worldOf();
  findings(load(world));
  world.fs.writeFileSync('/one/recipes/app.inc', 'EXTRA = "included"\n');
  world.fs.writeFileSync('/one/here', '');
  expect(countedV(load(world), 'app')).toEqual({ v: 'local True included', asked: 1 });
});

test('runs for two machines do not disturb each other', () => {
  const world = worldOf();
  const board: MemoryWorld = { ...world, env: { MACHINE: 'board' } };
  findings(load(world));
  findings(load(board));
  expect(countedV(load(board), 'zlib')).toEqual({ v: 'zlib for the board', asked: 0 });
  expect(countedV(load(world), 'zlib')).toEqual({ v: 'zlib', asked: 0 });
});

test('a warning about a recipe is said in every run', () => {
  const world = worldOf({ ...workspace, '/two/recipes/tool_2.bb': 'V="tool"\n' });
  const said = ['there is no white space around the "=" of V'];
  const [first, second]: [string[], string[]] = [[], []];
  findings(load(world, { warnings: first }));
  findings(load(world, { warnings: second }));
  expect(first).toEqual(said);
  expect(second).toEqual(said);
});

test('what Python had a part in is asked of Python in every run', () => {
  const world = worldOf({ ...workspace, '/two/recipes/tool_2.bb': 'V = "${@time.time()}"\n' });
  let time = 0;
  const python = (): Python => ({
    evaluate: () => ({ ok: true, value: String(++time) }),
    define: () => expect.unreachable(),
    execute: () => expect.unreachable(),
    fire: () => expect.unreachable(),
  });
  for (const v of ['1', '2']) {
    const metadata = load(world, { python });
    expect(countedV(metadata, 'tool')).toEqual({ v, asked: 1 });
    metadata.keep();
  }
});

test('a recipe that changes between being known and being read is an error, not a mixture', () => {
  const world = worldOf();
  findings(load(world));
  const metadata = load(world);
  const tool = metadata.recipe('tool');
  world.fs.writeFileSync('/two/recipes/tool_2.bb', 'V = "another"\n');
  expect(refusal(() => tool.data)).toEqual({
    fault: 'metadata',
    message: 'this file was changed while varve was reading',
    place: { file: '/two/recipes/tool_2.bb' },
    hints: ['The same command again reads it as it is now.'],
  });
});

test('a cache that is damaged or half written, wherever it is, is as good as none', () => {
  const world = worldOf();
  const known = findings(load(world));
  const files = world.fs.readdirSync(cacheDir).map((name) => {
    const path = `${cacheDir}/${String(name)}`;
    return { path, whole: world.fs.readFileSync(path) };
  });
  expect(files).toHaveLength(3);
  const anywhere = fc
    .constantFrom(...files)
    .chain((file) => fc.nat(file.whole.length - 1).map((at) => ({ ...file, at })));
  fc.assert(
    fc.property(anywhere, fc.integer({ min: 1, max: 255 }), fc.boolean(), ({ path, whole, at }, by, cut) => {
      for (const file of files) world.fs.writeFileSync(file.path, file.whole);
      const damaged = Buffer.from(cut ? whole.subarray(0, at) : whole);
      if (!cut) damaged[at] = (damaged[at] ?? 0) ^ by;
      world.fs.writeFileSync(path, damaged);
      expect(findings(load(world))).toEqual(known);
    }),
    { numRuns: 60 },
  );
});

const texts = [
  'EXTRA = "1"\n',
  'EXTRA = "2"\nDEPENDS += "tool"\n',
  'V:append = " more"\n',
  'no statement\n',
  '',
];
const places = [
  '/build/conf/local.conf',
  '/one/classes/base.bbclass',
  '/one/classes/lib.bbclass',
  '/two/classes/lib.bbclass',
  '/one/recipes/app_1.bb',
  '/one/recipes/app.inc',
  '/two/recipes/app.inc',
  '/two/recipes/app_1.bbappend',
  '/two/recipes/zlib_%.bbappend',
  '/two/recipes/zlib_2.bb',
  '/one/here',
];

const edit = fc.oneof(
  fc.record({ path: fc.constantFrom(...places), text: fc.constantFrom(...texts) }),
  fc.record({ path: fc.constantFrom(...places), text: fc.constant(undefined) }),
  // As it was at the beginning: another branch, and back.
  fc.record({
    path: fc.constantFrom(...places.filter((place) => place in workspace)),
    text: fc.constant('as it was'),
  }),
);

test('after any edits a run with a cache finds what one without finds', () => {
  fc.assert(
    fc.property(fc.array(fc.array(edit, { maxLength: 2 }), { maxLength: 5 }), (rounds) => {
      const world = worldOf();
      for (const edits of [[], ...rounds]) {
        for (const { path, text } of edits) {
          if (text === undefined) world.fs.rmSync(path, { force: true });
          else {
            world.fs.mkdirSync(path.slice(0, path.lastIndexOf('/')), { recursive: true });
            world.fs.writeFileSync(path, text === 'as it was' ? (workspace[path] ?? '') : text);
          }
        }
        const [warm, cold]: [string[], string[]] = [[], []];
        const withCache = attempted(() => findings(load(world, { warnings: warm })));
        world.fs.renameSync('/build/tmp', '/build/tmp.aside');
        const without = attempted(() => findings(load(world, { warnings: cold })));
        world.fs.rmSync('/build/tmp', { recursive: true, force: true });
        world.fs.renameSync('/build/tmp.aside', '/build/tmp');
        expect(withCache).toEqual(without);
        expect(warm.toSorted(byCodeUnit)).toEqual(cold.toSorted(byCodeUnit));
      }
    }),
    { numRuns: 25 },
  );
});

function attempted(work: () => unknown): unknown {
  let found: unknown;
  const refused = refusal(() => {
    found = work();
  });
  return refused === undefined ? found : { refused };
}
