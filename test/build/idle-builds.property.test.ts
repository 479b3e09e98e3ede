/** What is kept of builds that had nothing to do, held against an engine that looks at everything each time. */
import { dirname } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { explain } from '../../lib/operations/explain.ts';
import type { FileSystem, World } from '../../lib/ports/world.ts';
import { idleBuildsDir } from '../../lib/terms/places.ts';
import { buildIn, engineWorld } from '../support/memory-engine.ts';

const recipe = (needs: string, word: string): string => `DEPENDS = "${needs}"
WORD ??= "${word}"
do_unpack() {
	emit \${B}/source as-it-is ${word}
}
do_compile() {
	emit \${B}/made as-it-is @\${B}/source \${WORD}
}
do_install() {
	emit \${D}/share/\${PN} as-it-is @\${B}/made
}
do_check() {
	emit \${B}/checked as-it-is \${MACHINE}
}
addtask check after do_unpack before do_build
`;
const recipes = {
  'low_1.0.bb': recipe('', 'a'),
  'mid_1.0.bb': recipe('low', 'b'),
  'top_1.0.bb': recipe('mid', 'c'),
};

type Edit = (fs: FileSystem) => void;
const write =
  (path: string, text: string): Edit =>
  (fs) => {
    fs.mkdirSync(dirname(path), { recursive: true });
    fs.writeFileSync(path, text);
  };
const remove =
  (path: string): Edit =>
  (fs) =>
    fs.rmSync(path, { recursive: true, force: true });
/** Every file below a directory becomes what `change` makes of it. */
const each =
  (dir: string, change: (bytes: Buffer) => Buffer): Edit =>
  (fs) => {
    if (!fs.existsSync(dir)) return;
    for (const entry of fs.readdirSync(dir, { recursive: true, withFileTypes: true }))
      if (entry.isFile()) {
        const path = `${entry.parentPath}/${entry.name}`;
        fs.writeFileSync(path, change(fs.readFileSync(path)));
      }
  };
const half = (bytes: Buffer): Buffer => bytes.subarray(0, bytes.length / 2);

/** What may happen between two builds. */
const edits: Readonly<Record<string, Edit>> = {
  nothing: () => {},
  'another source': write('/layer/low_1.0.bb', recipe('', 'z')),
  'the source as it was': write('/layer/low_1.0.bb', recipe('', 'a')),
  'a dependency less': write('/layer/top_1.0.bb', recipe('low', 'c')),
  'all metadata written anew': each('/layer', (bytes) => bytes),
  'another setting': write('/build/conf/local.conf', 'WORD = "local"\n'),
  'no setting': write('/build/conf/local.conf', ''),
  'a setting for one machine': write('/build/conf/local.conf', 'MACHINE ?= "one"\nWORD:two = "two"\n'),
  'an append comes': write('/layer/mid_1.0.bbappend', 'WORD = "appended"\n'),
  'the append goes': remove('/layer/mid_1.0.bbappend'),
  'appends are read': write(
    '/layer/conf/layer.conf',
    'BBPATH .= ":${LAYERDIR}"\nBBFILES += "${LAYERDIR}/*.bb ${LAYERDIR}/*.bbappend"\n',
  ),
  'a newer version comes': write('/layer/low_2.0.bb', recipe('', 'y')),
  'the newer version goes': remove('/layer/low_2.0.bb'),
  'a class is found earlier': write(
    '/build/classes/base.bbclass',
    'addtask install\ndo_install[cleandirs] = "${D}"\naddtask build after do_install\ndo_build[noexec] = "1"\ndo_build() {\n\t:\n}\n',
  ),
  'that class goes': remove('/build/classes'),
  'somebody types in a WORKDIR': write('/build/tmp/work/any/top/b/typed', 'x'),
  'somebody changes a source': write('/build/tmp/work/any/top/b/source', 'edited'),
  'a WORKDIR goes': remove('/build/tmp/work/any/low'),
  'all WORKDIRs go': remove('/build/tmp/work'),
  'TMPDIR goes': remove('/build/tmp'),
  'artifacts go': remove('/build/artifacts'),
  'archives go': remove('/build/artifacts/cas'),
  'archives are cut off': each('/build/artifacts/cas', half),
  'entries are cut off': each('/build/artifacts/ac', half),
  'a history goes': remove('/build/history/any/low.git'),
  'names of a history go': remove('/build/history/any/mid.git/packed-refs'),
  'loose names of a history go': remove('/build/history/any/mid.git/refs/tags'),
  'a loose name comes': (fs) => {
    const gitDir = '/build/history/any/mid.git';
    if (!fs.existsSync(gitDir)) return;
    fs.mkdirSync(`${gitDir}/refs/tags`, { recursive: true });
    fs.writeFileSync(`${gitDir}/refs/tags/mine`, fs.readFileSync(`${gitDir}/HEAD`));
  },
  'what was seen of a WORKDIR goes': remove('/build/history/any/mid.git/index'),
  'what was seen of a WORKDIR is cut off': (fs) => {
    const index = '/build/history/any/mid.git/index';
    if (fs.existsSync(index)) fs.writeFileSync(index, half(fs.readFileSync(index)));
  },
  'the record goes': remove('/build/history'),
  'builds go': remove('/build/history/builds.git'),
  'what is kept is damaged': each('/build/tmp/cache/idle-builds', half),
  'the machine is started anew': write('/proc/sys/kernel/random/boot_id', 'second\n'),
};
const environments = [{}, { MACHINE: 'two' }, { PATH: '/usr/bin' }];

/** A world in which nothing of builds that had nothing to do is found again. */
function forgetting(world: World): World {
  const kept = (path: unknown): boolean => String(path).startsWith(idleBuildsDir('/build'));
  const { readFileSync } = world.fs;
  const read = (...args: Parameters<typeof readFileSync>): ReturnType<typeof readFileSync> =>
    readFileSync(kept(args[0]) ? '/nowhere' : args[0], args[1]);
  return { ...world, fs: { ...world.fs, readFileSync: read as typeof readFileSync } };
}

/** All that a build tells, or the error that it ends with. */
async function told(world: World): Promise<readonly unknown[]> {
  const events: unknown[] = [];
  try {
    await buildIn(world, 'top', (event) => events.push(event), { verbose: true });
  } catch (error) {
    events.push(String(error));
  }
  return events;
}

/** Why tasks would run or last ran, or the error instead: of one that is in the build, and of one that is not. */
async function explained(world: World): Promise<readonly unknown[]> {
  const asked = ['top', 'low:compile'].map((rev) =>
    explain(world, { buildDir: '/build', revs: [rev] }, () => {}),
  );
  return (await Promise.allSettled(asked)).map((answer) =>
    answer.status === 'fulfilled' ? answer.value : String(answer.reason),
  );
}

// The clock stands while a build goes on, and goes on between builds, so that times tell what was touched when.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2030-01-01T00:00:00.500Z') });
});
afterEach(() => {
  vi.useRealTimers();
});

test(
  'whatever happens between two builds, what is kept of one that had nothing to do changes nothing that why and the next one say',
  { timeout: 900_000 },
  async () => {
    const step = fc.record({
      edit: fc.oneof(fc.constant('nothing'), fc.constantFrom(...Object.keys(edits))),
      env: fc.constantFrom(...environments),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 8 }), async (steps) => {
        const [keeping, other] = [engineWorld(recipes), engineWorld(recipes)];
        const next = async (edit: Edit, env: World['env']): Promise<readonly (readonly unknown[])[]> => {
          vi.advanceTimersByTime(3001);
          for (const { fs } of [keeping, other]) edit(fs);
          vi.advanceTimersByTime(3001);
          const [one, two] = [
            { ...keeping, env },
            { ...forgetting(other), env },
          ];
          return [
            [...(await explained(one)), ...(await told(one)), ...(await explained(one))],
            [...(await explained(two)), ...(await told(two)), ...(await explained(two))],
          ];
        };
        // Built, looked at, and found as it was: from then on something is kept.
        for (const { edit, env } of [
          { edit: 'nothing', env: {} },
          { edit: 'nothing', env: {} },
          ...steps.flatMap((one) => [one, { edit: 'nothing', env: one.env }]),
        ]) {
          const [kept, looked] = await next(edits[edit] ?? (() => {}), env);
          expect(kept, edit).toEqual(looked);
        }
      }),
      { numRuns: process.env['VARVE_TEST_ALL'] === '1' ? 120 : 12, seed: 7 },
    );
  },
);

test('a build that has nothing to do once more reads no metadata', async () => {
  const world = engineWorld(recipes);
  await told(world);
  vi.advanceTimersByTime(3001);
  await told(world);
  vi.advanceTimersByTime(3001);
  const { read, watched } = watchReading(world);
  const events = await told(watched);
  expect(events.at(-1)).toMatchObject({ event: 'build-finished', build: 3, ok: true, counts: { run: 0 } });
  expect(read().filter((path) => /\.(bb|bbclass|conf)$/.test(path) && path.startsWith('/layer'))).toEqual([]);
});

test('why reads no recipe of what a build found with nothing to do, as long as nothing is otherwise', async () => {
  const world = engineWorld(recipes);
  for (let build = 1; build <= 2; build += 1) {
    await told(world);
    vi.advanceTimersByTime(3001);
  }
  const { read, watched } = watchReading(world);
  const why = (): Promise<unknown> =>
    explain(watched, { buildDir: '/build', revs: ['top:compile'] }, () => {});
  expect(await why()).toMatchObject({ task: 'top:do_compile', reason: { kind: 'never-built' }, to: 1 });
  const recipesRead = (): readonly string[] => read().filter((path) => path.endsWith('.bb'));
  expect(recipesRead()).toEqual([]);
  write('/layer/low_1.0.bb', recipe('', 'z'))(world.fs);
  expect(await why()).toMatchObject({
    task: 'top:do_compile',
    verdict: 'depends',
    causes: expect.arrayContaining([
      expect.objectContaining({ task: 'low:do_unpack', kind: 'function', at: '/layer/low_1.0.bb:3' }),
    ]),
  });
  expect(recipesRead()).not.toEqual([]);
});

/** The same world; what is read of it as text is written down. */
function watchReading(world: World): { readonly read: () => readonly string[]; readonly watched: World } {
  const read: string[] = [];
  const { readFileSync } = world.fs;
  const noted = (...args: Parameters<typeof readFileSync>): ReturnType<typeof readFileSync> => {
    read.push(String(args[0]));
    return readFileSync(...args);
  };
  return {
    read: () => read,
    watched: { ...world, fs: { ...world.fs, readFileSync: noted as typeof readFileSync } },
  };
}
