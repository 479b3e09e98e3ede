/** The list beside builds.git saves reading, and never says anything else than builds.git does. */
import { createHash } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { openBuilds } from '../../lib/history/builds.ts';
import { dropBuilds } from '../../lib/history/drop-builds.ts';
import { explain } from '../../lib/operations/explain.ts';
import { logRevision } from '../../lib/operations/log-revision.ts';
import { relistStandings } from '../../lib/operations/record/relist-standings.ts';
import { showRevision } from '../../lib/operations/show-revision.ts';
import type { CommitId } from '../../lib/terms/ids.ts';
import { buildDir, type RecipeState, worldWithBuilds } from '../operations/recorded.ts';
import type { MemoryWorld } from '../support/memory-world.ts';

const gitDir = `${buildDir}/history/builds.git`;
const list = `${gitDir}/varve/standings`;

const recipe = (text: string): RecipeState => ({
  tasks: { do_compile: { files: { object: text } }, do_install: { files: { 'image/share/it': text } } },
  artifact: { 'share/it': text },
});

/** Seven builds; one recipe comes and goes between two texts, another comes with the third build. */
function sevenBuilds(): MemoryWorld {
  const world = worldWithBuilds(
    ['a', 'b', 'b', 'a', 'c', 'c', 'a'].map((text, i) => ({
      recipes: { zlib: recipe(text), ...(i > 1 && { app: recipe(i > 4 ? 'new' : 'old') }) },
    })),
  );
  relistStandings(world.fs, gitDir);
  return world;
}

/** What is told of both recipes. */
async function answers(world: MemoryWorld): Promise<unknown> {
  const across = { across: true, paths: [] };
  const tell = (rev: string): unknown => [
    logRevision(world, { buildDir, rev, across: false, paths: [] }, () => {}),
    logRevision(world, { buildDir, rev, ...across }, () => {}),
    showRevision(world, { buildDir, rev }),
  ];
  return [
    ...['zlib', 'zlib:compile', 'x/app', 'app:install'].map(tell),
    await explain(world, { buildDir, revs: ['app:install'] }, () => {}),
  ];
}

/** Asks with the list and without it. */
async function expectSame(world: MemoryWorld): Promise<void> {
  const told = await answers(world);
  world.fs.rmSync(list);
  expect(told).toEqual(await answers(world));
}

const builds = (world: MemoryWorld) => openBuilds({ fs: world.fs, gitDir });

/** A build in which the other recipe stands as in the third. */
function recordEighth(world: MemoryWorld): void {
  const { file, files, record } = builds(world);
  const third = files(3, 'x/app').map((path) => [path, file(3, `x/app/${path}`)?.toString() ?? ''] as const);
  record({
    number: 8,
    ok: true,
    when: 1_700_000_100,
    message: 'build 8: app',
    build: 'targets app\n',
    recipes: [['x/app', { files: new Map(third) }]],
  });
}

/** Writes the list as it was before it had the times of builds. */
function withoutTimes(world: MemoryWorld): void {
  const text = String(world.fs.readFileSync(list)).replace('standings 5', 'standings 4');
  const former = text.slice(0, -41).replaceAll(/^([0-9a-f]{40}) \d+$/gm, '$1');
  world.fs.writeFileSync(list, `${former}${createHash('sha1').update(former).digest('hex')}\n`);
}

test('with the list as without it, and builds that it does not know yet are read', async () => {
  const world = sevenBuilds();
  await expectSame(world);
  relistStandings(world.fs, gitDir);
  recordEighth(world);
  await expectSame(world);
});

test('who asks where a recipe stood reads no build for it', () => {
  const world = sevenBuilds();
  const commits = builds(world)
    .list()
    .map((n) => builds(world).refs.read(`refs/tags/${n}`) ?? '');
  const places = commits.map((commit) => `${gitDir}/objects/${commit.slice(0, 2)}/${commit.slice(2)}`);
  const readFile = vi.spyOn(world.fs, 'readFileSync');
  const buildsRead = (): number => {
    readFile.mockClear();
    logRevision(world, { buildDir, rev: 'app:compile', across: true, paths: [] }, () => {});
    return readFile.mock.calls.filter(([path]) => places.includes(String(path))).length;
  };
  // At first each object that may not have been on the disk before a power cut is looked at.
  buildsRead();
  expect(buildsRead()).toBe(0);
  world.fs.rmSync(list);
  expect(buildsRead()).toBe(7);
});

test.each([
  ['which artifact a recipe had', 'zlib'],
  ['on what its task stood', 'zlib:compile'],
])('%s in each build is told without reading builds.git', (_, rev) => {
  const world = sevenBuilds();
  const readFile = vi.spyOn(world.fs, 'readFileSync');
  const told = (): readonly (readonly number[])[] =>
    logRevision(world, { buildDir, rev, across: true, paths: [] }, () => {}).map((row) => row.builds);
  told();
  readFile.mockClear();
  expect(told()).toEqual([
    [1, 4, 7],
    [2, 3],
    [5, 6],
  ]);
  expect(readFile.mock.calls.filter(([path]) => String(path).startsWith(`${gitDir}/objects/`))).toEqual([]);
});

test('of a list without times, as it was before, all else is believed, until the next one has them', async () => {
  const world = sevenBuilds();
  withoutTimes(world);
  const readFile = vi.spyOn(world.fs, 'readFileSync');
  const told = () => logRevision(world, { buildDir, rev: 'zlib:compile', across: true, paths: [] }, () => {});
  told();
  readFile.mockClear();
  expect(told().map((row) => row.builds[0])).toEqual([1, 2, 5]);
  const commits = [1, 2, 5].map((n) => builds(world).refs.read(`refs/tags/${n}`) ?? '');
  const places = commits.map((commit) => `${gitDir}/objects/${commit.slice(0, 2)}/${commit.slice(2)}`);
  const read = readFile.mock.calls.map(([path]) => String(path));
  expect(new Set(read.filter((path) => path.startsWith(`${gitDir}/objects/`)))).toEqual(new Set(places));
  recordEighth(world);
  relistStandings(world.fs, gitDir);
  const grown = String(world.fs.readFileSync(list));
  await expectSame(world);
  relistStandings(world.fs, gitDir);
  expect(grown).toBe(String(world.fs.readFileSync(list)));
});

test('a recipe that a build does not have any more', async () => {
  const world = sevenBuilds();
  const { objects, refs } = builds(world);
  const newest = objects.readCommit(refs.read('refs/tags/7') as CommitId);
  const tree = objects.writeTree(
    objects.readTree(newest.tree).map((entry) => {
      if (entry.name !== 'x') return entry;
      return {
        ...entry,
        oid: objects.writeTree(objects.readTree(entry.oid).filter(({ name }) => name !== 'app')),
      };
    }),
  );
  refs.write('refs/tags/8', objects.writeCommit({ ...newest, tree }));
  relistStandings(world.fs, gitDir);
  await expectSame(world);
});

test('builds that left the record, or were written anew for that, are not taken from the list', async () => {
  const world = sevenBuilds();
  const { objects, refs } = builds(world);
  const packing = refs.pack(dropBuilds(objects, refs.list('refs/'), (n) => n !== 2 && n !== 5));
  packing.place();
  packing.prune();
  await expectSame(world);
  relistStandings(world.fs, gitDir);
  await expectSame(world);
});

test.each([
  ['is empty', () => ''],
  ['is half there', (text: string) => text.slice(0, text.length / 2)],
  ['names another recipe', (text: string) => text.replace('x/app', 'x/apq')],
])('a list that %s is not believed, and is made anew', async (_, damage) => {
  const world = sevenBuilds();
  const whole = String(world.fs.readFileSync(list));
  world.fs.writeFileSync(list, damage(whole));
  await expectSame(world);
  world.fs.writeFileSync(list, damage(whole));
  relistStandings(world.fs, gitDir);
  expect(String(world.fs.readFileSync(list))).toBe(whole);
});
